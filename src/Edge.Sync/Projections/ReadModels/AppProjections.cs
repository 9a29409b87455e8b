using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>The projections of an app: folds the events of each commit into their tables, in the commit's transaction, and makes tables anew where that is due. Used by the writer only.</summary>
/// <remarks>
/// Invariants: tables that are current have every committed event of their collections exactly once; a projection that throws leaves no trace of the commit that it threw at, and that commit stands; tables that are made anew
/// show up at once and whole, when they have all events.
/// </remarks>
internal sealed partial class AppProjections : IDisposable
{
    /// <summary>How many events a commit folds at most beside its own.</summary>
    public const int BatchCount = 1024;

    private readonly SqliteStore _store;
    private readonly Func<string, bool> _isCollection;
    private readonly List<AppProjection> _projections;
    private readonly ProjectionRows _rows;
    private readonly SqliteStatement _savepoint, _release, _undo;
    private Dictionary<string, ProjectionRow> _others = [];
    private bool _isOpen, _continues;

    /// <param name="store">Has the events.</param>
    /// <param name="registrations">What the app has added.</param>
    /// <param name="isCollection">Whether a table is one of a collection of documents.</param>
    /// <param name="keptCount">How many events ordered projections can take back.</param>
    public AppProjections(SqliteStore store, IEnumerable<ProjectionRegistration> registrations, Func<string, bool> isCollection, int keptCount)
    {
        (_store, _isCollection, _rows) = (store, isCollection, new(store.Connection));
        _projections = [.. registrations.Select(static registration => new AppProjection(registration))];
        _journal = new(store.Connection, keptCount);
        if (_projections.Exists(static projection => projection.Registration.IsOrdered)) _undoing = new(store.Connection);
        store.TemporariesDropped = WatchAgain;
        _savepoint = new(store.Connection, "SAVEPOINT edge_fold");
        _release = new(store.Connection, "RELEASE edge_fold");
        _undo = new(store.Connection, "ROLLBACK TO edge_fold");
    }

    /// <summary>Whether tables are being made or are catching up.</summary>
    public bool AnyBuilding => _projections.Exists(static projection => projection.Build is not null || projection.Due != ProjectionTask.None);

    /// <summary>How each is doing, in the order in which they were added.</summary>
    public IReadOnlyList<ProjectionStatus> Status => [.. _projections.Select(static projection => new ProjectionStatus(
        projection.Name, projection.Registration.Version, projection.Row.Version,
        StateOf(projection), projection.Error))];

    /// <summary>How far those are that are being made.</summary>
    public IReadOnlyList<ProjectionProgress> Progress => [.. _projections.Where(static projection => projection.Build is not null)
        .Select(static projection => new ProjectionProgress(projection.Name, projection.Build!.FoldedCount, Math.Max(projection.Build.FoldedCount, projection.Build.TotalCount)))];

    /// <summary>Whether a table is one of a projection.</summary>
    public bool Owns(string table) => _projections.SelectMany(static projection => projection.Row.Tables).Concat(_others.Values.SelectMany(static row => row.Tables)).Contains(table, StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks how far the file is. A projection that was stopped is tried again. Inside a transaction, where there are any; nothing is folded before.</summary>
    public void Open()
    {
        if (_projections.Count > 0) _rows.Create();
        Load(isFresh: true);
        _isOpen = true;
    }

    /// <summary>Goes back to what the file says, after a transaction was rolled back.</summary>
    public void Reload() => Load(isFresh: false);

    /// <summary>Lets the next <see cref="Fold"/> go on with what is being made.</summary>
    public void Continue() => _continues = true;

    /// <summary>Folds what the open transaction has appended.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be written. The transaction must be rolled back.</exception>
    public void Fold()
    {
        var isIdle = _store.AppendedEvents.Count == 0 && _store.RemovedEvents.Count == 0 && !_store.AreAllEventsNew && !_continues && !_projections.Exists(static projection => projection.Due != ProjectionTask.None);
        if (!_isOpen || isIdle || _projections.Count + _others.Count == 0) return;
        _store.Guarded(() =>
        {
            FoldAll();
            return true;
        });
    }

    private void FoldAll()
    {
        var (appended, removed, continues) = (_store.AppendedEvents, _store.RemovedEvents, _continues);
        _continues = false;
        DropOthers(row => _store.AreAllEventsNew || removed.Count > 0 || AnyPassed(row, appended));
        foreach (var projection in _projections)
        {
            var isRetracted = _store.AreAllEventsNew || projection.Folds.Keys.Any(removed.ContainsKey);
            if (projection.Error is not null)
            {
                if (isRetracted || AnyPassed(projection.Row, appended)) Empty(projection);
                continue;
            }
            var task = isRetracted && !IsServing(projection) ? ProjectionTask.Start : projection.Due;
            projection.Due = ProjectionTask.None;
            if (task != ProjectionTask.None) Begin(projection, task);
            else if (projection.Build is { } build)
            {
                if (Precedes(projection, build, appended)) Begin(projection, task = ProjectionTask.Start);
                else ForgetAhead(build, appended);
            }
            else if (projection.Row.Version == projection.Registration.Version) FoldInto(projection, appended);
            if (projection.Build is not null && (continues || task != ProjectionTask.None)) Step(projection);
        }
    }

    /// <summary>Makes a projection's tables anew. Inside a transaction.</summary>
    /// <exception cref="ArgumentException">The app has added no such projection.</exception>
    public void Rebuild(string name)
    {
        var projection = Find(name);
        (projection.Error, projection.Row) = (null, projection.Row with { Error = null });
        projection.Due = ProjectionTask.Start;
        _continues = true;
    }

    /// <summary>Stops making a projection's tables; those that serve go on. Inside a transaction.</summary>
    public void Cancel(string name)
    {
        var projection = Find(name);
        if (projection.Build is not { IsShadow: true }) return;
        DropNext(projection);
        if (projection.Row.Version == projection.Registration.Version) projection.Due = Judge(projection);
    }

    /// <summary>Whether a projection's tables are being made.</summary>
    public bool IsBuilding(string name) => Find(name) is { } projection && (projection.Build is not null || projection.Due != ProjectionTask.None);

    public void Dispose()
    {
        foreach (var projection in _projections)
            projection.Dispose();
        _rows.Dispose();
        _journal.Dispose();
        _savepoint.Dispose();
        _release.Dispose();
        _undo.Dispose();
    }

    private static ProjectionState StateOf(AppProjection projection) => projection.Error is not null ? ProjectionState.Stopped
        : projection.Build is not null || projection.Due != ProjectionTask.None || projection.Row.Version != projection.Registration.Version ? ProjectionState.Building : ProjectionState.Current;

    private AppProjection Find(string name) => _projections.Find(projection => projection.Name == name)
        ?? throw new ArgumentException($"There is no projection '{name}'. Those that were added are: {string.Join(", ", _projections.Select(static projection => projection.Name))}.", nameof(name));

    private void Load(bool isFresh) => _store.Guarded(() =>
    {
        _others = _rows.Exists() ? _rows.Read() : [];
        _journal.Reload();
        foreach (var projection in _projections)
        {
            projection.Dispose();
            projection.Row = _others.GetValueOrDefault(projection.Name) ?? ProjectionRow.None;
            _others.Remove(projection.Name);
            if (projection.Row.Version > 0) projection.Tables = new(_store.Connection, static name => name, projection.Row.Tables);
            if (projection.Row.Error is { } error && !isFresh)
            {
                if (projection.Error?.Message != error) projection.Error = new(projection.Name, projection.Registration.Version, error, null);
                continue;
            }
            projection.Error = null;
            if (projection.Row.Version == projection.Registration.Version && projection.Row.Tables.All(_rows.TableExists)) projection.Undo = Watch(projection, projection.Row.Tables);
            if (projection.Row.Error is not null) _rows.Write(projection.Name, projection.Row = projection.Row with { Error = null });
            projection.Due = Judge(projection);
        }
        return true;
    });

    /// <summary>What a projection needs, as far as its row tells.</summary>
    private ProjectionTask Judge(AppProjection projection)
    {
        var (row, registration) = (projection.Row, projection.Registration);
        if (row.Version == registration.Version && row.Fold == DocumentFold.Version && row.NextVersion == 0 && row.Tables.All(_rows.TableExists))
            return !AnyBehind(projection, row.Position) ? ProjectionTask.None : registration.IsOrdered ? ProjectionTask.Start : ProjectionTask.CatchUp;
        var isResumable = row.NextVersion == registration.Version && !registration.IsOrdered && row.NextTables.Length > 0 && row.NextTables.All(table => _rows.TableExists(row.NextName(table)));
        return isResumable ? ProjectionTask.Resume : ProjectionTask.Start;
    }

    private void FoldInto(AppProjection projection, IReadOnlyList<StoredEvent> appended)
    {
        List<StoredEvent>? own = null;
        foreach (var item in appended)
            if (projection.Folds.ContainsKey(item.Stream.Collection)) (own ??= []).Add(item);
        if (projection.Registration.IsOrdered)
        {
            own?.Sort(static (a, b) => a.CompareOrder(b));
            if (FindReturn(projection, own ?? []) is { } first)
            {
                if (TryFoldAgain(projection, own ?? [], first)) return;
                Begin(projection, ProjectionTask.Start);
                if (projection.Build is not null) Step(projection);
                return;
            }
        }
        if (own is null) return;
        if (projection.Undo is not null && !_journal.IsKept(projection.Name)) _journal.Begin(projection.Name, projection.Last);
        var position = Math.Max(projection.Row.Position, own.Max(static item => item.Position));
        if (!TryApply(projection, projection.Tables!, own, position, isShadow: false, projection.Undo)) return;
        projection.Row = projection.Row with { Position = position };
        projection.Last = own[^1];
    }

    /// <summary>Folds events: all of them, or, where the projection throws, none of them; then it is stopped.</summary>
    private bool TryApply(AppProjection projection, ProjectionWriter sql, List<StoredEvent> items, long position, bool isShadow, UndoTables? undo)
    {
        _savepoint.Run();
        return Apply(projection, sql, items, position, isShadow, undo);
    }

    /// <summary>The same inside of the savepoint, which it ends.</summary>
    private bool Apply(AppProjection projection, ProjectionWriter sql, List<StoredEvent> items, long position, bool isShadow, UndoTables? undo)
    {
        var folded = 0;
        return EndTrying(projection, () => $"event {folded + 1} of {items.Count} that it got, of stream {items[folded].Stream}, written by {items[folded].Dot}", () =>
        {
            for (; folded < items.Count; folded++)
                if (undo is null) projection.Folds[items[folded].Stream.Collection].Apply(items[folded], sql);
                else ApplyRecorded(projection, items[folded], sql);
            _rows.SavePosition(projection.Name, position, isShadow);
        });
    }

    /// <summary>Runs what may throw on account of the app, so that it leaves no trace then.</summary>
    private bool Try(AppProjection projection, Func<string> describe, Action work)
    {
        _savepoint.Run();
        return EndTrying(projection, describe, work);
    }

    private bool EndTrying(AppProjection projection, Func<string> describe, Action work)
    {
        try
        {
            work();
            _release.Run();
            return true;
        }
        catch (Exception e) when (!IsStorageFault(e))
        {
            _undo.Run();
            _release.Run();
            Stop(projection, describe(), e);
            return false;
        }
        catch (SqliteException e) { throw SqliteErrors.Translate(e, _store.Path); }
    }

    private void Stop(AppProjection projection, string what, Exception e)
    {
        DropNext(projection);
        projection.Build = null;
        projection.Error = new(projection.Name, projection.Registration.Version,
            $"Projection '{projection.Name}', version {projection.Registration.Version}, is stopped: it threw at {what}: {e.Message} Its tables stay as they were before; edits and sync go on. Correct it, give it a new version, and open the database again.", e);
        projection.Row = projection.Row with { Error = projection.Error.Message };
        _rows.Write(projection.Name, projection.Row);
    }

    // What SQLite says of the medium is nobody's fault but the medium's: the commit fails, as it would without a projection.
    private static bool IsStorageFault(Exception e) => e is EdgeStorageException or OutOfMemoryException or SqliteException { SqliteErrorCode: 5 or 6 or 7 or 8 or 9 or 10 or 11 or 13 or 14 or 26 };
}
