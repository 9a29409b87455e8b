namespace Edge.Sync.Hosting;

/// <summary>What a host does with a database once it is open.</summary>
internal sealed class EdgeDatabaseStartup
{
    public List<Func<EdgeDatabase, CancellationToken, Task>> Documents { get; } = [];

    public List<Action<SyncBuilder>> Syncs { get; } = [];
}
