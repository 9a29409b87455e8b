using Edge.Sync.Log;
using Edge.Sync.Storage;

namespace Edge.Sync.Tests.Replication;

public class SyncedVersionTests
{
    [Fact]
    public void Version_is_made_anew_only_when_the_log_has_moved()
    {
        var random = new SeededRandom(1);
        var replica = new Replica(new MemoryStore(random.NextReplicaId(), DatabaseId.OfOpen("test")), TimeProvider.System, random, TimeSpan.FromMinutes(5), TestKeys.Public);
        var empty = replica.Sync();
        Assert.Same(empty, replica.Sync());

        replica.Begin();
        replica.Edit(static draft => draft.Open(DocumentSchema.For("job").Field("Minutes", "Minutes", FieldType.Counter).Build(), DocumentId.Named("pump-7")).Get<Counter>(0).Add(1));
        replica.Commit();
        var moved = replica.Sync();
        Assert.False(moved.Names(empty));
        Assert.Equal(replica.Log.Held[replica.Log.Self], Assert.Single(moved.Ends.ToArray()).Last.Counter);
        Assert.Same(moved, replica.Sync());
    }
}
