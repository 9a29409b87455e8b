using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Laws;

/// <summary>
/// The laws that every type keeps, checked on one random history each: they know nothing of a type but its <see cref="CrdtSubject"/>.
/// </summary>
internal static class CrdtLaws
{
    /// <summary>Every law, with what it says.</summary>
    public static IReadOnlyList<(string Says, Action<CrdtSubject, int> Check)> All { get; } =
    [
        ("any causal order gives the defined value and the same bytes", Converges),
        ("joining states is a least upper bound and equals joining deltas", StatesJoin),
        ("a fragment of a state rejoins to the state", FragmentsRejoin),
        ("deltas, states and fragments mixed converge", MixesConverge),
        ("concurrent deltas commute, and a duplicate is free of effect", DeltasCommute),
        ("compacting at a stable version changes no reading and commutes with joining", CompactingCommutes),
        ("a mutator changes nothing", MutatorsOnlyTell),
    ];

    /// <summary>Every replica reads what the definition says, at every step; in the end all have the same bytes, whatever the order was.</summary>
    public static void Converges(CrdtSubject subject, int seed)
    {
        var history = new History(subject, seed, 3 + (seed % 3));
        for (var i = 0; i < 40; i++)
        {
            if (history.Step() is not { } replica) continue;
            Assert.Equal(history.Expected(replica), subject.Read(replica.State));
            replica.State.Check();
        }
        history.DeliverAll();
        AssertAllEqual(subject, history);
    }

    /// <summary>Joining states is commutative, associative, idempotent and inflationary, and gives what joining the deltas gives.</summary>
    public static void StatesJoin(CrdtSubject subject, int seed)
    {
        var history = new History(subject, seed, 3);
        for (var i = 0; i < 30; i++) history.Step();
        var (a, b, c) = (history.Replicas[0], history.Replicas[1], history.Replicas[2]);

        var ab = Joined(a, b);
        Assert.Equal(Bytes.Canonical(ab.State), Bytes.Canonical(Joined(b, a).State));
        Assert.Equal(Bytes.Canonical(Joined(ab, c).State), Bytes.Canonical(Joined(a, Joined(b, c)).State));
        Assert.Equal(Bytes.Canonical(a.State), Bytes.Canonical(Joined(a, a).State));
        Assert.Equal(Bytes.Canonical(ab.State), Bytes.Canonical(Joined(ab, a).State));
        Assert.Equal(Bytes.Canonical(ab.State), Bytes.Canonical(Joined(a, ab).State));

        var byDeltas = a.Copy();
        foreach (var operation in history.Operations.Where(o => b.Version.Contains(o.Last))) byDeltas.Receive(operation);
        Assert.Equal(Bytes.Canonical(byDeltas.State), Bytes.Canonical(ab.State));
        Assert.Equal(history.Expected(ab), subject.Read(ab.State));
        ab.State.Check();
    }

    /// <summary>What a peer lacks of a state, joined, is the state joined; a peer who lacks nothing is sent nothing.</summary>
    public static void FragmentsRejoin(CrdtSubject subject, int seed)
    {
        var history = new History(subject, seed, 3);
        for (var i = 0; i < 30; i++) history.Step();
        var (a, b) = (history.Replicas[0], history.Replicas[1]);
        var joined = a.Copy();
        joined.JoinFragment(b.Copy());
        Assert.Equal(Bytes.Canonical(Joined(a, b).State), Bytes.Canonical(joined.State));
        joined.State.Check();

        Assert.True(((DotState)joined.State).Since(joined.Version, joined.Version).State.IsEmpty);
        var newcomer = new CrdtReplica(subject, a.Id);
        newcomer.JoinFragment(joined);
        Assert.Equal(Bytes.Canonical(joined.State), Bytes.Canonical(newcomer.State));
    }

    /// <summary>Replicas that hear of each other now by deltas, now by states, now by fragments, converge all the same.</summary>
    public static void MixesConverge(CrdtSubject subject, int seed)
    {
        var history = new History(subject, seed, 3 + (seed % 3));
        for (var i = 0; i < 40; i++)
        {
            var replica = history.Step();
            if (history.Random.Next(5) == 0)
            {
                replica = history.Replicas[history.Random.Next(history.Replicas.Length)];
                var peer = history.Replicas[history.Random.Next(history.Replicas.Length)];
                if (history.Random.Next(2) == 0) replica.Join(peer);
                else replica.JoinFragment(peer);
            }
            if (replica is null) continue;
            Assert.Equal(history.Expected(replica), subject.Read(replica.State));
        }
        history.DeliverAll();
        AssertAllEqual(subject, history);
    }

    /// <summary>A delta joined twice is joined once, and concurrent deltas commute.</summary>
    public static void DeltasCommute(CrdtSubject subject, int seed)
    {
        var history = new History(subject, seed, 3);
        for (var i = 0; i < 25; i++) history.Step();
        var replica = history.Replicas[0];
        var next = history.Operations.Where(replica.CanReceive).ToList();
        foreach (var operation in next)
        {
            var (once, twice) = (replica.Copy(), replica.Copy());
            once.Receive(operation);
            twice.Receive(operation);
            twice.State.Join(operation.Delta, operation.Stamp);
            Assert.Equal(Bytes.Canonical(once.State), Bytes.Canonical(twice.State));
            foreach (var other in next.Where(o => o != operation))
            {
                var (forth, back) = (once.Copy(), replica.Copy());
                forth.Receive(other);
                back.Receive(other);
                back.Receive(operation);
                Assert.Equal(Bytes.Canonical(forth.State), Bytes.Canonical(back.State));
            }
        }
    }

    /// <summary>Replicas that compact at the stable version, each when it likes, read as before and end with the same bytes.</summary>
    public static void CompactingCommutes(CrdtSubject subject, int seed)
    {
        var history = new History(subject, seed, 3, editShare: 0.3);
        for (var i = 0; i < 60; i++)
        {
            var replica = history.Step();
            if (history.Random.Next(6) == 0)
            {
                replica = history.Replicas[history.Random.Next(history.Replicas.Length)];
                replica.Compact(history.Stable());
            }
            else if (history.Random.Next(12) == 0)
            {
                replica = history.Replicas[history.Random.Next(history.Replicas.Length)];
                replica.JoinFragment(history.Replicas[history.Random.Next(history.Replicas.Length)]);
            }
            if (replica is null) continue;
            replica.State.Check();
            Assert.Equal(history.Expected(replica), subject.Read(replica.State));
        }
        history.DeliverAll();
        foreach (var replica in history.Replicas) replica.Compact(history.Stable());
        AssertAllEqual(subject, history);
        var newcomer = new CrdtReplica(subject, new(999, 999));
        ((DotState)newcomer.State).Join(((DotState)history.Replicas[0].State).Since(history.Replicas[0].Version, newcomer.Version).State, new(newcomer.Version), new(history.Replicas[0].Version));
        Assert.Equal(Bytes.Canonical(history.Replicas[0].State), Bytes.Canonical(newcomer.State));
    }

    /// <summary>A mutator tells what an edit would do, and changes nothing.</summary>
    public static void MutatorsOnlyTell(CrdtSubject subject, int seed)
    {
        var history = new History(subject, seed, 3);
        for (var i = 0; i < 30; i++) history.Step();
        foreach (var replica in history.Replicas)
            for (var intent = 0; intent < subject.IntentCount; intent++)
            {
                var before = Bytes.Canonical(replica.State);
                subject.Mutate(replica.State, new(replica.Id, replica.Version[replica.Id] + 1), intent);
                Assert.Equal(before, Bytes.Canonical(replica.State));
            }
    }

    private static CrdtReplica Joined(CrdtReplica left, CrdtReplica right)
    {
        var joined = left.Copy();
        joined.Join(right);
        return joined;
    }

    private static void AssertAllEqual(CrdtSubject subject, History history)
    {
        var first = history.Replicas[0];
        Assert.Equal(history.Expected(first), subject.Read(first.State));
        foreach (var replica in history.Replicas)
        {
            Assert.Equal(Bytes.Canonical(first.State), Bytes.Canonical(replica.State));
            Assert.Equal(Bytes.Canonical(first.State), Bytes.Canonical(Bytes.Copy(replica.State)));
        }
    }
}
