using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Tests.Crdts.Registers;

public class RegisterStateTests
{
    private static readonly ReplicaId s_alice = new(1, 0);
    private static readonly ReplicaId s_bob = new(2, 0);

    [Fact]
    public void Later_write_of_the_same_replica_wins_though_its_stamp_is_earlier()
    {
        var register = new RegisterState();
        register.Join(register.Set(new(s_alice, 1), Value("first")), new(100));
        register.Join(register.Set(new(s_alice, 2), Value("second")), new(1));
        Assert.Equal(1, register.Count);
        Assert.Equal("second", Winner(register));
    }

    [Fact]
    public void Concurrent_values_are_all_kept_until_the_next_write()
    {
        RegisterState alice = new(), bob = new();
        var byAlice = alice.Set(new(s_alice, 1), Value("A"));
        var byBob = bob.Set(new(s_bob, 1), Value("B"));
        foreach (var register in (RegisterState[])[alice, bob])
        {
            register.Join(byAlice, new(5));
            register.Join(byBob, new(6));
            Assert.Equal(2, register.Count);
            Assert.Equal("B", Winner(register));
        }
        alice.Join(alice.Set(new(s_alice, 2), Value("C")), new(1));
        Assert.Equal(1, alice.Count);
        Assert.Equal("C", Winner(alice));
    }

    [Fact]
    public void Equal_stamps_are_decided_by_the_greater_replica()
    {
        RegisterState one = new(), other = new();
        var byAlice = one.Set(new(s_alice, 1), Value("A"));
        var byBob = other.Set(new(s_bob, 1), Value("B"));
        one.Join(byAlice, new(5));
        one.Join(byBob, new(5));
        Assert.Equal("B", Winner(one));
    }

    private static ValueBytes Value(string value) => ValueCodec<string>.Encode(value);

    private static string? Winner(RegisterState register) => register.TryGetWinner(out var bytes) && ValueCodec<string>.TryDecode(bytes, out var value) ? value : null;
}
