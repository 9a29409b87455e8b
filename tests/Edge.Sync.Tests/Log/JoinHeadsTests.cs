using Edge.Sync.Log;

namespace Edge.Sync.Tests.Log;

public class JoinHeadsTests
{
    [Theory]
    [InlineData(32, 0)]
    [InlineData(33, 1)]
    [InlineData(40, 1)]
    [InlineData(64, 1)]
    [InlineData(100, 3)]
    public void More_heads_than_a_change_may_list_are_joined_by_changes_without_a_body(int writers, int joins)
    {
        var hub = Changes.NewReplica(1);
        for (var i = 0; i < writers; i++)
        {
            var writer = Changes.NewReplica(100 + i);
            Changes.Edit(writer, DocumentId.Named("pump-7"), static job => job.Minutes.Add(1));
            Changes.Push(writer, hub);
        }
        Assert.Equal(writers, hub.Log.ForeignHeadCount);

        Changes.Edit(hub, DocumentId.Named("pump-7"), static job => job.Minutes.Add(1));

        var own = Changes.All(hub).Where(change => change.Header.Replica == hub.Log.Self).ToList();
        Assert.Equal(joins + 1, own.Count);
        Assert.All(own[..^1], static change => Assert.True(change.Body.IsEmpty));
        Assert.False(own[^1].Body.IsEmpty);
        Assert.All(own, static change => Assert.InRange(change.Header.Dependencies.Length, 0, LogLimits.DependenciesMax));
        Assert.Equal(writers, own.SelectMany(static change => change.Header.Dependencies).Distinct().Count());
        Assert.Equal([own[^1].Header.Last], hub.Log.Heads);

        // Another replica takes it all, and folds to the same documents.
        var other = Changes.NewReplica(2);
        Changes.Push(hub, other);
        Assert.Equal(hub.ComputeStateHash(), other.ComputeStateHash());
        Assert.Equal(hub.Log.ToVersion(0).Fingerprint, other.Log.ToVersion(0).Fingerprint);
        Assert.Equal(writers + 1, ((Edge.Sync.Crdts.CounterState)other.Rebuild().Single().Value.Fields.Select(static field => field.Value).Single()).Value);
    }

    [Fact]
    public void Edit_that_throws_after_heads_were_joined_leaves_a_log_that_goes_on()
    {
        var hub = Changes.NewReplica(1);
        for (var i = 0; i < 40; i++)
        {
            var writer = Changes.NewReplica(100 + i);
            Changes.Edit(writer, DocumentId.Named("pump-7"), static job => job.Minutes.Add(1));
            Changes.Push(writer, hub);
        }
        hub.Begin();
        Assert.Throws<FormatException>(() => hub.Edit(static _ => throw new FormatException()));
        Assert.Null(hub.Edit(static _ => { }));
        hub.Commit();
        Changes.Edit(hub, DocumentId.Named("pump-7"), static job => job.Minutes.Add(1));
        var other = Changes.NewReplica(2);
        Changes.Push(hub, other);
        Assert.Equal(hub.ComputeStateHash(), other.ComputeStateHash());
    }
}
