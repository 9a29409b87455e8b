using Edge.Sync.Transports.InMemory;

namespace Edge.Sync;

/// <summary>Sync within one process, for tests and samples.</summary>
public static class InMemorySyncBuilderExtensions
{
    /// <summary>Uses the endpoint <paramref name="name"/> of <paramref name="network"/>: syncs with every endpoint that it is connected with.</summary>
    /// <param name="sync">The links of a database.</param>
    /// <param name="network">The network, whose <see cref="InMemoryNetwork.Connect"/> lays the links.</param>
    /// <param name="name">The endpoint, one for each database; upper and lower case differ.</param>
    public static SyncBuilder UseInMemory(this SyncBuilder sync, InMemoryNetwork network, string name)
    {
        ArgumentNullException.ThrowIfNull(sync);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return sync.Use(new InMemoryTransport(network, name));
    }
}
