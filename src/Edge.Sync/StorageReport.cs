namespace Edge.Sync;

/// <summary>What a database file holds, in bytes. All classes together are the file.</summary>
public sealed class StorageReport
{
    internal StorageReport() { }

    /// <summary>The file, in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>The write-ahead log beside it: what was committed and not yet copied into the file. It is used again, and gone once the database is closed.</summary>
    public required long WriteAheadBytes { get; init; }

    /// <summary>Headers and bodies of all changes: the truth, from which all else can be made again.</summary>
    public required long LogBytes { get; init; }

    /// <summary>The changes of the log.</summary>
    public required long ChangeCount { get; init; }

    /// <summary>How many of them are packed: old ones, many in a row. See <see cref="EdgeDatabase.PackAsync"/>.</summary>
    public required long PackedCount { get; init; }

    /// <summary>What those take of <see cref="LogBytes"/>.</summary>
    public required long PackedBytes { get; init; }

    /// <summary>Stored states of documents.</summary>
    public required long StateBytes { get; init; }

    /// <summary>The documents that are purged, here or anywhere.</summary>
    public required long PurgedCount { get; init; }

    /// <summary>Whether documents may be evicted from the file: see <see cref="EdgeDatabaseOptions.MayEvict"/>.</summary>
    public required bool MayEvict { get; init; }

    /// <summary>The documents that were evicted here and are not wanted back.</summary>
    public required long EvictedCount { get; init; }

    /// <summary>The documents of which sections are absent: they were evicted here, or came from a peer that lacks them.</summary>
    public required long IncompleteCount { get; init; }

    /// <summary>The sections that are absent, those of purged documents not counted.</summary>
    public required long HoleCount { get; init; }

    /// <summary>Which changes each document has, and which its stored state lacks.</summary>
    public required long HistoryBytes { get; init; }

    /// <summary>The values in the SQL tables of collections.</summary>
    public required long TableBytes { get; init; }

    /// <summary>The conflict inbox: what lost against something concurrent, kept to be looked at.</summary>
    public required long ConflictBytes { get; init; }

    /// <summary>Events in their order, for projections and subscriptions.</summary>
    public required long EventBytes { get; init; }

    /// <summary>The values in the tables of the app's own projections.</summary>
    public required long ReadModelBytes { get; init; }

    /// <summary>Full-text indexes.</summary>
    public required long SearchBytes { get; init; }

    /// <summary>Steps that can be undone or redone.</summary>
    public required long UndoBytes { get; init; }

    /// <summary>Changes that wait for what they follow. Always 0 so far: what comes early is asked for again.</summary>
    public long WaitingBytes => 0;

    /// <summary>Points of series: blocks, and the journal of the newest ones.</summary>
    public required long SeriesBytes { get; init; }

    /// <summary>Pages that are free for what comes next.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>The rest: indexes, ids, keys, and what pages are filled by.</summary>
    public required long OverheadBytes { get; init; }

    /// <summary>Each collection, by its name in ordinal order.</summary>
    public required IReadOnlyList<CollectionStorage> Collections { get; init; }

    /// <summary>Each series, by its name in ordinal order.</summary>
    public required IReadOnlyList<SeriesStorage> Series { get; init; }
}
