using Edge.Sync.Log;
using Edge.Sync.Projections;
using Edge.Sync.Projections.ReadModels;
using Edge.Sync.Scheduling;
using Edge.Sync.Series;
using Edge.Sync.Storage;
using Edge.Sync.Telemetry;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>
/// The front door: one replica of a database, in one SQLite file. Open, edit, query, watch, sync. Safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Synchronous members do no I/O: made with its constructor, a database opens at the first await. Everything that was acknowledged survives the
/// end of the process, however it ends.
/// </remarks>
public sealed partial class EdgeDatabase : IAsyncDisposable
{
    private readonly EdgeDatabaseOptions _options;
    private readonly EdgeScheduler _scheduler;
    private readonly EdgeRandom _random;
    private readonly Lock _lock = new();
    private Task<Opened>? _opening;
    private Task? _closed;

    /// <summary>Names a database without opening it yet.</summary>
    public EdgeDatabase(EdgeDatabaseOptions options) : this(options, EdgeScheduler.Default, EdgeRandom.System) { }

    internal EdgeDatabase(EdgeDatabaseOptions options, EdgeScheduler scheduler, EdgeRandom random)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_options, _scheduler, _random, _feeds) = (options with { }, scheduler, random, new(scheduler));
        _telemetry = NewTelemetry();
    }

    /// <summary>Opens a file with the default options, or makes it where it does not exist.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be opened, is in use, or is no Edge.Sync database. It was left as it is.</exception>
    public static Task<EdgeDatabase> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        OpenAsync(new EdgeDatabaseOptions { Path = path }, cancellationToken);

    /// <summary>Opens a file, or makes it where it does not exist.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be opened, is in use, or is no Edge.Sync database. It was left as it is.</exception>
    public static async Task<EdgeDatabase> OpenAsync(EdgeDatabaseOptions options, CancellationToken cancellationToken = default)
    {
        var database = new EdgeDatabase(options);
        try
        {
            await database.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
            return database;
        }
        catch
        {
            // The caller has nothing to dispose: a wait that was cancelled must not leave the file open and locked.
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens the file where that has not happened yet; every asynchronous member does so by itself.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be opened; the next call tries again.</exception>
    public async Task EnsureOpenAsync(CancellationToken cancellationToken = default) => await OpenedAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The documents of a collection.</summary>
    /// <typeparam name="T">A class with <see cref="EdgeDocumentAttribute"/>.</typeparam>
    public DocumentSet<T> Documents<T>() where T : class, IEdgeDocument<T> => new(this, new());

    /// <summary>The documents of a collection without a class: for tools that know names only.</summary>
    /// <param name="collection">The collection's name on the wire.</param>
    /// <exception cref="ArgumentException">No collection can have that name.</exception>
    public DynamicDocumentSet Documents(string collection) =>
        CollectionName.IsValid(collection) ? new(this, collection) : throw new ArgumentException($"'{collection}' is no name of a collection: use a letter, then letters, digits, '-' and '_', at most {CollectionName.LengthMax} characters, and no 'edge_' or 'sqlite_' in front.", nameof(collection));

    /// <summary>A fresh document id.</summary>
    public DocumentId NewId()
    {
        Span<byte> bytes = stackalloc byte[DocumentId.SizeBytes];
        _random.Fill(bytes);
        return DocumentId.FromBytes(bytes);
    }

    /// <summary>The id of this copy of the database: what a <see cref="BoundedCounter"/> hands rights to, and the author of what is written here.</summary>
    public async Task<ReplicaId> GetReplicaIdAsync(CancellationToken cancellationToken = default) => (await OpenedAsync(cancellationToken).ConfigureAwait(false)).ReplicaId;

    /// <summary>A SHA-256 hash over all documents: equal on two replicas exactly when their documents are equal.</summary>
    public async Task<byte[]> GetStateHashAsync(CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await opened.Writer.RunAloneAsync(static replica => replica.ComputeStateHash(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops syncs, lets the writer finish what it has taken, ends watchers, closes the file. May be called twice; both calls end when it is done.</summary>
    public async ValueTask DisposeAsync()
    {
        TaskCompletionSource? closing = null;
        Task closed;
        lock (_lock)
        {
            if (_closed is null) _closed = (closing = new()).Task;
            closed = _closed;
        }
        if (closing is null)
        {
            await _scheduler.JoinAsync(closed, CancellationToken.None).ConfigureAwait(false);
            return;
        }
        try { await CloseAsync().ConfigureAwait(false); }
        finally
        {
            StopTelling();
            closing.SetResult();
        }
    }

    private async Task CloseAsync()
    {
        Task<Opened>? opening;
        lock (_lock) opening = _opening;
        await StopSyncsAsync().ConfigureAwait(false);
        _feeds.End();
        EndSeries();
        EndSubscriptions();
        EndReceiptWaits();
        if (opening is null) return;
        Opened opened;
        try { opened = await _scheduler.JoinAsync(opening, CancellationToken.None).ConfigureAwait(false); }
        catch (Exception) { return; /* told to those who awaited the opening */ }
        await StopPackingAsync().ConfigureAwait(false);
        await opened.Writer.CloseAsync().ConfigureAwait(false);
        Task? building;
        lock (_lock) building = _building;
        if (building is not null) await building.ConfigureAwait(false);
        opened.Replica.Close();
        opened.Readers.Dispose();
        try { opened.Replica.Store.Erase(); }
        catch (EdgeStorageException) { /* the next opening goes on with it */ }
        opened.Series.Dispose();
        opened.Projector.Dispose();
        opened.Replica.Store.Dispose();
        opened.Replica.Keys.Dispose();
    }

    internal EdgeScheduler Scheduler => _scheduler;

    internal TimeProvider TimeProvider => _options.TimeProvider;

    internal Task<Opened> OpenedAsync(CancellationToken cancellationToken)
    {
        Task<Opened> opening;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed is not null, this);
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true })
                _opening = _scheduler.RunAsync(OpenAndTell, CancellationToken.None);
            opening = _opening;
        }
        return _scheduler.JoinAsync(opening, cancellationToken);
    }

    private Opened Open()
    {
        var store = SqliteStore.Open(_options.Path, _options.Name, _options.TakesAnyDatabase ? null : DatabaseId.OfOpen(_options.Name, _options.PairingKey.Span), _random, _options.MayEvict);
        SqliteProjector? projector = null;
        KeyRing? keys = null;
        try
        {
            keys = new(SqliteKeyStore.Open(_options.Path));
            if (store.WasCopied) keys.Adopt();
            projector = new(store, keys, _options.Projections, _options.TakenBackMax);
            var key = _options.DeviceKey ?? store.ReadKey();
            var undo = new UndoTable(store);
            var replica = new Replica(store, _options.TimeProvider, _random, _options.ClockDriftMax, PublicKey.OfP256(key.PublicKey.Span), projector, keys, erased => UndoHistory.Forget(undo, erased)) { Rules = new(_options.Rules) };
            // What a purge began before a crash. Where there is no room for it now, it is tried again after the next commit.
            try { store.Erase(); }
            catch (EdgeStorageException) { }
            OpenProjections(replica, projector.Apps);
            var readers = new SqliteReaders(_options.Path, SqlFunctions.Register, keys);
            _feeds.Open(readers);
            return new(replica, key, projector, undo, new(replica, _scheduler, OnCommitted, _options.PendingEditsMax, _telemetry), readers, _random.NextUInt64(), new(store, _options.TimeProvider), new(_scheduler, _options.Path), new(store));
        }
        catch
        {
            projector?.Dispose();
            keys?.Dispose();
            store.Dispose();
            throw;
        }
    }

    private void OpenProjections(Replica replica, AppProjections projections)
    {
        if (_options.Projections.Count == 0)
        {
            projections.Open();
            return;
        }
        replica.Begin();
        try
        {
            projections.Open();
            replica.Commit();
        }
        catch
        {
            replica.Rollback();
            throw;
        }
        if (projections.AnyBuilding) BuildSoon();
    }

    /// <summary>What exists only while the file is open.</summary>
    internal sealed record Opened(Replica Replica, DeviceKey Key, SqliteProjector Projector, UndoTable Undo, Writer Writer, SqliteReaders Readers, ulong Instance, SeriesStore Series, SeriesAppender Appender, SubscriptionTable Subscriptions)
    {
        public ReplicaId ReplicaId => Replica.Store.Replica;

        public DatabaseId DatabaseId => Replica.Store.Database;
    }
}
