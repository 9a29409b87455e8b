using Edge.Sync.Replication;

namespace Edge.Sync;

/// <summary>Says over which links a database syncs. Transports add their <c>Use…</c> methods to it.</summary>
public sealed class SyncBuilder
{
    internal SyncBuilder() { }

    internal List<ISyncTransport> Transports { get; } = [];

    /// <summary>Adds a transport. The <c>Use…</c> methods call this; call it yourself with a transport of your own.</summary>
    public SyncBuilder Use(ISyncTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        Transports.Add(transport);
        return this;
    }
}
