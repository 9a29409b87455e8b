using System.Diagnostics;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Storage;
using Edge.Sync.Trust;

namespace Edge.Sync.Benchmarks.Store;

/// <summary>What it costs to look whether changes name only what they follow: logs of several authors who write over each other's values, folded with and without that, in turns.</summary>
internal static class PastBenchmark
{
    private const int Rounds = 7, Documents = 500, BurstMax = 40;

    public static void Run()
    {
        foreach (var (authors, changes) in ((int, int)[])[(1, 100_000), (3, 12_000), (50, 12_000)])
        {
            var replica = Write(authors, changes);
            var stored = replica.Store.ReadChanges(0, int.MaxValue);
            var (plain, judged) = (new List<double>(), new List<double>());
            replica.Rebuild();
            for (var round = 0; round < Rounds; round++)
            {
                plain.Add(Time(() => replica.Rebuild()));
                judged.Add(Time(() => replica.Rebuild(isJudged: true)));
            }
            var (graph, heads) = (new ChangeGraph(), 0L);
            var read = Time(() =>
            {
                foreach (var one in stored)
                {
                    var change = Change.ParseStored(one.Bytes);
                    graph.Add(change);
                    heads += change.Header.Dependencies.Length;
                }
            });
            plain.Sort();
            judged.Sort();
            Console.WriteLine($"{stored.Count:N0} changes by {authors} authors, {heads:N0} heads listed: fold {stored.Count / plain[Rounds / 2]:N0} changes/s, judged {stored.Count / judged[Rounds / 2]:N0}/s, {plain[Rounds / 2] / judged[Rounds / 2]:P0} of it; graph of all in {read * 1000:N0} ms");
        }
    }

    // Each hands what it has to the next one after a burst of edits; the last one has all.
    private static Replica Write(int authors, int changes)
    {
        var random = new Random(1);
        var database = DatabaseId.OfOpen("past");
        var key = SoftwareKey.Create();
        var owner = PublicKey.OfP256(key.PublicKey.Span);
        var replicas = Enumerable.Range(0, authors).Select(_ => new Replica(new MemoryStore(EdgeRandom.System.NextReplicaId(), database), TimeProvider.System, EdgeRandom.System, TimeSpan.FromMinutes(5), owner)).ToArray();
        var given = new long[authors];
        var at = 0;
        for (var written = 0; written < changes; at = (at + 1) % authors)
        {
            var replica = replicas[at];
            replica.Begin();
            for (var burst = authors == 1 ? 1000 : random.Next(1, BurstMax); burst > 0; burst--, written++)
                replica.Edit(draft => Attach<Reading>(draft, DocumentId.Named($"sensor {random.Next(Documents)}")).Value = written);
            replica.Commit();
            if (authors == 1) continue;
            Give(replica, given[at], replicas[(at + 1) % authors]);
            given[at] = replica.Store.LastSequence;
        }
        return replicas[at];
    }

    private static void Give(Replica source, long after, Replica target)
    {
        target.Begin();
        foreach (var stored in source.Store.ReadChanges(after, int.MaxValue)) target.Apply(stored.Bytes);
        target.Commit();
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static T Attach<T>(ChangeDraft draft, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(draft.Open(T.Schema, id));
}
