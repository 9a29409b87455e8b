using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts;

/// <summary>The laws that every kind obeys, checked on random histories.</summary>
internal static class CrdtLaws
{
    /// <param name="kind">The kind of CRDT.</param>
    /// <param name="mutate">Makes a random edit.</param>
    /// <param name="check">Compares a replica's state with a value computed from all operations that it has seen.</param>
    public static void Check<TState>(CrdtKind kind, CausalHistory<TState>.Mutator mutate, Action<CausalHistory<TState>.Replica> check) where TState : DotState
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            try { CheckOne(seed, kind, mutate, check); }
            catch (Exception e) { throw new InvalidOperationException($"Seed {seed} failed.", e); }
        }
    }

    /// <summary>Changed and cut bytes of states and deltas give <see cref="EdgeDataException"/>, or something that is sound.</summary>
    public static void CheckMutations<TState>(CrdtKind kind, CausalHistory<TState>.Mutator mutate) where TState : DotState
    {
        var random = new Random(1);
        int refused = 0, read = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var history = new CausalHistory<TState>(seed, kind, mutate);
            history.Run(30, static _ => { });
            var state = CausalHistory<TState>.Encode(history.Replicas[0].State, out var table);
            for (var length = 0; length < state.Length; length++)
                Assert.Throws<EdgeDataException>(() => CausalHistory<TState>.Decode(kind, state[..length], table));
            for (var i = 0; i < 300; i++)
                Try(() =>
                {
                    var decoded = CausalHistory<TState>.Decode(kind, Mutated(state, random), table);
                    decoded.Check();
                    CausalHistory<TState>.Encode(decoded);
                });
            foreach (var (first, bytes, deltaTable) in history.Deltas)
            {
                var target = CausalHistory<TState>.Decode(kind, state, table);
                Try(() =>
                {
                    var reader = new WireReader(Mutated(bytes, random), deltaTable);
                    target.Join(Delta.Read(kind, first.Plus(1_000), ref reader), new(5));
                    target.Check();
                });
            }
        }
        Assert.True(refused > 100 && read > 100, $"{refused} refused, {read} read");

        void Try(Action action)
        {
            try
            {
                action();
                read++;
            }
            catch (EdgeDataException) { refused++; }
        }
    }

    private static void CheckOne<TState>(int seed, CrdtKind kind, CausalHistory<TState>.Mutator mutate, Action<CausalHistory<TState>.Replica> check) where TState : DotState
    {
        var history = new CausalHistory<TState>(seed, kind, mutate);
        history.Run(80, check);
        var bytes = CausalHistory<TState>.Encode(history.Replicas[0].State);
        foreach (var replica in history.Replicas)
            Assert.Equal(bytes, CausalHistory<TState>.Encode(replica.State));
        for (var order = 1; order <= 5; order++)
        {
            var replayed = history.Replay(order);
            check(replayed);
            Assert.Equal(bytes, CausalHistory<TState>.Encode(replayed.State));
        }
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(4))
            {
                case 0: mutated[at] = (byte)random.Next(256); break;
                case 1: mutated[at] = (byte)(mutated[at] + random.Next(-2, 3)); break;
                case 2: mutated.Insert(at, (byte)random.Next(256)); break;
                default:
                    if (mutated.Count > 1) mutated.RemoveAt(at);
                    break;
            }
        }
        return [.. mutated];
    }
}
