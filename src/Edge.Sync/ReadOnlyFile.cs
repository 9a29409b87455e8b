using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>Looks into a database file without becoming its writer: it may be open elsewhere, or lie on a read-only medium.</summary>
internal static class ReadOnlyFile
{
    /// <exception cref="EdgeStorageException">The file does not exist, or is no Edge.Sync database of a known version.</exception>
    public static T Use<T>(string path, Func<SqliteConnection, T> read)
    {
        if (!File.Exists(path)) throw new EdgeStorageException(EdgeErrorCode.StorageUnreachable, path, $"'{path}' does not exist.");
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            SqliteStatement.SetPatience(connection);
            if (SqliteSchema.Verify(connection, path) is null) throw new EdgeStorageException(EdgeErrorCode.NotADatabase, path, $"'{path}' is empty, not an Edge.Sync database.");
            return read(connection);
        }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, path, out var error)) { throw error; }
    }
}
