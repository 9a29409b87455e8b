using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>Says what an error of SQLite means for the app and what to do about it.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static EdgeStorageException Translate(SqliteException e, string path)
    {
        var (code, advice) = e.SqliteErrorCode switch
        {
            Busy or Locked => (EdgeErrorCode.StorageLocked, "is locked by another process. Close that one, or wait for it, and try again"),
            ReadOnly => (EdgeErrorCode.StorageReadOnly, "cannot be written. Check the permissions of the file and its folder"),
            Full => (EdgeErrorCode.StorageFull, "cannot grow: the disk is full. Make room and try again; nothing that was acknowledged is lost"),
            CannotOpen => (EdgeErrorCode.StorageUnreachable, "cannot be opened. Check that its folder exists and may be written"),
            NotADatabase => (EdgeErrorCode.NotADatabase, "is not an Edge.Sync database. Choose another path; the file was left as it is"),
            Corrupt => (EdgeErrorCode.StorageDamaged, "is damaged. Keep a copy of it and restore the last backup, or sync a new file from a peer"),
            IoError => (EdgeErrorCode.StorageDamaged, "could not be read or written. Check the medium and try again"),
            _ => (EdgeErrorCode.StorageDamaged, "reported an error that Edge.Sync does not expect"),
        };
        return new(code, path, $"The database '{path}' {advice}. SQLite says: {e.Message}", e, e.SqliteExtendedErrorCode);
    }

    /// <summary>What an exception from SQLite, or from a value that is not what was written, means for the app. False for others.</summary>
    public static bool TryTranslate(Exception e, string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EdgeStorageException? error)
    {
        error = e is SqliteException sqlite ? Translate(sqlite, path) : IsForeignValue(e) ? ForeignValue(e, path) : null;
        return error is not null;
    }

    /// <summary>Whether reading rows failed because a value is not of the kind that is written there: NULL, another type, another length.</summary>
    public static bool IsForeignValue(Exception e) => e is (InvalidOperationException or InvalidCastException or ArgumentException) and not ObjectDisposedException;

    public static EdgeStorageException ForeignValue(Exception e, string path) =>
        new(EdgeErrorCode.StorageDamaged, path, $"The database '{path}' is damaged: it holds a value that Edge.Sync does not write there. Keep a copy of it and restore the last backup, or sync a new file from a peer. {e.Message}", e);
}
