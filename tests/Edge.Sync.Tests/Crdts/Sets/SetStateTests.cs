using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Tests.Crdts.Sets;

public class SetStateTests
{
    private static readonly ReplicaId s_alice = new(1, 0);
    private static readonly ReplicaId s_bob = new(2, 0);

    [Fact]
    public void Set_obeys_the_laws() => CrdtLaws.Check<SetState>(CrdtKind.Set, Mutate, static replica =>
    {
        // An element is there while some addition of it has been seen by no later addition or removal of it.
        var operations = replica.Delivered.Select(static operation => (operation, What: ((bool IsAddition, string Element))operation.What)).ToList();
        var expected = operations
            .Where(added => added.What.IsAddition && !operations.Any(later => later.What.Element == added.What.Element && later.operation.Seen.Contains(added.operation.Dot)))
            .Select(static added => added.What.Element).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(expected, replica.State.Elements.Select(Text).Order(StringComparer.Ordinal));
    });

    [Fact]
    public void Mutated_sets_are_refused_or_sound() => CrdtLaws.CheckMutations<SetState>(CrdtKind.Set, Mutate);

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
        Assert.Equal(CausalHistory<SetState>.Encode(alice), CausalHistory<SetState>.Encode(bob));
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

    private static (Delta, object) Mutate(SetState state, Dot dot, Random random)
    {
        var element = ((char)('a' + random.Next(5))).ToString();
        var adds = random.Next(3) > 0;
        return (adds ? state.Add(dot, Value(element)) : state.Remove(dot, Value(element)), (adds, element));
    }

    private static ValueBytes Value(string value) => ValueCodec<string>.Encode(value);

    private static string Text(ValueBytes bytes) => ValueCodec<string>.TryDecode(bytes, out var value) ? value! : throw new InvalidOperationException();
}
