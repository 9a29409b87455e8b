using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>The database as it was at a version: read only. Safe for use by several threads at once.</summary>
/// <remarks>Nothing is copied or kept: each call folds the changes that the version holds. One document costs its own changes, a collection the whole log.</remarks>
public sealed class DatabaseView
{
    private readonly EdgeDatabase _database;

    internal DatabaseView(EdgeDatabase database, DatabaseVersion version) => (_database, Version) = (database, version);

    /// <summary>The version.</summary>
    public DatabaseVersion Version { get; }

    /// <summary>An immutable snapshot of a document, or null where there was none.</summary>
    /// <exception cref="EdgeDataException">This replica has not been at that version, or no replica can (<see cref="EdgeErrorCode.UnknownVersion"/>).</exception>
    public async Task<T?> FindAsync<T>(DocumentId id, CancellationToken cancellationToken = default) where T : class, IEdgeDocument<T>
    {
        var opened = await _database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        var state = await opened.Writer.RunAloneAsync(replica => replica.FoldAt(new DocumentKey(T.Schema.Collection, id), Version), cancellationToken).ConfigureAwait(false);
        return state.Existence.Exists ? T.Attach(FieldStore.Snapshot(T.Schema, state)) : null;
    }

    /// <summary>Immutable snapshots of all documents of a class that there were, by ascending id.</summary>
    /// <exception cref="EdgeDataException">This replica has not been at that version, or no replica can (<see cref="EdgeErrorCode.UnknownVersion"/>).</exception>
    public async Task<IReadOnlyList<T>> ToListAsync<T>(CancellationToken cancellationToken = default) where T : class, IEdgeDocument<T>
    {
        var opened = await _database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        var states = await opened.Writer.RunAloneAsync(replica => replica.FoldAt(T.Schema.Collection, Version), cancellationToken).ConfigureAwait(false);
        return [.. states.Where(static s => s.Existence.Exists).OrderBy(static s => s.Key).Select(static s => T.Attach(FieldStore.Snapshot(T.Schema, s)))];
    }
}
