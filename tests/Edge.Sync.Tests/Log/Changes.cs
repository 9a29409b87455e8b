using System.Diagnostics;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Log;

/// <summary>Makes changes and replicas for the tests of the log, all from seeds.</summary>
internal static class Changes
{
    public static DatabaseId Database { get; } = DatabaseId.OfOpen("tests");

    /// <summary>A replica in memory.</summary>
    public static Replica NewReplica(int seed, TimeProvider? clock = null, bool mayEvict = false)
    {
        var random = new SeededRandom(seed);
        return new(new MemoryStore(random.NextReplicaId(), Database, mayEvict), clock ?? new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), random, TimeSpan.FromMinutes(5), TestKeys.Public);
    }

    public static ChangeId? Edit(Replica replica, DocumentId id, Action<Job> edit)
    {
        replica.Begin();
        var change = replica.Edit(draft => edit(Attach<Job>(draft, id)));
        replica.Commit();
        return change;
    }

    /// <summary>All changes of a replica, in its order of arrival.</summary>
    public static List<Change> All(Replica replica) => [.. replica.Store.ReadChanges(0, int.MaxValue).Select(static stored => Change.ParseStored(stored.Bytes))];

    /// <summary>The same with their seals, as a peer gets them.</summary>
    public static List<ReceivedChange> AllSealed(Replica replica)
    {
        replica.Sync();
        return [.. replica.Store.ReadChanges(0, int.MaxValue).Select(static stored => stored.ToReceived())];
    }

    /// <summary>Gives <paramref name="target"/> all that <paramref name="source"/> holds.</summary>
    public static void Push(Replica source, Replica target)
    {
        target.Begin();
        var verdicts = ApplyAll(target, All(source));
        target.Commit();
        Assert.DoesNotContain(AdmissionVerdict.Early, verdicts);
    }

    /// <summary>Applies changes as they are, whether or not anybody has sealed them.</summary>
    public static List<AdmissionVerdict> ApplyAll(Replica target, IEnumerable<Change> changes) => [.. changes.Select(change => target.Apply(change.Bytes))];

    /// <summary>A change with any header and body: what no honest replica need write.</summary>
    public static Change Craft(ReplicaId replica, ulong first, int count = 1, Dot[]? dependencies = null, ulong time = 1, params byte[][] sections)
    {
        var body = sections.Length == 0 ? [] : ChangeCodec.WriteBody([.. sections]);
        return Change.Create(new(replica, first, count, dependencies ?? [], new(time), body.Length, first == 1 ? TestKeys.Public : null), body);
    }

    /// <summary>Changes of all shapes that edits and merges make.</summary>
    public static List<Change> Varied(int seed)
    {
        var random = new Random(seed);
        Replica[] replicas = [NewReplica(seed * 10), NewReplica(seed * 10 + 1), NewReplica(seed * 10 + 2)];
        for (var i = 0; i < 30; i++)
        {
            var replica = replicas[random.Next(replicas.Length)];
            if (random.Next(3) == 0) Push(replicas[random.Next(replicas.Length)], replica);
            replica.Begin();
            replica.Edit(draft =>
            {
                for (var n = random.Next(1, 4); n > 0; n--)
                    Write(random, draft, DocumentId.Named($"{random.Next(5)}"));
                if (random.Next(3) == 0) draft.Metadata = new("because", random.Next(2) == 0 ? "Zoë" : null, random.Next(2) == 0 ? Trace(random) : default);
                if (random.Next(4) == 0) draft.Delete(SchemaOf<Job>(), DocumentId.Named("1"));
            });
            replica.Commit();
        }
        return [.. replicas.SelectMany(All)];
    }

    private static ActivityContext Trace(Random random)
    {
        var ids = new byte[24];
        random.NextBytes(ids);
        return new(ActivityTraceId.CreateFromBytes(ids.AsSpan(0, 16)), ActivitySpanId.CreateFromBytes(ids.AsSpan(16)), ActivityTraceFlags.Recorded);
    }

    public static void Write(Random random, ChangeDraft draft, DocumentId id)
    {
        var job = Attach<Job>(draft, id);
        switch (random.Next(6))
        {
            case 0: job.Title = random.Next(2) == 0 ? "" : "Wörter 😀"; break;
            case 1: job.Due = random.Next(2) == 0 ? null : DateTimeOffset.UnixEpoch.AddHours(random.Next(100_000)); break;
            case 2: job.Minutes.Add(random.NextInt64() >> random.Next(63)); break;
            case 3: job.Parts.Add($"part {random.Next(4)}"); break;
            case 4: job.Parts.Remove($"part {random.Next(4)}"); break;
            default: job.Notes.Insert(job.Notes.Length, new('x', random.Next(300))); break;
        }
    }

    public static T Attach<T>(ChangeDraft draft, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(draft.Open(T.Schema, id));

    public static DocumentSchema SchemaOf<T>() where T : class, IEdgeDocument<T> => T.Schema;
}
