using Edge.Sync;

namespace FactoryFloor.Floor;

/// <summary>One replica: a database in its own SQLite file, and its links, which come and go.</summary>
internal sealed class Node : IAsyncDisposable
{
    private SyncController? _sync;
    private long _sentBefore;

    private Node(string name, EdgeDatabase database) => (Name, Database) = (name, database);

    public string Name { get; }

    public EdgeDatabase Database { get; }

    public DocumentSet<Alarm> Alarms => Database.Documents<Alarm>();

    public DocumentSet<WorkOrder> WorkOrders => Database.Documents<WorkOrder>();

    public SyncStatus? Status => _sync?.GetStatus();

    /// <summary>All bytes that have left by sync, with framing and acknowledgements.</summary>
    public long BytesSent => _sentBefore + (Status?.BytesSent ?? 0);

    public static async Task<Node> OpenAsync(string folder, string name) =>
        new(name, await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = Path.Combine(folder, $"{name}.db"), Name = "factory-floor" }));

    public void Connect(Action<SyncBuilder> links) => _sync = Database.StartSync(links);

    /// <summary>The network is gone. The database goes on.</summary>
    public async Task DisconnectAsync()
    {
        if (_sync is not { } sync)
            return;
        await sync.DisposeAsync();
        _sync = null;
        _sentBefore += sync.GetStatus().BytesSent;
    }

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        await Database.DisposeAsync();
    }
}
