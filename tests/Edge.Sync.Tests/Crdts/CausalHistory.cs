using System.Buffers;
using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts;

/// <summary>
/// Replicas of one field that edit at random and hear of each other's edits in causal order, otherwise at random; all from one seed. Each edit goes
/// through its bytes. Beside each replica stands a slow, obvious model: it keeps every operation that was delivered, and computes the value from all of them.
/// </summary>
internal sealed class CausalHistory<TState> where TState : DotState
{
    /// <summary>What an edit did, for the model: its dot, its stamp, what its author had seen, and an operation of the model's own.</summary>
    public sealed record Operation(Dot Dot, HybridTimestamp Stamp, VersionVector Seen, object What);

    public sealed class Replica(ReplicaId id, TState state)
    {
        public ReplicaId Id { get; } = id;
        public TState State { get; set; } = state;
        public VersionVector Seen { get; } = new();
        public List<Operation> Delivered { get; } = [];
    }

    private sealed record Edit(Operation Operation, byte[] Bytes, ReplicaId[] Table);

    /// <summary>Makes a random edit of a state, and says what it was.</summary>
    public delegate (Delta Delta, object What) Mutator(TState state, Dot dot, Random random);

    private readonly Random _random;
    private readonly CrdtKind _kind;
    private readonly Mutator _mutate;
    private readonly List<Edit> _edits = [];
    private ulong _time = 1_000;

    public CausalHistory(int seed, CrdtKind kind, Mutator mutate)
    {
        (_random, _kind, _mutate) = (new(seed), kind, mutate);
        for (var i = _random.Next(3, 6); i > 0; i--)
            Replicas.Add(new(new((ulong)_random.NextInt64(), (ulong)i), (TState)CrdtState.Create(kind)));
    }

    public List<Replica> Replicas { get; } = [];

    /// <summary>The encoded deltas of all edits, with their dots.</summary>
    public IEnumerable<(Dot First, byte[] Bytes, ReplicaId[] Table)> Deltas => _edits.Select(static edit => (edit.Operation.Dot, edit.Bytes, edit.Table));

    /// <summary>Runs edits and deliveries, and then delivers all to all.</summary>
    /// <param name="steps">How many of them.</param>
    /// <param name="check">Called after each, with the replica that it happened at.</param>
    public void Run(int steps, Action<Replica> check)
    {
        for (var i = 0; i < steps; i++)
        {
            var replica = Replicas[_random.Next(Replicas.Count)];
            if (_random.Next(2) == 0) EditOnce(replica);
            else DeliverOne(replica, _random);
            if (_random.Next(8) == 0) replica.State = RoundTrip(replica.State);
            replica.State.Check();
            check(replica);
        }
        foreach (var replica in Replicas)
        {
            while (DeliverOne(replica, _random)) { }
            check(replica);
        }
    }

    /// <summary>A new replica that gets all edits in some causal order.</summary>
    public Replica Replay(int seed)
    {
        var random = new Random(seed);
        var replica = new Replica(new(0, (ulong)seed), (TState)CrdtState.Create(_kind));
        while (DeliverOne(replica, random)) { }
        return replica;
    }

    public static byte[] Encode(CrdtState state) => Encode(state, out _);

    public static byte[] Encode(CrdtState state, out ReplicaId[] table)
    {
        var replicas = new ReplicaTable();
        state.CollectReplicas(replicas);
        replicas.Sort();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, replicas);
        state.Write(ref writer);
        writer.Flush();
        table = [.. replicas.Replicas];
        return output.WrittenSpan.ToArray();
    }

    public static TState Decode(CrdtKind kind, byte[] bytes, ReplicaId[] table)
    {
        var reader = new WireReader(bytes, table);
        var state = (TState)CrdtState.Read(kind, ref reader);
        reader.ReadEnd("state");
        return state;
    }

    private TState RoundTrip(TState state)
    {
        var bytes = Encode(state, out var table);
        var read = Decode(_kind, bytes, table);
        Assert.Equal(bytes, Encode(read));
        return read;
    }

    private void EditOnce(Replica replica)
    {
        var dot = new Dot(replica.Id, replica.Seen[replica.Id] + (ulong)_random.Next(1, 4));
        // Clocks are wrong: stamps jump both ways, and often tie.
        _time = (ulong)Math.Max(1, (long)_time + _random.Next(-3, 4));
        var before = Encode(replica.State);
        var (delta, what) = _mutate(replica.State, dot, _random);
        Assert.Equal(before, Encode(replica.State)); // a mutator gives a delta, and changes nothing
        Assert.Equal(1, delta.DotCount);
        var replicas = new ReplicaTable();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, replicas);
        delta.Write(ref writer);
        writer.Flush();
        var edit = new Edit(new(dot, new(_time), new(replica.Seen), what), output.WrittenSpan.ToArray(), [.. replicas.Replicas]);
        _edits.Add(edit);
        Deliver(replica, edit);
    }

    private bool DeliverOne(Replica replica, Random random)
    {
        var ready = _edits.Where(edit => !replica.Seen.Contains(edit.Operation.Dot) && replica.Seen.Covers(edit.Operation.Seen)).ToList();
        if (ready.Count == 0) return false;
        Deliver(replica, ready[random.Next(ready.Count)]);
        return true;
    }

    private void Deliver(Replica replica, Edit edit)
    {
        var reader = new WireReader(edit.Bytes, edit.Table);
        var delta = Delta.Read(_kind, edit.Operation.Dot, ref reader);
        reader.ReadEnd("delta");
        replica.State.Join(delta, edit.Operation.Stamp);
        replica.Seen.Include(edit.Operation.Dot);
        replica.Delivered.Add(edit.Operation);
    }
}
