using Edge.Sync.Replication;

namespace Edge.Sync.Tests.Database;

/// <summary>Hands changes from one open database to another by the calls that a sync session makes, without a network between them.</summary>
internal static class Exchange
{
    /// <summary>Gives <paramref name="target"/> all that it lacks of <paramref name="source"/>, with the keys ahead, or without any.</summary>
    public static async Task PushAsync(EdgeDatabase source, EdgeDatabase target, bool withKeys = true)
    {
        var from = await LogOf(source);
        var to = await LogOf(target);
        await from.SyncAsync(default);
        var known = new VersionVector();
        foreach (var end in (await to.SyncAsync(default)).Ends)
            known.Include(end.Last);
        var (changes, _) = await from.ReadAsync(new(known, -1, int.MaxValue), default);
        var room = new Edge.Sync.Log.WaitingRoom();
        if (withKeys) await to.TakeKeysAsync(room, [.. from.FindKeys(changes)], default);
        var outcome = await to.ApplyAsync(room, [.. changes.Select(static change => change.ToReceived())], default);
        Assert.Null(outcome.Refused);
        Assert.False(outcome.AnyEarly);
        Assert.Equal(changes.Count, outcome.AcceptedCount);
    }

    /// <summary>Makes both hold the same changes, and asserts that their documents are then the same.</summary>
    public static async Task MergeAsync(EdgeDatabase first, EdgeDatabase second)
    {
        await PushAsync(first, second);
        await PushAsync(second, first);
        Assert.Equal(await first.GetStateHashAsync(), await second.GetStateHashAsync());
    }

    /// <summary>Answers what <paramref name="target"/> asks for: the keys that its sections wait for, as far as <paramref name="source"/> has them.</summary>
    public static async Task PushKeysAsync(EdgeDatabase source, EdgeDatabase target)
    {
        var (from, to) = (await LogOf(source), await LogOf(target));
        var missing = await to.ReadMissingKeysAsync(default, int.MaxValue, default);
        await to.TakeKeysAsync(new(), [.. from.FindKeys(missing)], default);
    }

    /// <summary>All changes of a database, in its order of arrival.</summary>
    public static async Task<List<Edge.Sync.Log.StoredChange>> ReadAllAsync(EdgeDatabase database)
    {
        var log = await LogOf(database);
        await log.SyncAsync(default);
        return (await log.ReadAsync(new(new(), -1, int.MaxValue), default)).Changes;
    }

    public static async Task<ISyncLog> LogOf(EdgeDatabase database) => new DatabaseSyncLog(await database.OpenedAsync(default));
}
