using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Copies;

/// <summary>Lets open databases hear of each other by the calls that a sync session makes, whatever they hold of each other's feeds.</summary>
internal static class Meeting
{
    /// <summary>Each gives the other what that lacks.</summary>
    public static async Task MeetAsync(EdgeDatabase first, EdgeDatabase second)
    {
        // What one takes for known to the other may turn out to be another branch: then there is more to give.
        for (var round = 0; round < 2; round++)
        {
            await GiveAsync(first, second);
            await GiveAsync(second, first);
        }
        Assert.Equal(await first.GetStateHashAsync(), await second.GetStateHashAsync());
    }

    /// <summary>All hear of all, and then hold the same.</summary>
    public static async Task MeetAllAsync(params EdgeDatabase[] databases)
    {
        for (var round = 0; round < 2; round++)
            foreach (var first in databases)
                foreach (var second in databases)
                    if (first != second) await GiveAsync(first, second);
        var hash = await databases[0].GetStateHashAsync();
        foreach (var database in databases)
        {
            Assert.Equal(hash, await database.GetStateHashAsync());
            var report = await database.VerifyAsync();
            Assert.True(report.IsSound, string.Join("; ", report.Faults));
            Assert.Equal(0, report.VoidCount);
        }
    }

    public static async Task GiveAsync(EdgeDatabase source, EdgeDatabase target)
    {
        var (from, to) = (await Exchange.LogOf(source), await Exchange.LogOf(target));
        await from.SyncAsync(default);
        var held = await to.SyncAsync(default);
        var known = new VersionVector();
        foreach (var dot in await from.ResolveAsync(held.ByFeed(held.Ends), default))
            known.Include(dot);
        var room = new WaitingRoom();
        var outcome = new ApplyOutcome { AnyUntold = true };
        for (var tells = false; outcome.AnyUntold; tells = true)
        {
            var (changes, _) = await from.ReadAsync(new(known, -1, int.MaxValue, tells), default);
            outcome = await to.ApplyAsync(room, [.. changes.Select(static change => change.ToReceived())], default);
            Assert.Null(outcome.Refused);
            Assert.False(outcome.AnyUntold && tells);
        }
    }
}
