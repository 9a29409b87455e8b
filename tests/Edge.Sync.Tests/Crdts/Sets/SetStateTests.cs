using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Tests.Crdts.Sets;

public class SetStateTests
{
    private static readonly ReplicaId s_alice = new(1, 0);
    private static readonly ReplicaId s_bob = new(2, 0);

    [Fact]
    public void Addition_survives_a_concurrent_removal()
    {
        SetState alice = new(), bob = new();
        var first = alice.Add(new(s_alice, 1), Value("seal"));
        alice.Join(first, default);
        bob.Join(first, default);
        var removal = alice.Remove(new(s_alice, 2), Value("seal"));
        var again = bob.Add(new(s_bob, 1), Value("seal"));
        alice.Join(removal, default);
        alice.Join(again, default);
        bob.Join(again, default);
        bob.Join(removal, default);
        Assert.True(alice.Contains(Value("seal")));
        Assert.True(bob.Contains(Value("seal")));
        Assert.Equal(Laws.Bytes.Canonical(alice), Laws.Bytes.Canonical(bob));
    }

    [Fact]
    public void Removal_takes_all_additions_that_its_author_saw()
    {
        var set = new SetState();
        var byBob = new SetState().Add(new(s_bob, 1), Value("seal"));
        set.Join(set.Add(new(s_alice, 1), Value("seal")), default);
        set.Join(byBob, default);
        set.Join(set.Remove(new(s_alice, 2), Value("seal")), default);
        Assert.Equal(0, set.Count);
    }

    private static ValueBytes Value(string value) => ValueCodec<string>.Encode(value);
}
