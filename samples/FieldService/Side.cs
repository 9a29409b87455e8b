using System.Net;
using Edge.Sync;

namespace FieldService;

/// <summary>One replica with what a view binds to: a live list of open jobs, live conflicts, live status, and its own undo.</summary>
internal sealed class Side : IAsyncDisposable
{
    private readonly EdgeDatabase _db;
    private readonly Action<SyncBuilder> _links;
    private SyncController? _sync;

    private Side(string name, EdgeDatabase db, Action<SyncBuilder> links, Action<string> changed)
    {
        (Name, _db, _links, Undo) = (name, db, links, db.CreateUndoHistory("view"));
        Open = db.Documents<Job>().Where(j => !j.Done).OrderBy(j => j.Key).ToLiveList();
        Conflicts = db.Conflicts.ToLiveList();
        Status = db.ToLiveStatus();
        Open.CollectionChanged += (_, _) => changed($"{Name} sees {(Open.Count == 0 ? "no job" : string.Join(", ", Open.Select(j => j.Key)))}");
        Conflicts.CollectionChanged += (_, _) => changed($"{Name} has {Conflicts.Count} conflicts");
        Status.PropertyChanged += (_, _) => changed("");
    }

    public string Name { get; }

    public bool IsOnline => _sync is not null;

    public LiveList<Job> Open { get; }

    public LiveList<Conflict> Conflicts { get; }

    public LiveValue<SyncStatus> Status { get; }

    public UndoHistory Undo { get; }

    private DocumentSet<Job> Jobs => _db.Documents<Job>().With(new() { Author = Name, Undo = Undo });

    /// <summary>Opens both replicas: the office listens on the loopback interface, the van dials.</summary>
    public static async Task<(Side Office, Side Van)> OpenAsync(string folder, Action<string> changed)
    {
        Directory.CreateDirectory(folder);
        var port = FreePort();
        var office = await EdgeDatabase.OpenAsync(Path.Combine(folder, "office.db"));
        var van = await EdgeDatabase.OpenAsync(Path.Combine(folder, "van.db"));
        var sides = (new Side("office", office, s => s.UseTcpListener(port), changed), new Side("van", van, s => s.UseTcp("127.0.0.1", port), changed));
        sides.Item1.Connect();
        sides.Item2.Connect();
        return sides;
    }

    public void Connect() => _sync ??= _db.StartSync(_links);

    public async Task DisconnectAsync()
    {
        if (_sync is null) return;
        await _sync.DisposeAsync();
        _sync = null;
    }

    /// <summary>Waits until the other side has all that was written here.</summary>
    public Task WhenSentAsync(CancellationToken cancellationToken) => _sync?.WhenSentAsync(cancellationToken) ?? Task.CompletedTask;

    public Task EditAsync(string key, Action<Job> edit) => Jobs.EditAsync(IdOf(key), edit);

    public Task DeleteAsync(string key) => Jobs.DeleteAsync(IdOf(key));

    public Task<Job?> FindAsync(string key) => Jobs.FindAsync(IdOf(key));

    public Task<IReadOnlyList<Job>> ListAsync() => Jobs.OrderBy(j => j.Key).ToListAsync();

    public Task<IReadOnlyList<Conflict>> ListConflictsAsync() => _db.Conflicts.ToListAsync();

    public Task RestoreAsync(Conflict conflict) => _db.Conflicts.RestoreAsync(conflict, new() { Author = Name, Undo = Undo });

    public async ValueTask DisposeAsync()
    {
        await Open.DisposeAsync();
        await Conflicts.DisposeAsync();
        await Status.DisposeAsync();
        await DisconnectAsync();
        await _db.DisposeAsync();
    }

    private static DocumentId IdOf(string key) => DocumentId.Named(key);

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
