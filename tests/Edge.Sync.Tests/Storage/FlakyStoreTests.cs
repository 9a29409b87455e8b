using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Scheduling;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Storage;

public class FlakyStoreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Medium_that_fails_anywhere_loses_nothing_acknowledged_and_breaks_no_feed(int seed)
    {
        var random = new SeededRandom(seed);
        var coin = new Random(seed);
        var memory = new MemoryStore(random.NextReplicaId(), Changes.Database);
        var store = new FlakyStore(memory, seed);
        var replica = new Replica(store, TimeProvider.System, random, TimeSpan.FromMinutes(5), TestKeys.Public);
        var writer = new Writer(replica, EdgeScheduler.Default, static (_, _) => { });
        var peer = Changes.NewReplica(seed + 100);
        long mine = 0, theirs = 0;
        store.Failure = 0.1;
        for (var round = 0; round < 200; round++)
        {
            var edits = Enumerable.Range(0, coin.Next(1, 6)).Select(_ => writer.RunAsync(r => r.Edit(draft => Attach<Job>(draft, DocumentId.Named($"{coin.Next(3)}")).Minutes.Add(1)))).ToArray();
            foreach (var edit in edits)
                try
                {
                    await edit;
                    mine++;
                }
                catch (EdgeStorageException) { /* not acknowledged */ }
            if (round % 3 > 0) continue;
            Changes.Edit(peer, DocumentId.Named("0"), static job => job.Minutes.Add(1));
            // The more there is to send the likelier it fails: a link tries again soon, or it would never catch up.
            for (var attempt = 0; attempt < 4 && theirs < Changes.All(peer).Count; attempt++)
                try
                {
                    var outcome = await writer.RunAsync(r => r.Receive(new(), [.. Changes.AllSealed(peer).Skip((int)theirs)]));
                    Assert.Null(outcome.Refused);
                    theirs = Changes.All(peer).Count;
                }
                catch (EdgeStorageException) { /* sent again next time */ }
        }
        Assert.True(store.FailureCount > 50 && mine > 100 && theirs > 10, $"{store.FailureCount}, {mine}, {theirs}");

        store.Failure = 0;
        await writer.RunAsync(r => r.Edit(draft => Attach<Job>(draft, DocumentId.Named("0")).Minutes.Add(1)));
        mine++;
        // A new replica takes the whole log in order, so there is no gap and no fork in it, and counts every acknowledged edit once.
        var other = Changes.NewReplica(seed + 200);
        Changes.Push(new(memory, TimeProvider.System, random, TimeSpan.FromMinutes(5), TestKeys.Public), other);
        Assert.Equal(replica.Log.ToVersion(0).Fingerprint, other.Log.ToVersion(0).Fingerprint);
        Assert.Equal(replica.ComputeStateHash(), other.ComputeStateHash());
        Assert.Equal(mine + theirs, other.Rebuild().Values.Sum(static state => state.Fields.Select(static field => field.Value).OfType<Edge.Sync.Crdts.CounterState>().Single().Value));
    }

    private static T Attach<T>(ChangeDraft draft, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(draft.Open(T.Schema, id));
}
