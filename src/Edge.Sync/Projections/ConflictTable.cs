using System.Buffers;
using Edge.Sync.Documents;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;
using MessagePack;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Projections;

/// <summary>The conflict inbox: a row for each value, deletion or edit that lost. Written in the transaction that changes the documents; can be dropped and made again.</summary>
/// <remarks>Made when the first conflict comes, or when it is first asked for: then the states of all documents are looked through once.</remarks>
/// <param name="store">The file.</param>
/// <param name="keys">The keys to read documents with.</param>
/// <param name="fieldsOf">The fields of a collection, with the app's own rules as far as its class is in use; null where it has no table.</param>
internal sealed class ConflictTable(SqliteStore store, IContentKeys keys, Func<string, IReadOnlyList<FieldDefinition>?> fieldsOf)
{
    private const string Columns = "collection, id, field, path, rule, replica, counter, time, lost, shown";

    /// <summary>The documents that have rows, so that all others cost no statement.</summary>
    private readonly HashSet<DocumentKey> _documents = [];
    private bool _exists;

    public void Reload()
    {
        _documents.Clear();
        _exists = Query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'edge_conflicts'", static _ => true).Count > 0;
        if (!_exists) return;
        foreach (var key in Query("SELECT DISTINCT collection, id FROM edge_conflicts", static r => new DocumentKey(r.GetString(0), DocumentId.FromBytes(r.GetFieldValue<byte[]>(1)))))
            _documents.Add(key);
    }

    public void Project(DocumentState document)
    {
        if (!ConflictRow.MayHave(document) && !_documents.Contains(document.Key)) return;
        var rows = ConflictRow.Of(document, fieldsOf(document.Collection));
        if (rows.Count == 0 && !_documents.Contains(document.Key)) return;
        Ensure();
        Remove(document.Key);
        Insert(document.Key, rows);
    }

    public void Remove(DocumentKey key)
    {
        if (_documents.Remove(key)) Execute("DELETE FROM edge_conflicts WHERE collection = $1 AND id = $2", key.Collection, key.Id.ToByteArray());
    }

    /// <summary>Empties the inbox: all documents are about to be projected again.</summary>
    public void Clear()
    {
        _documents.Clear();
        if (_exists) Execute("DELETE FROM edge_conflicts");
    }

    /// <summary>Makes the table where it is missing, inside a transaction.</summary>
    public void Ensure()
    {
        if (_exists) return;
        Execute("""
            CREATE TABLE edge_conflicts (
                collection TEXT NOT NULL, id BLOB NOT NULL, field INTEGER NOT NULL, path BLOB NOT NULL, rule INTEGER NOT NULL,
                replica BLOB NOT NULL, counter INTEGER NOT NULL, time INTEGER NOT NULL, lost BLOB, shown BLOB,
                PRIMARY KEY (collection, id, field, path, replica, counter)) WITHOUT ROWID
            """);
        Execute(ReadModelGuard.CreateSql("edge_conflicts", "db.Conflicts.RestoreAsync or DismissAsync"));
        _exists = true;
        using var documents = new DocumentReader(store.Connection, store.Path, keys);
        foreach (var (key, stored) in store.ReadDocuments())
            if (stored.IsWhole) Insert(key, ConflictRow.Of(documents.Read(key, stored.State, stored.Tail), fieldsOf(key.Collection)));
    }

    /// <summary>Makes the rows of a collection again: its class has come, and with it the rules that say what is shown. Inside a transaction.</summary>
    public void Refresh(string collection)
    {
        var open = _documents.Where(key => key.Collection == collection).ToHashSet();
        if (open.Count == 0) return;
        using var documents = new DocumentReader(store.Connection, store.Path, keys);
        foreach (var (key, stored) in store.ReadDocuments())
        {
            if (!stored.IsWhole || !open.Contains(key)) continue;
            var document = documents.Read(key, stored.State, stored.Tail);
            Remove(key);
            Insert(key, ConflictRow.Of(document, fieldsOf(collection)));
        }
    }

    /// <summary>Rows as <see cref="Read"/> takes them, newest first.</summary>
    public static string SelectSql(string condition) => $"SELECT {Columns} FROM edge_conflicts {condition} ORDER BY time DESC, collection, id, field, path, replica, counter";

    public static (DocumentKey Key, ConflictRow Row) Read(SqliteDataReader reader) => (
        new(reader.GetString(0), DocumentId.FromBytes(reader.GetFieldValue<byte[]>(1))),
        new((ConflictRule)reader.GetInt32(4), (uint)reader.GetInt64(2), ReadPath(reader.GetFieldValue<byte[]>(3)),
            new(ReplicaId.FromBytes(reader.GetFieldValue<byte[]>(5)), (ulong)reader.GetInt64(6)), new((ulong)reader.GetInt64(7)), ReadValue(reader, 8), ReadValue(reader, 9)));

    private void Insert(DocumentKey key, List<ConflictRow> rows)
    {
        foreach (var row in rows)
            Execute($"INSERT INTO edge_conflicts ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
                key.Collection, key.Id.ToByteArray(), (long)row.FieldId, WritePath(row.Path), (int)row.Rule, row.Dot.Replica.ToByteArray(), (long)row.Dot.Counter,
                (long)row.Stamp.Value, row.Lost is { } lost ? lost.Memory.ToArray() : DBNull.Value, row.Shown is { } shown ? shown.Memory.ToArray() : DBNull.Value);
        if (rows.Count > 0) _documents.Add(key);
    }

    private static ValueBytes? ReadValue(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : new(reader.GetFieldValue<byte[]>(column));

    private static byte[] WritePath(ValueBytes[] path)
    {
        if (path.Length == 0) return [];
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        foreach (var key in path) writer.Write(key.Span);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static ValueBytes[] ReadPath(byte[] bytes)
    {
        var reader = new WireReader(bytes, default);
        var path = new List<ValueBytes>();
        while (!reader.End) path.Add(new(reader.ReadBytes("conflict.path")));
        return [.. path];
    }

    private List<TRow> Query<TRow>(string sql, Func<SqliteDataReader, TRow> read)
    {
        using var command = store.Connection.CreateCommand();
        command.CommandText = sql;
        var rows = new List<TRow>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private void Execute(string sql, params ReadOnlySpan<object> values)
    {
        using var command = store.Connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        store.Guarded(command.ExecuteNonQuery);
    }
}
