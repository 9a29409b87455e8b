using Edge.Sync.Log;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>What is not there any more, or not yet: purged documents, holes, and the bytes that an erase takes out of the file.</summary>
/// <remarks>
/// SQLite leaves what it deletes or moves in free pages, in the gaps of others and in the write-ahead log. So a purge that is committed leaves a mark in
/// <c>edge_meta</c>, and is finished when the file has been written anew and the write-ahead log is empty: <see cref="Erase"/>. A crash between the two
/// leaves the mark, and the next opening finishes it.
/// </remarks>
internal sealed partial class SqliteStore
{
    private const string EraseMark = "erase", KeepersEntry = "keepers";

    /// <summary>In <c>edge_meta</c> of a file that may evict. No way leads from one to the other.</summary>
    internal const string MayEvictMark = "may_evict";

    // It does not follow from the log: what was evicted stays so, however often that is folded again.
    private const string CreateEvictedSql = "CREATE TABLE IF NOT EXISTS edge_evicted (collection TEXT NOT NULL, id BLOB NOT NULL, PRIMARY KEY (collection, id)) WITHOUT ROWID;";

    private SqliteStatement _addPurged = null!, _findPurged = null!, _addHole = null!, _readHoles = null!, _removeHoles = null!, _replaceChange = null!;
    private SqliteStatement _removeHistory = null!, _removeState = null!, _removeDocument = null!;

    // Whether it is worth asking: most files have none. True stays true until the tables are read again.
    private bool _anyPurged, _anyHoles;

    // Whether what came and went without a change being appended survives a power cut.
    private bool _areSectionsSynced = true;

    // Whether only the write-ahead log still has to go.
    private bool _isPacked;

    public bool IsEraseDue { get; private set; }

    public bool MayEvict { get; private set; }

    /// <summary>Whether documents may be evicted from a file.</summary>
    internal static bool MayEvictIn(SqliteConnection connection) => ReadNumber(connection, MayEvictMark) != 0;

    private void PrepareAbsent()
    {
        _addPurged = Prepare("INSERT OR IGNORE INTO edge_purged (collection, id) VALUES (?1, ?2)");
        _findPurged = Prepare("SELECT 1 FROM edge_purged WHERE collection = ?1 AND id = ?2");
        _addHole = Prepare("INSERT OR IGNORE INTO edge_holes (collection, id, sequence, section) VALUES (?1, ?2, ?3, ?4)");
        _readHoles = Prepare("SELECT sequence, section FROM edge_holes WHERE collection = ?1 AND id = ?2 ORDER BY sequence, section");
        _removeHoles = Prepare("DELETE FROM edge_holes WHERE collection = ?1 AND id = ?2");
        _replaceChange = Prepare("UPDATE edge_changes SET bytes = ?2 WHERE sequence = ?1");
        _removeHistory = Prepare("DELETE FROM edge_history WHERE document = ?1");
        _removeState = Prepare("DELETE FROM edge_states WHERE row = ?1");
        _removeDocument = Prepare("DELETE FROM edge_documents WHERE row = ?1");
    }

    private void LoadAbsent()
    {
        _anyPurged = (long)Scalar("SELECT EXISTS (SELECT 1 FROM edge_purged)")! == 1;
        _anyHoles = (long)Scalar("SELECT EXISTS (SELECT 1 FROM edge_holes)")! == 1;
        IsEraseDue = ReadNumber(_connection, EraseMark) != 0;
        MayEvict = ReadNumber(_connection, MayEvictMark) != 0;
    }

    public IReadOnlyList<DocumentKey> ReadIncomplete(DocumentKey from, int countMax) => !_anyHoles ? [] : Guarded(() =>
    {
        using var statement = new SqliteStatement(_connection, """
            SELECT DISTINCT h.collection, h.id FROM edge_holes h WHERE (h.collection, h.id) >= (?1, ?2)
            AND NOT EXISTS (SELECT 1 FROM edge_evicted e WHERE e.collection = h.collection AND e.id = h.id) ORDER BY h.collection, h.id LIMIT ?3
            """);
        statement.Bind(1, from.Collection ?? "").Bind(2, from.Id.ToByteArray()).Bind(3, countMax);
        return ReadDocumentKeys(statement);
    });

    public void AddEvicted(DocumentKey key) => Guarded(() =>
    {
        using var statement = new SqliteStatement(_connection, "INSERT OR IGNORE INTO edge_evicted (collection, id) VALUES (?1, ?2)");
        statement.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Run();
        return true;
    });

    public void RemoveEvicted(DocumentKey key) => Guarded(() =>
    {
        using var statement = new SqliteStatement(_connection, "DELETE FROM edge_evicted WHERE collection = ?1 AND id = ?2");
        statement.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Run();
        return true;
    });

    public ReadOnlyMemory<byte> ReadKeepers() => Guarded(() => TryReadMeta(_connection, KeepersEntry) ?? []);

    public void WriteKeepers(ReadOnlyMemory<byte> bytes) => Guarded(() => { WriteMeta(_connection, KeepersEntry, bytes.ToArray()); return true; });

    public void MarkErase() => Guarded(() =>
    {
        WriteMeta(_connection, EraseMark, 1L);
        _isPacked = false;
        return IsEraseDue = true;
    });

    public void RemoveDocument(DocumentKey key) => Guarded(() =>
    {
        LocalTable.Remove(_connection, key);
        if (ReadDocument(key) is not { Place.Row: var row }) return false;
        _removeHistory.Bind(1, row).Run();
        _removeState.Bind(1, row).Run();
        _removeDocument.Bind(1, row).Run();
        return true;
    });

    public void ReplaceChanges(IReadOnlyList<StoredChange> changes) => Guarded(() =>
    {
        for (var i = 0; i < changes.Count;)
        {
            if (changes[i].Sequence > _packed || _log.SegmentOf(changes[i].Sequence) is not { } segment)
            {
                _replaceChange.Bind(1, changes[i].Sequence).Bind(2, changes[i].Bytes.Span).Run();
                i++;
                continue;
            }
            // All that lie in one segment at once: it is written anew as a whole.
            var packed = segment.Changes.ToArray();
            for (; i < changes.Count && changes[i].Sequence <= segment.Last; i++)
                packed[changes[i].Sequence - segment.First] = packed[changes[i].Sequence - segment.First] with { Bytes = changes[i].Bytes };
            WriteSegment(packed);
        }
        return true;
    });

    public void AddPurged(DocumentKey key) => Guarded(() =>
    {
        _addPurged.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Run();
        MarkErase();
        return _anyPurged = true;
    });

    public bool AnyPurged => _anyPurged;

    public bool IsPurged(DocumentKey key) => _anyPurged && Guarded(() =>
    {
        try { return _findPurged.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Step(); }
        finally { _findPurged.Reset(); }
    });

    public void AddHole(DocumentKey key, Hole hole) => Guarded(() =>
    {
        _areSectionsSynced = false;
        _addHole.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Bind(3, hole.Sequence).Bind(4, hole.Section).Run();
        return _anyHoles = true;
    });

    public IReadOnlyList<Hole> ReadHoles(DocumentKey key) => !_anyHoles ? [] : Guarded(() =>
    {
        var holes = new List<Hole>();
        try
        {
            _readHoles.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray());
            while (_readHoles.Step())
                holes.Add(new(_readHoles.Int64(0), (int)_readHoles.Int64(1)));
            return holes;
        }
        finally { _readHoles.Reset(); }
    });

    public void RemoveHoles(DocumentKey key) => Guarded(() =>
    {
        _areSectionsSynced = false;
        if (_anyHoles) _removeHoles.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Run();
        RemoveWaiting(key);
        return true;
    });

    /// <summary>Called when SQLite has dropped what is temporary, triggers among it: it does so where temporary things change their place.</summary>
    public Action? TemporariesDropped { get; set; }

    public bool Erase() => Guarded(() =>
    {
        if (!IsEraseDue) return true;
        // The copy that VACUUM makes goes to a temporary file, not into memory: it is as large as the database.
        Execute(_connection, "PRAGMA secure_delete = ON; PRAGMA temp_store = FILE;");
        try
        {
            if (!_isPacked) Pack();
            _isPacked = true;
            if (!_checkpointer.TryTruncate()) return false;
        }
        finally
        {
            Execute(_connection, "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = OFF;");
            TemporariesDropped?.Invoke();
        }
        Execute(_connection, $"DELETE FROM edge_meta WHERE key = '{EraseMark}'");
        IsEraseDue = false;
        return true;
    });

    private void Pack()
    {
        // A full-text index keeps the words of what was taken out of it until it happens to merge them away.
        foreach (var index in ReadFullTextTables())
            Execute(_connection, $"INSERT INTO \"{index}\" (\"{index}\") VALUES ('rebuild')");
        Execute(_connection, "VACUUM");
    }

    private List<string> ReadFullTextTables()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }
}
