using Edge.Sync.Log;
using Edge.Sync.Storage;

namespace Edge.Sync.Testing;

/// <summary>One replica of a simulated world: a database in a file of its own, with a session to each of the others.</summary>
public sealed class SimulatedReplica
{
    private readonly Func<SimulatedReplica, EdgeDatabase> _make;
    private EdgeDatabase? _database;
    private Replica? _inner;
    private SimulatedTransport _transport;

    internal SimulatedReplica(string name, int number, string path, Func<SimulatedReplica, EdgeDatabase> make) =>
        (Name, Number, Path, _make, _transport) = (name, number, path, make, new(name));

    /// <summary>Its name in this world.</summary>
    public string Name { get; }

    /// <summary>The database: another object after a power cut.</summary>
    public EdgeDatabase Database => _database ?? throw new InvalidOperationException($"'{Name}' is without power.");

    /// <summary>As <see cref="EdgeDatabase.Documents{T}"/> of <see cref="Database"/>.</summary>
    /// <typeparam name="T">A class with <see cref="EdgeDocumentAttribute"/>.</typeparam>
    public DocumentSet<T> Documents<T>() where T : class, IEdgeDocument<T> => Database.Documents<T>();

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal int Number { get; }

    /// <summary>How often it was opened.</summary>
    internal int Openings { get; private set; }

    internal string Path { get; }

    internal bool IsOn => _database is not null;

    internal IReadOnlyList<(SimulatedLink Link, int Side)> Links => _transport.Links;

    internal void Add(SimulatedLink link, int side) => _transport.Add(link, side);

    /// <summary>What the database holds. On the world's thread nobody else is at it.</summary>
    internal Replica Inner => _inner ?? throw new InvalidOperationException($"'{Name}' is without power.");

    internal HashSet<ChangeId> Ids() => [.. Inner.Store.ReadChanges(0, int.MaxValue).Select(static change => change.Id)];

    internal async Task OpenAsync()
    {
        Openings++;
        _database = _make(this);
        _inner = (await _database.OpenedAsync(CancellationToken.None).ConfigureAwait(false)).Replica;
        var store = (SqliteStore)_inner.Store;
        // Then the file holds what survives a power cut, and the write-ahead log what does not.
        store.Checkpointer.TryTruncate();
        store.Synced = () => store.Checkpointer.TryTruncate();
        _database.StartSync(sync => sync.Use(_transport));
    }

    /// <summary>Power off: the file is as it was when the disk was last synced, and no goodbye is said.</summary>
    internal async Task CutPowerAsync()
    {
        string[] durable = [Path, Path + ".keys"];
        var contents = durable.Where(File.Exists).Select(static path => (path, Bytes: ReadShared(path))).ToList();
        var links = Links;
        foreach (var (link, side) in links)
            link.Leave(side);
        await CloseAsync().ConfigureAwait(false);
        foreach (var path in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(Path)!, System.IO.Path.GetFileName(Path) + "*").ToList())
            File.Delete(path);
        foreach (var (path, bytes) in contents)
            File.WriteAllBytes(path, bytes);
        _transport = new(Name);
        foreach (var (link, side) in links)
            _transport.Add(link, side);
    }

    internal async Task CloseAsync()
    {
        var database = _database;
        (_database, _inner) = (null, null);
        if (database is not null) await database.DisposeAsync().ConfigureAwait(false);
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
