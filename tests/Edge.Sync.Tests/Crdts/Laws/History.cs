using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Laws;

/// <summary>A random history of one type: replicas that edit, and hear of each other's edits in any order that keeps causality, all from one seed.</summary>
/// <remarks>Clocks are skewed and often tie: time must never be needed for more than breaking ties.</remarks>
internal sealed class History
{
    private static long s_comparisons;

    private readonly CrdtSubject _subject;

    public History(CrdtSubject subject, int seed, int replicaCount, double editShare = 0.4)
    {
        (_subject, Random, EditShare) = (subject, new(seed), editShare);
        Replicas = [.. Enumerable.Range(0, replicaCount).Select(i => new CrdtReplica(subject, IdOf(i)))];
    }

    public Random Random { get; }

    public double EditShare { get; }

    public CrdtReplica[] Replicas { get; }

    public List<Operation> Operations { get; } = [];

    /// <summary>Known to the subjects too, which hand rights to others. Not ascending, so that who came first is not who wins.</summary>
    public static ReplicaId IdOf(int index) => new((ulong)(0x5A + (index * 0x6B)) % 0xFF << 56, (ulong)index);

    /// <summary>One edit somewhere, or one delivery of one operation to somebody. Gives the replica that changed.</summary>
    public CrdtReplica? Step()
    {
        var replica = Replicas[Random.Next(Replicas.Length)];
        if (Random.NextDouble() < EditShare) return Edit(replica) is null ? null : replica;
        var deliverable = Operations.Where(replica.CanReceive).ToList();
        if (deliverable.Count == 0) return null;
        replica.Receive(deliverable[Random.Next(deliverable.Count)]);
        return replica;
    }

    public Operation? Edit(CrdtReplica replica)
    {
        if (Random.Next(8) == 0) replica.Reload();
        var operation = replica.Edit(Random.Next(_subject.IntentCount), new((ulong)Random.Next(4)), (ulong)Random.Next(3));
        if (operation is not null) Operations.Add(operation);
        return operation;
    }

    /// <summary>Delivers everything to everybody, each in an order of its own, with duplicates.</summary>
    public void DeliverAll()
    {
        foreach (var replica in Replicas) DeliverAll(replica);
    }

    public void DeliverAll(CrdtReplica replica)
    {
        while (Operations.Where(replica.CanReceive).ToList() is { Count: > 0 } deliverable)
        {
            var operation = deliverable[Random.Next(deliverable.Count)];
            replica.Receive(operation);
            if (Random.Next(4) == 0) replica.Receive(operation);
        }
    }

    /// <summary>How often a state was compared with the definition of its type, by all histories.</summary>
    public static long ComparisonCount => s_comparisons;

    public string Expected(CrdtReplica replica)
    {
        Interlocked.Increment(ref s_comparisons);
        return _subject.Expect([.. Operations.Where(o => replica.Version.Contains(o.Last))]);
    }

    /// <summary>The greatest version that every operation outside of it follows, and that everybody has seen.</summary>
    public VersionVector Stable()
    {
        var stable = new Dictionary<ReplicaId, ulong>();
        foreach (var replica in Replicas)
            stable[replica.Id] = Replicas.Min(r => r.Version[replica.Id]);
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var operation in Operations.Where(o => o.Last.Counter > stable[o.Dot.Replica]))
                foreach (var id in stable.Keys)
                {
                    if (operation.Past[id] >= stable[id]) continue;
                    stable[id] = operation.Past[id];
                    changed = true;
                }
        }
        var version = new VersionVector();
        foreach (var (id, counter) in stable)
            if (counter > 0) version.Include(new(id, counter));
        return version;
    }
}
