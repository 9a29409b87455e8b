using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>What the file notes about keys: which it goes with, and what waits for one.</summary>
internal sealed partial class SqliteStore
{
    private const string MarkEntry = "keys";

    private bool _anyWaiting;

    public KeyMark? KeyMark { get; private set; }

    /// <summary>Whether a file has documents that are encrypted.</summary>
    public static bool HasKeyMark(SqliteConnection connection)
    {
        using var statement = new SqliteStatement(connection, $"SELECT 1 FROM edge_meta WHERE key = '{MarkEntry}'");
        return statement.Step();
    }

    public void WriteKeyMark(KeyMark mark) => Guarded(() =>
    {
        WriteMeta(_connection, MarkEntry, mark.ToByteArray());
        KeyMark = mark;
        return true;
    });

    public void AddWaiting(ContentKeyId key, DocumentKey document) => Guarded(() =>
    {
        using var statement = new SqliteStatement(_connection, "INSERT OR IGNORE INTO edge_waiting (key, collection, id) VALUES (?1, ?2, ?3)");
        statement.Bind(1, key.ToByteArray()).Bind(2, document.Collection).Bind(3, document.Id.ToByteArray()).Run();
        return _anyWaiting = true;
    });

    public IReadOnlyList<DocumentKey> FindWaiting(ContentKeyId key) => !_anyWaiting ? [] : Guarded(() =>
    {
        using var statement = new SqliteStatement(_connection, "SELECT collection, id FROM edge_waiting WHERE key = ?1 ORDER BY collection, id");
        statement.Bind(1, key.ToByteArray());
        return ReadDocumentKeys(statement);
    });

    public bool IsWaiting(DocumentKey document) => _anyWaiting && Guarded(() =>
    {
        using var statement = new SqliteStatement(_connection, "SELECT 1 FROM edge_waiting WHERE collection = ?1 AND id = ?2 LIMIT 1");
        return statement.Bind(1, document.Collection).Bind(2, document.Id.ToByteArray()).Step();
    });

    public IReadOnlyList<ContentKeyId> ReadWaiting(ContentKeyId after, int countMax) => !_anyWaiting ? [] : Guarded(() =>
    {
        using var statement = new SqliteStatement(_connection, "SELECT DISTINCT key FROM edge_waiting WHERE key > ?1 ORDER BY key LIMIT ?2");
        statement.Bind(1, after.ToByteArray()).Bind(2, countMax);
        var keys = new List<ContentKeyId>();
        while (statement.Step()) keys.Add(ContentKeyId.FromBytes(statement.Blob(0)));
        return keys;
    });

    public IReadOnlyCollection<DocumentKey> ReadPurged() => !AnyPurged ? [] : Guarded(() =>
    {
        using var statement = new SqliteStatement(_connection, "SELECT collection, id FROM edge_purged");
        return ReadDocumentKeys(statement);
    });

    private static List<DocumentKey> ReadDocumentKeys(SqliteStatement rows)
    {
        var documents = new List<DocumentKey>();
        while (rows.Step()) documents.Add(new(rows.Text(0), DocumentId.FromBytes(rows.Blob(1))));
        return documents;
    }

    private void RemoveWaiting(DocumentKey document)
    {
        if (!_anyWaiting) return;
        using var statement = new SqliteStatement(_connection, "DELETE FROM edge_waiting WHERE collection = ?1 AND id = ?2");
        statement.Bind(1, document.Collection).Bind(2, document.Id.ToByteArray()).Run();
    }

    private void LoadKeys()
    {
        KeyMark = Scalar($"SELECT value FROM edge_meta WHERE key = '{MarkEntry}'") is byte[] mark ? Trust.Content.KeyMark.FromBytes(mark) : null;
        _anyWaiting = (long)Scalar("SELECT EXISTS (SELECT 1 FROM edge_waiting)")! == 1;
    }
}
