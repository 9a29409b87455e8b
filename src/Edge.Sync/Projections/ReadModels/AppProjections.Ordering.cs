using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>Ordered projections: an event that belongs before others, or that is gone, takes back what was folded from its place on, and that is folded again. See docs/decisions/0029-ordered-projections-go-back.md.</summary>
internal sealed partial class AppProjections
{
    private readonly RowUndo? _undoing;
    private readonly FoldJournal _journal;

    /// <summary>Whether a making is near enough to its end for what it folds to be kept.</summary>
    private bool IsNearEnd(ProjectionBuild build) => build.TotalCount - build.FoldedCount <= Math.Max(_journal.KeptCount, BatchCount);

    /// <summary>Makes the triggers that record what a projection writes; null where that cannot be taken back, or need not.</summary>
    private UndoTables? Watch(AppProjection projection, IEnumerable<string> tables) =>
        projection.Registration.IsOrdered && _undoing is { IsAvailable: true } ? UndoTables.TryCreate(_store.Connection, [.. tables]) : null;

    private void WatchAgain()
    {
        foreach (var projection in _projections)
        {
            projection.Undo?.CreateTriggers();
            projection.Build?.Undo?.CreateTriggers();
        }
    }

    /// <summary>Whether tables that serve are right but for the events that the open transaction has brought or taken.</summary>
    private bool IsServing(AppProjection projection) =>
        projection.Undo is not null && projection.Build is null && projection.Due == ProjectionTask.None && projection.Row.Version == projection.Registration.Version && !_store.AreAllEventsNew;

    /// <summary>From where on an ordered projection must be folded again: the first event, in order, that was taken or that belongs before one that is folded; null where nothing must.</summary>
    private StoredEvent? FindReturn(AppProjection projection, List<StoredEvent> own)
    {
        StoredEvent? first = null;
        foreach (var (collection, item) in _store.RemovedEvents)
            if (projection.Folds.ContainsKey(collection) && (first is null || item.CompareOrder(first.Value) < 0)) first = item;
        if (own.Count == 0) return first;
        projection.Last ??= ReadLast(projection);
        var isLate = (projection.Last is { } last && own[0].CompareOrder(last) < 0) || own.Exists(item => item.Position <= projection.Row.Position);
        return isLate && (first is null || own[0].CompareOrder(first.Value) < 0) ? own[0] : first;
    }

    /// <summary>Takes back what was folded from a place on, and folds it again with what has come. False where that cannot be taken back.</summary>
    private bool TryFoldAgain(AppProjection projection, List<StoredEvent> own, in StoredEvent first)
    {
        if (!IsServing(projection) || !_journal.Covers(projection.Name, first)) return false;
        _savepoint.Run();
        List<StoredEvent> items;
        try { items = TakeBack(projection, own, first); }
        catch (Exception e) when (!IsStorageFault(e))
        {
            // Somebody has written into the tables: they are made again.
            _undo.Run();
            _release.Run();
            return false;
        }
        var position = items.Aggregate(projection.Row.Position, static (position, item) => Math.Max(position, item.Position));
        if (!Apply(projection, projection.Tables!, items, position, isShadow: false, projection.Undo)) return true;
        projection.Row = projection.Row with { Position = position };
        projection.Last = items.Count > 0 ? items[^1] : null;
        return true;
    }

    /// <summary>Takes back what was folded from a place on. Returns what is to be folded in its place, in order.</summary>
    private List<StoredEvent> TakeBack(AppProjection projection, List<StoredEvent> own, in StoredEvent first)
    {
        var items = own.ToDictionary(static item => item.Position);
        using var read = new SqliteStatement(_store.Connection, ReadAtSql);
        foreach (var (position, undo) in _journal.ReadFrom(projection.Name, first))
        {
            projection.Undo!.TakeBack(undo);
            if (items.ContainsKey(position)) continue;
            // What was purged or rejected is not there any more.
            if (ReadAt(read, position) is { } item) items.Add(position, item);
        }
        _journal.RemoveFrom(projection.Name, first);
        var result = items.Values.ToList();
        result.Sort(static (a, b) => a.CompareOrder(b));
        return result;
    }

    /// <summary>Folds one event, and keeps what takes that back.</summary>
    private void ApplyRecorded(AppProjection projection, in StoredEvent item, ProjectionWriter sql)
    {
        _undoing!.Begin();
        try { projection.Folds[item.Stream.Collection].Apply(item, sql); }
        finally { _undoing.End(); }
        _journal.Add(projection.Name, item, _undoing.Written);
    }
}
