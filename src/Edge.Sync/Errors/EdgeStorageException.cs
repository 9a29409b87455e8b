namespace Edge.Sync;

/// <summary>The database file cannot be opened, read or written. What was acknowledged before stays stored.</summary>
public sealed class EdgeStorageException : EdgeSyncException
{
    internal EdgeStorageException(EdgeErrorCode code, string path, string message, Exception? innerException = null, int sqliteErrorCode = 0)
        : base(code, message, innerException) => (Path, SqliteErrorCode) = (path, sqliteErrorCode);

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>SQLite's extended result code; 0 where SQLite was not involved.</summary>
    public int SqliteErrorCode { get; }
}
