using Edge.Sync.Log;

namespace Edge.Sync.Storage;

/// <summary>What the log folds to: documents with their states, and which changes each one has.</summary>
internal sealed partial class SqliteStore
{
    private const long Incomplete = 2;

    private SqliteStatement _readDocument = null!, _insertDocument = null!, _updateDocument = null!, _writeState = null!, _insertHistory = null!, _readHistory = null!, _readTail = null!;
    private long _lastRow;

    public int FoldVersion { get; private set; }

    private void PrepareDocuments()
    {
        _readDocument = Prepare("SELECT d.row, d.tail, s.covers, s.state, d.present FROM edge_documents d LEFT JOIN edge_states s ON s.row = d.row WHERE d.collection = ?1 AND d.id = ?2");
        _insertDocument = Prepare("INSERT INTO edge_documents (row, collection, id, present, version, tail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _updateDocument = Prepare("UPDATE edge_documents SET present = ?2, version = ?3, tail = ?4 WHERE row = ?1");
        _writeState = Prepare("INSERT OR REPLACE INTO edge_states (row, covers, state) VALUES (?1, ?2, ?3)");
        _insertHistory = Prepare("INSERT INTO edge_history (document, last, sequences) VALUES (?1, ?2, ?3)");
        _readHistory = Prepare("SELECT h.sequences FROM edge_documents d JOIN edge_history h ON h.document = d.row WHERE d.collection = ?1 AND d.id = ?2 AND h.last > ?3 ORDER BY h.last");
        _readTail = Prepare("SELECT tail FROM edge_documents WHERE collection = ?1 AND id = ?2");
    }

    private void LoadDocuments()
    {
        _lastRow = (long)Scalar("SELECT coalesce(max(row), 0) FROM edge_documents")!;
        FoldVersion = (int)ReadNumber(_connection, "fold");
        LoadAbsent();
        LoadKeys();
    }

    public byte[]? ReadLocal(DocumentKey key) => Guarded(() => LocalTable.Read(_connection, key));

    public void WriteLocal(DocumentKey key, ulong last, byte[] state) => Guarded(() => { LocalTable.Write(_connection, key, last, state); return true; });

    public ulong ReadLastLocal() => Guarded(() => LocalTable.ReadLast(_connection));

    public StoredDocument? ReadDocument(DocumentKey key) => Guarded(() =>
    {
        try
        {
            if (!_readDocument.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Step()) return null;
            var hasState = !_readDocument.IsNull(3);
            return new StoredDocument(_readDocument.Int64(0), hasState ? _readDocument.Blob(3).ToArray() : null, hasState ? _readDocument.Int64(2) : 0, SequenceRun.Read(_readDocument.Blob(1))) { IsWhole = _readDocument.Int64(4) != Incomplete };
        }
        finally { _readDocument.Reset(); }
    });

    public long WriteDocument(in DocumentWrite write)
    {
        try
        {
            Span<byte> scratch = write.Tail.Count <= 64 ? stackalloc byte[SequenceRun.BytesMax(64)] : new byte[SequenceRun.BytesMax(write.Tail.Count)];
            ReadOnlySpan<byte> tail = scratch[..SequenceRun.Write(write.Tail, scratch)];
            var present = !write.IsWhole ? Incomplete : write.Exists ? 1 : 0;
            var row = write.Row;
            if (row == 0)
            {
                row = ++_lastRow;
                _insertDocument.Bind(1, row).Bind(2, write.Key.Collection).Bind(3, write.Key.Id.ToByteArray()).Bind(4, present).Bind(5, write.Version).Bind(6, write.State is null ? tail : []).Run();
            }
            else _updateDocument.Bind(1, row).Bind(2, present).Bind(3, write.Version).Bind(4, write.State is null ? tail : []).Run();
            if (write.State is null) return row;
            _writeState.Bind(1, row).Bind(2, write.Version).Bind(3, write.State.Value.Span).Run();
            if (write.Tail.Count > 0) _insertHistory.Bind(1, row).Bind(2, write.Tail[^1]).Bind(3, tail).Run();
            return row;
        }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, Path, out var error)) { throw error; }
    }

    public void ClearDocuments(int foldVersion) => Guarded(() =>
    {
        Execute(_connection, "DELETE FROM edge_documents; DELETE FROM edge_states; DELETE FROM edge_history; DELETE FROM edge_purged; DELETE FROM edge_holes; DELETE FROM edge_waiting; DELETE FROM edge_events;");
        WriteMeta(_connection, "fold", foldVersion);
        _lastRow = 0;
        _lastEventDepth = 0;
        ForgetAppendedEvents();
        AreAllEventsNew = true;
        FoldVersion = foldVersion;
        _anyPurged = _anyHoles = _anyWaiting = false;
        return true;
    });

    public IReadOnlyList<StoredChange> ReadDocumentChanges(DocumentKey key, long afterSequence, int bytesMax) => Guarded(() =>
    {
        var result = new List<StoredChange>();
        var bytes = 0;
        try
        {
            _readHistory.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Bind(3, afterSequence);
            while (_readHistory.Step())
                if (!Add(SequenceRun.Read(_readHistory.Blob(0)))) return result;
            if (_readTail.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Step()) Add(SequenceRun.Read(_readTail.Blob(0)));
            return result;
        }
        finally
        {
            _readHistory.Reset();
            _readTail.Reset();
        }

        bool Add(long[] sequences)
        {
            foreach (var sequence in sequences)
            {
                if (sequence <= afterSequence) continue;
                if (bytes >= bytesMax && result.Count > 0) return false;
                result.Add(ReadChange(sequence));
                bytes += result[^1].Bytes.Length;
            }
            return true;
        }
    });

    public StoredChange ReadChange(long sequence) => Guarded(() => _log.Find(sequence) ?? throw new InvalidCastException($"Change {sequence} is not in the log."));

    public IEnumerable<(DocumentKey Key, StoredDocument Document)> ReadDocuments()
    {
        using var statement = Guarded(() => new SqliteStatement(_connection, """
            SELECT d.row, d.tail, s.covers, s.state, d.collection, d.id, d.present FROM edge_documents d LEFT JOIN edge_states s ON s.row = d.row ORDER BY d.collection, d.id
            """));
        while (Guarded(() => statement.Step() ? Read(statement) : ((DocumentKey, StoredDocument)?)null) is { } document)
            yield return document;

        static (DocumentKey, StoredDocument) Read(SqliteStatement row)
        {
            var hasState = !row.IsNull(3);
            return (new(row.Text(4), DocumentId.FromBytes(row.Blob(5))),
                new(row.Int64(0), hasState ? row.Blob(3).ToArray() : null, hasState ? row.Int64(2) : 0, SequenceRun.Read(row.Blob(1))) { IsWhole = row.Int64(6) != Incomplete });
        }
    }
}
