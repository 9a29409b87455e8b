using Edge.Sync.Log;

namespace Edge.Sync.Storage;

/// <summary>What the log folds to: documents with their states, and which changes each one has.</summary>
internal sealed partial class SqliteStore
{
    private const long Incomplete = 2;

    // So many fit on a page that a batch of small documents writes few, and a keystroke in a long text does not write the text.
    private const int StateBytesInRowMax = 512;

    private const string DocumentColumns = $"d.row, d.state IS NULL, d.covers, {SqliteSchema.StateSql}, d.covered, d.tail, d.present";

    private SqliteStatement _readDocument = null!, _insertDocument = null!, _insertWithState = null!, _updateDocument = null!, _updateWithState = null!;
    private SqliteStatement _writeStateApart = null!, _insertHistory = null!, _readHistory = null!, _readRecent = null!;
    private long _lastRow;

    public int FoldVersion { get; private set; }

    private void PrepareDocuments()
    {
        _readDocument = Prepare($"SELECT {DocumentColumns} FROM edge_documents d WHERE d.collection = ?1 AND d.id = ?2");
        // A parameter costs a tenth of what an update does: there are as few of them as can be, by the same numbers in all four.
        _insertDocument = Prepare("INSERT INTO edge_documents (row, collection, id, present, version, tail, covers, covered) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, x'')");
        _insertWithState = Prepare("INSERT INTO edge_documents (row, collection, id, present, version, tail, covers, covered, state) VALUES (?1, ?2, ?3, ?4, ?5, x'', ?5, ?7, ?8)");
        _updateDocument = Prepare("UPDATE edge_documents SET present = ?4, version = ?5, tail = ?6 WHERE row = ?1");
        _updateWithState = Prepare("UPDATE edge_documents SET present = ?4, version = ?5, tail = x'', covers = ?5, covered = ?7, state = ?8 WHERE row = ?1");
        _writeStateApart = Prepare("INSERT OR REPLACE INTO edge_states (row, state) VALUES (?1, ?2)");
        _insertHistory = Prepare("INSERT INTO edge_history (document, last, sequences) VALUES (?1, ?2, ?3)");
        _readHistory = Prepare("SELECT h.sequences FROM edge_documents d JOIN edge_history h ON h.document = d.row WHERE d.collection = ?1 AND d.id = ?2 AND h.last > ?3 ORDER BY h.last");
        _readRecent = Prepare("SELECT covered, tail FROM edge_documents WHERE collection = ?1 AND id = ?2");
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
        try { return _readDocument.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Step() ? ReadDocument(_readDocument) : null; }
        finally { _readDocument.Reset(); }
    });

    public DocumentPlace WriteDocument(in DocumentWrite write)
    {
        try
        {
            var isNew = write.Place.Row == 0;
            var place = isNew ? new(++_lastRow) : write.Place;
            var statement = write.State is null ? isNew ? _insertDocument : _updateDocument : isNew ? _insertWithState : _updateWithState;
            if (isNew) statement.Bind(2, write.Key.Collection).Bind(3, write.Key.Id.ToByteArray());
            statement.Bind(1, place.Row).Bind(4, !write.IsWhole ? Incomplete : write.Exists ? 1 : 0).Bind(5, write.Version);
            if (write.State is not { } state) BindRun(statement, 6, write.Tail);
            else place = BindState(BindRun(statement, 7, write.Covered), 8, place, state.Span);
            statement.Run();
            if (write.Settled.Count > 0) BindRun(_insertHistory.Bind(1, place.Row).Bind(2, write.Settled[^1]), 3, write.Settled).Run();
            return place;
        }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, Path, out var error)) { throw error; }
    }

    /// <summary>Leaves a small state to the statement that writes its document's row, and stores a large one apart. Returns where the document is then.</summary>
    private DocumentPlace BindState(SqliteStatement statement, int parameter, DocumentPlace place, ReadOnlySpan<byte> state)
    {
        var isApart = state.Length > StateBytesInRowMax;
        if (isApart)
        {
            statement.BindValue(parameter, null);
            _writeStateApart.Bind(1, place.Row).Bind(2, state).Run();
        }
        else
        {
            statement.Bind(parameter, state);
            if (place.HasStateApart) _removeState.Bind(1, place.Row).Run();
        }
        return place with { HasStateApart = isApart };
    }

    private static SqliteStatement BindRun(SqliteStatement statement, int parameter, IReadOnlyList<long> sequences)
    {
        if (sequences.Count == 0) return statement.Bind(parameter, []);
        Span<byte> scratch = sequences.Count <= 64 ? stackalloc byte[SequenceRun.BytesMax(64)] : new byte[SequenceRun.BytesMax(sequences.Count)];
        return statement.Bind(parameter, scratch[..SequenceRun.Write(sequences, scratch)]);
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
            if (_readRecent.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Step() && Add(SequenceRun.Read(_readRecent.Blob(0)))) Add(SequenceRun.Read(_readRecent.Blob(1)));
            return result;
        }
        finally
        {
            _readHistory.Reset();
            _readRecent.Reset();
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
        using var statement = Guarded(() => new SqliteStatement(_connection, $"SELECT {DocumentColumns}, d.collection, d.id FROM edge_documents d ORDER BY d.collection, d.id"));
        while (Guarded(() => statement.Step() ? (new(statement.Text(7), DocumentId.FromBytes(statement.Blob(8))), ReadDocument(statement)) : ((DocumentKey, StoredDocument)?)null) is { } document)
            yield return document;
    }

    private static StoredDocument ReadDocument(SqliteStatement row)
    {
        var state = row.IsNull(3) ? null : row.Blob(3).ToArray();
        return new(new(row.Int64(0), HasStateApart: state is not null && row.Int64(1) == 1), state, row.Int64(2), SequenceRun.Read(row.Blob(5)))
        {
            IsWhole = row.Int64(6) != Incomplete,
            Covered = SequenceRun.Read(row.Blob(4)),
        };
    }
}
