using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Projections;
using Edge.Sync.Series;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>
/// Proves a file: recomputes each id of the log from bytes and past, folds the log again from nothing, and compares all that is stored beside it. Reads only.
/// </summary>
/// <remarks>Memory stays bounded: the log is folded in parts, by document, as often as there are parts.</remarks>
internal sealed class Verifier : IChangeIndex, IDisposable
{
    /// <summary>Documents in memory at a time.</summary>
    private const int PartDocuments = 50_000;

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly IProgress<long>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly int _partDocuments;
    private readonly SqliteStatement _findFeed;
    private SqliteStatement _findDocument = null!, _readHistory = null!; // prepared once it is known that their tables are as this version makes them
    private readonly DocumentReader _documents;
    private readonly LogReader _log;
    private readonly IContentKeys _keys;
    private readonly HashSet<DocumentKey> _waiting = [];
    private readonly VerificationReport _report = new();
    private readonly LogRulings _rulings = new();
    private readonly HashSet<long> _rulingSequences = [];
    private readonly HashSet<PublicKey> _accepting = [];
    private readonly List<(ChangeId By, long Sequence, PublicKey Owner, RejectRecord Rejection)> _rejections = [];
    private readonly Dictionary<Dot, ChangeId> _recentIds = [];

    // Nothing is written here that it would seal.
    private static readonly PublicKey s_noKey = PublicKey.OfP256(new byte[DeviceKey.PublicKeySizeBytes]);

    /// <param name="connection">Inside of a read transaction, so that it sees one moment.</param>
    /// <param name="path">For messages.</param>
    /// <param name="keys">The keys of its documents.</param>
    /// <param name="progress">Gets the number of changes that were read so far, over all parts.</param>
    /// <param name="cancellationToken">Looked at between changes.</param>
    /// <param name="partDocuments">Documents in memory at a time.</param>
    public Verifier(SqliteConnection connection, string path, IContentKeys keys, IProgress<long>? progress, CancellationToken cancellationToken, int partDocuments = PartDocuments)
    {
        (_connection, _path, _progress, _cancellationToken, _partDocuments) = (connection, path, progress, cancellationToken, partDocuments);
        _findFeed = new(connection, "SELECT p.sequence FROM edge_positions p JOIN edge_feeds f ON f.feed = p.feed WHERE f.replica = ?1 AND p.last >= ?2 ORDER BY p.last LIMIT 1");
        _log = new(connection);
        _keys = keys;
        _documents = new(connection, path, keys);
    }

    public static VerificationReport Verify(SqliteConnection connection, string path, IContentKeys keys, IProgress<long>? progress, CancellationToken cancellationToken, int partDocuments = PartDocuments)
    {
        using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN";
        begin.ExecuteNonQuery();
        try
        {
            using var verifier = new Verifier(connection, path, keys, progress, cancellationToken, partDocuments);
            return verifier.Verify();
        }
        finally
        {
            begin.CommandText = "ROLLBACK";
            begin.ExecuteNonQuery();
        }
    }

    private VerificationReport Verify()
    {
        // Each step goes on where another failed: the report names all that is wrong, as far as it can be read.
        Try(VerificationSubject.Page, VerifyPages);
        Try(VerificationSubject.Log, VerifyLog);
        if (_report.IsSound) Try(VerificationSubject.Document, VerifyFold);
        Try(VerificationSubject.Series, () => _report.PointCount = SeriesCheck.Check(_connection, (_, _, message) => _report.Add(VerificationSubject.Series, message)));
        return _report;
    }

    private void VerifyPages()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"PRAGMA integrity_check({VerificationReport.FaultsMax})";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            if (reader.GetString(0) is not "ok" and var fault) _report.Add(VerificationSubject.Page, fault);
    }

    private void VerifyLog()
    {
        var database = new DatabaseId(Hash256.FromBytes(ReadMeta("database")));
        var self = ReplicaId.FromBytes(ReadMeta("replica"));
        var log = new ChangeLog(database, self, s_noKey, this);
        log.Tree.Load(SqliteStore.TryReadMeta(_connection, SqliteStore.BranchesKey) ?? []);
        var index = new IndexCheck((long)Scalar($"SELECT {FeedEnds.IndexedSql}")!);
        var packed = (long)Scalar("SELECT coalesce(max(last), 0) FROM edge_segments")!;
        long expected = 1;
        foreach (var stored in ReadLog())
        {
            if (stored.Sequence == index.End + 1) VerifyIndex(log, index);
            if (stored.Sequence > index.End) _recentIds[stored.Last] = stored.Id;
            index.Add(stored.Last, stored.Sequence, stored.Sequence <= packed ? _log.PlaceOf(stored.Sequence)?.Last : null);
            if (stored.Sequence != expected) _report.Add(VerificationSubject.Log, $"change {expected} is missing");
            expected = stored.Sequence + 1;
            _report.ChangeCount++;
            try
            {
                var change = Change.ParseStored(stored.Bytes);
                if (change.Header.Last != stored.Last) _report.Add(VerificationSubject.Log, $"change {stored.Sequence} is filed under {stored.Last}, and is {change.Header.Last}");
                var admission = log.Admit(change);
                if (admission.Verdict != AdmissionVerdict.Accepted) _report.Add(VerificationSubject.Log, $"change {stored.Sequence} ({change.Header.Last}) does not follow what is before it: {admission.Verdict}");
                else if (admission.Id != stored.Id) _report.Add(VerificationSubject.Log, $"change {stored.Sequence} ({change.Header.Last}) has id {admission.Id} by its bytes, {stored.Id} is stored");
                log.Append(change, stored.Id);
                foreach (var record in DocumentFold.ReadRecords(change, out _) ?? [])
                    Take(record, stored, log.TryGetOwner(stored.Last.Replica, out var owner) ? owner : s_noKey);
                if (!stored.Signature.IsEmpty) VerifySeal(log, stored, change.Written.Last);
            }
            catch (EdgeDataException e) { _report.Add(VerificationSubject.Log, $"change {stored.Sequence} is malformed: {e.Message}"); }
        }
        if (expected <= index.End + 1) VerifyIndex(log, index);
        foreach (var (by, sequence, owner, rejection) in _rejections)
            if (!_accepting.Contains(owner) || !IsAccepted(log, rejection.ChangeId, owner, sequence)) _rulings.Add(by, rejection);
        _rulings.Decide();
    }

    private void Take(LogRecord record, in StoredChange stored, PublicKey owner)
    {
        if (LogRulings.Takes(record)) _rulingSequences.Add(stored.Sequence);
        if (record is AcceptRecord) _accepting.Add(owner);
        else if (record is RejectRecord rejection) _rejections.Add((stored.Id, stored.Sequence, owner, rejection));
        else _rulings.Add(stored.Id, record);
    }

    private bool IsAccepted(ChangeLog log, ChangeId id, PublicKey owner, long until)
    {
        var acceptance = new Acceptance(id, owner, feed => log.TryGetOwner(feed, out var key) ? key : null);
        foreach (var stored in _log.ReadAfter(0))
        {
            var change = Change.ParseStored(stored.Bytes);
            var isAccepted = acceptance.Take(change, stored.Id, () => DocumentFold.ReadRecords(change, out _) ?? []);
            if (stored.Sequence == until) return isAccepted;
        }
        return false;
    }

    private void VerifySeal(ChangeLog log, StoredChange stored, Dot written)
    {
        _report.SealCount++;
        if (!log.TryGetOwner(stored.Last.Replica, out var owner) || !P256.Verify(owner, Seal.Digest(log.Database, written, stored.Id), stored.Signature.Span))
            _report.Add(VerificationSubject.Log, $"the seal behind change {stored.Sequence} ({stored.Last}) is not its owner's");
    }

    /// <summary>Compares the log's index with the log up to where it goes.</summary>
    private void VerifyIndex(ChangeLog log, IndexCheck expected)
    {
        var indexed = FeedEnds.ReadIndexed(_connection);
        foreach (var end in log.Held.ToSortedList())
        {
            if (indexed.LastId(end.Replica) != log.LastId(end.Replica) || indexed.Held[end.Replica] != end.Counter || indexed.IsHead(end.Replica) != log.IsHead(end.Replica))
                _report.Add(VerificationSubject.Log, $"the end of feed {end.Replica} is not where edge_feeds says it is");
        }
        if (indexed.Held.Count != log.Held.Count) _report.Add(VerificationSubject.Log, $"{log.Held.Count} feeds have changes, edge_feeds has {indexed.Held.Count}");
        var actual = new IndexCheck(expected.End);
        using var positions = new SqliteStatement(_connection, "SELECT f.replica, p.last, p.sequence FROM edge_positions p JOIN edge_feeds f ON f.feed = p.feed");
        while (positions.Step())
            actual.Add(new(ReplicaId.FromBytes(positions.Blob(0)), (ulong)positions.Int64(1)), positions.Int64(2));
        if (actual.Sum != expected.Sum) _report.Add(VerificationSubject.Log, $"edge_positions differs from where the changes up to {expected.End} are");
    }

    private void VerifyFold()
    {
        // Else they are made again at the next opening.
        if (!SqliteStore.AreDerivedCurrent(_connection) || Scalar("SELECT value FROM edge_meta WHERE key = 'fold'") is not (long)DocumentFold.Version) return;
        _findDocument = new(_connection, $"SELECT d.row, d.present, d.version, d.tail, d.covers, {SqliteSchema.StateSql}, d.covered FROM edge_documents d WHERE d.collection = ?1 AND d.id = ?2");
        _readHistory = new(_connection, "SELECT last, sequences FROM edge_history WHERE document = ?1 ORDER BY last");
        var stored = (long)Scalar("SELECT count(*) FROM edge_documents")!;
        ReadWaiting();
        var tables = ReadTables();
        var purged = new HashSet<DocumentKey>();
        var parts = (int)Math.Max(1, (stored + _partDocuments - 1) / _partDocuments);
        var graph = new ChangeGraph();
        var judge = NewJudge(graph);
        for (var part = 0; part < parts; part++)
        {
            var folded = new FoldedPart(part, parts);
            foreach (var logged in ReadLog())
            {
                folded.Sequence = logged.Sequence;
                var change = Change.ParseStored(logged.Bytes);
                if (part == 0) graph.Add(change);
                var voided = DocumentFold.Join(change, folded, _keys, part == 0 ? judge : null);
                if (part > 0) continue;
                if (judge.Mark(change) != change) _report.Add(VerificationSubject.Log, $"change {logged.Sequence} ({change.Header.Last}) is not kept with the sections void that name what it does not follow");
                if (_rulings.Rule(change, logged.Id) != change) _report.Add(VerificationSubject.Log, $"change {logged.Sequence} ({change.Header.Last}) is not kept as the log's records say that it counts");
                var records = DocumentFold.ReadRecords(change, out var voidedRecords);
                foreach (var erasure in records?.OfType<ErasureRecord>() ?? [])
                    purged.Add(erasure.Document);
                _report.PendingRecordCount += records?.Count(static record => record.IsPending) ?? 0;
                _report.VoidCount += voided + voidedRecords;
            }
            foreach (var key in purged)
                if (folded.Documents.Remove(key, out var erased) && erased.HasContent) _report.Add(VerificationSubject.Log, $"{key} is purged, and the log still has content of it");
            foreach (var (key, document) in folded.Documents)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                Try(VerificationSubject.Document, () => VerifyDocument(key, document, tables));
            }
            _report.DocumentCount += folded.Documents.Count;
        }
        VerifyPurged(purged);
        if (_report.DocumentCount != stored) _report.Add(VerificationSubject.Document, $"the log folds to {_report.DocumentCount} documents, {stored} are stored");
        foreach (var table in tables.Values)
        {
            var rows = (long)Scalar($"SELECT count(*) FROM {SqlName.Quote(table.Definition.Collection)}")!;
            if (rows != table.RowCount) _report.Add(VerificationSubject.Table, $"table {table.Definition.Collection} has {rows} rows, {table.RowCount} documents exist");
        }
    }

    private PastJudge NewJudge(ChangeGraph graph)
    {
        var tree = new FeedTree();
        tree.Load(SqliteStore.TryReadMeta(_connection, SqliteStore.BranchesKey) ?? []);
        var pasts = new ChangePasts(graph);
        return new(tree, () => pasts);
    }

    private void ReadWaiting()
    {
        using var statement = new SqliteStatement(_connection, "SELECT collection, id FROM edge_waiting");
        while (statement.Step()) _waiting.Add(new(statement.Text(0), DocumentId.FromBytes(statement.Blob(1))));
    }

    private void VerifyPurged(HashSet<DocumentKey> purged)
    {
        _report.PurgedCount = purged.Count;
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT collection, id FROM edge_purged";
        using var reader = command.ExecuteReader();
        var count = 0;
        while (reader.Read())
        {
            count++;
            if (new DocumentKey(reader.GetString(0), DocumentId.FromBytes(reader.GetFieldValue<byte[]>(1))) is var key && !purged.Contains(key)) _report.Add(VerificationSubject.Document, $"{key} is noted as purged, and no record says so");
        }
        if (count != purged.Count) _report.Add(VerificationSubject.Document, $"the log purges {purged.Count} documents, {count} are noted");
        var holes = (long)Scalar("SELECT count(*) FROM edge_holes")!;
        if (holes != _report.HoleCount) _report.Add(VerificationSubject.Document, $"{_report.HoleCount} sections are absent, {holes} are noted");
    }

    private void VerifyDocument(DocumentKey key, FoldedDocument folded, Dictionary<string, Table> tables)
    {
        long row;
        try
        {
            if (!_findDocument.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Step())
            {
                _report.Add(VerificationSubject.Document, $"{key} is not stored");
                return;
            }
            row = _findDocument.Int64(0);
            var tail = SequenceRun.Read(_findDocument.Blob(3));
            long[] recent = [.. SequenceRun.Read(_findDocument.Blob(6)), .. tail];
            var state = _findDocument.IsNull(5) ? null : _findDocument.Blob(5).ToArray();
            _report.WaitingCount += folded.WaitingCount;
            // Keys have gone, or come, since this was stored: neither is a fault of the file, and what cannot be read cannot be compared.
            if (folded.WaitingCount > 0 != _waiting.Contains(key))
            {
                VerifyHistory(key, row, recent, folded.Sequences);
                CountUncompared(key, row, tables);
                return;
            }
            if (!DocumentCodec.Write(_documents.Read(key, state, folded.IsWhole ? tail : [])).AsSpan().SequenceEqual(DocumentCodec.Write(folded.State))) _report.Add(VerificationSubject.Document, $"{key} differs from what the log folds to");
            if (_findDocument.Int64(1) != folded.Presence) _report.Add(VerificationSubject.Document, $"{key} is marked as {Presence(_findDocument.Int64(1))}, and is {Presence(folded.Presence)}");
            VerifyHoles(key, folded.Holes);
            // What a record ruled of its changes made it another document, too.
            if (_findDocument.Int64(2) is var version && version != folded.Sequences[^1] && !(version > folded.Sequences[^1] && _rulingSequences.Contains(version))) _report.Add(VerificationSubject.Document, $"{key} has version {version}, its newest change is {folded.Sequences[^1]}");
            if (state is not null && tail.Length > 0 && tail[0] <= _findDocument.Int64(4)) _report.Add(VerificationSubject.Document, $"{key} has a state up to {_findDocument.Int64(4)}, and its tail begins at {tail[0]}");
            VerifyHistory(key, row, recent, folded.Sequences);
        }
        finally { _findDocument.Reset(); }
        if (tables.TryGetValue(key.Collection, out var table) && folded.Presence == 1) VerifyRow(table, row, folded.State);
    }

    private void CountUncompared(DocumentKey key, long row, Dictionary<string, Table> tables)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM edge_holes WHERE collection = $1 AND id = $2";
        command.Parameters.AddWithValue("$1", key.Collection);
        command.Parameters.AddWithValue("$2", key.Id.ToByteArray());
        _report.HoleCount += (long)command.ExecuteScalar()!;
        if (tables.TryGetValue(key.Collection, out var table)) table.CountRow(row);
    }

    private static string Presence(long present) => present switch { 0 => "deleted", 1 => "existing", _ => "incomplete" };

    private void VerifyHoles(DocumentKey key, List<Hole> expected)
    {
        _report.HoleCount += expected.Count;
        if (expected.Count > 0) _report.IncompleteCount++;
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT sequence, section FROM edge_holes WHERE collection = $1 AND id = $2 ORDER BY sequence, section";
        command.Parameters.AddWithValue("$1", key.Collection);
        command.Parameters.AddWithValue("$2", key.Id.ToByteArray());
        using var reader = command.ExecuteReader();
        var actual = new List<Hole>();
        while (reader.Read())
            actual.Add(new(reader.GetInt64(0), reader.GetInt32(1)));
        if (!actual.SequenceEqual(expected)) _report.Add(VerificationSubject.Document, $"{expected.Count} sections of {key} are absent, {actual.Count} others are noted");
    }

    private void VerifyHistory(DocumentKey key, long row, long[] recent, List<long> expected)
    {
        var actual = new List<long>(expected.Count);
        try
        {
            _readHistory.Bind(1, row);
            while (_readHistory.Step())
            {
                actual.AddRange(SequenceRun.Read(_readHistory.Blob(1)));
                if (actual.Count == 0 || actual[^1] != _readHistory.Int64(0)) _report.Add(VerificationSubject.History, $"a run of {key} does not end at {_readHistory.Int64(0)}");
            }
        }
        finally { _readHistory.Reset(); }
        actual.AddRange(recent);
        if (!actual.SequenceEqual(expected)) _report.Add(VerificationSubject.History, $"{key} has {expected.Count} changes in the log, {actual.Count} others are noted");
    }

    private void VerifyRow(Table table, long row, DocumentState state)
    {
        table.RowCount++;
        _report.RowCount++;
        table.Select.Parameters[0].Value = row;
        using var reader = table.Select.ExecuteReader();
        if (!reader.Read())
        {
            _report.Add(VerificationSubject.Table, $"table {table.Definition.Collection} lacks {state.Id}");
            return;
        }
        if (reader.GetString(0) != state.Id.ToString()) _report.Add(VerificationSubject.Table, $"row {row} of table {table.Definition.Collection} is {reader.GetString(0)}, not {state.Id}");
        for (var i = 0; i < table.Definition.Fields.Count; i++)
        {
            var field = table.Definition.Fields[i];
            // What the app's own rules and lenses make of a document, only the app can say; and what stays on the device, no log.
            if (field.IsRuled || field.IsLocal || field.IsLensed) continue;
            var expected = new ProjectionColumn(field.Name, field, IsMarks: false).ValueIn(state);
            if (!expected.Equals(reader.GetValue(i + 1))) _report.Add(VerificationSubject.Table, $"{field.Name} of {state.Key} is '{Show(reader.GetValue(i + 1))}' in its table, not '{Show(expected)}'");
        }
        if (!table.HasRest) return;
        var rest = ColumnRest.Of(table.Definition.Fields, state, null);
        if (!(reader.GetValue(table.Definition.Fields.Count + 1) as byte[]).AsSpan().SequenceEqual(rest)) _report.Add(VerificationSubject.Table, $"what the columns of {state.Key} lack is not beside them");
    }

    private Dictionary<string, Table> ReadTables()
    {
        var tables = new Dictionary<string, Table>();
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT collection, definition FROM edge_projections";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var definition = ProjectionDefinition.Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
            Try(VerificationSubject.Table, () =>
            {
                var select = _connection.CreateCommand();
                select.CommandText = $"SELECT {SqlName.Id}{string.Concat(definition.Fields.Select(static f => ", " + SqlName.Quote(f.Name)))}{(Table.HasRestOf(definition) ? $", {SqlName.Rest}" : "")} FROM {SqlName.Quote(definition.Collection)} WHERE {SqlName.Row} = $1";
                select.Parameters.Add(new() { ParameterName = "$1" });
                select.Prepare();
                tables.Add(definition.Collection, new(definition, select));
            });
        }
        return tables;
    }

    private IEnumerable<StoredChange> ReadLog()
    {
        long count = 0;
        foreach (var change in _log.ReadAfter(0))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (++count % 10_000 == 0) _progress?.Report(count);
            yield return change;
        }
    }

    private void Try(VerificationSubject subject, Action step)
    {
        try { step(); }
        catch (SqliteException e) { _report.Add(e.SqliteErrorCode is 11 or 26 ? VerificationSubject.Page : subject, e.Message); }
        catch (EdgeSyncException e) { _report.Add(subject, e.Message); }
        catch (Exception e) when (SqliteErrors.IsForeignValue(e)) { _report.Add(subject, $"it holds a value that is not written there: {e.Message}"); }
    }

    private byte[] ReadMeta(string key) => Scalar($"SELECT value FROM edge_meta WHERE key = '{key}'") as byte[] ?? throw new EdgeDataException($"edge_meta lacks '{key}'.", "meta");

    private object? Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    bool IChangeIndex.TryGetNext(Dot before, out Dot last, out ChangeId id) => throw new System.Diagnostics.UnreachableException("What is held already is not put in its place.");

    bool IChangeIndex.TryGetOwner(ReplicaId replica, out PublicKey owner)
    {
        // The log is read from its beginning: it has met the first change of each feed that it asks for.
        owner = null!;
        return false;
    }

    bool IChangeIndex.TryGetChangeId(Dot last, out ChangeId id) => _recentIds.TryGetValue(last, out id) || TryGetIndexedId(last, out id);

    private bool TryGetIndexedId(Dot last, out ChangeId id)
    {
        id = default;
        long sequence;
        try
        {
            if (!_findFeed.Bind(1, last.Replica.ToByteArray()).Bind(2, (long)last.Counter).Step()) return false;
            sequence = _findFeed.Int64(0);
        }
        finally { _findFeed.Reset(); }
        // Of a segment only the feed's last change is in the index.
        var changes = _log.SegmentOf(sequence)?.Changes ?? (_log.Find(sequence) is { } single ? [single] : []);
        foreach (var change in changes)
            if (change.Last == last) id = change.Id;
        return id != default;
    }

    public void Dispose()
    {
        _findFeed.Dispose();
        _log.Dispose();
        _findDocument?.Dispose();
        _readHistory?.Dispose();
        _documents.Dispose();
    }

    private static string Show(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 80 } text ? text[..80] + "…" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private sealed class Table(ProjectionDefinition definition, SqliteCommand select)
    {
        public ProjectionDefinition Definition => definition;
        public SqliteCommand Select => select;

        /// <summary>What stays on the device is beside the columns too, of which the log knows nothing.</summary>
        public bool HasRest { get; } = HasRestOf(definition);

        public static bool HasRestOf(ProjectionDefinition definition) => definition is { HasRest: true, HasLocalFields: false };

        public long RowCount { get; set; }

        /// <summary>Counts a row that is not compared, where it is there.</summary>
        public void CountRow(long row)
        {
            select.Parameters[0].Value = row;
            using var reader = select.ExecuteReader();
            if (reader.Read()) RowCount++;
        }
    }

    /// <summary>A sum over places in the log: equal for equal sets of them, in any order.</summary>
    private sealed class IndexCheck(long end)
    {
        public long End => end;

        public (long Count, UInt128 Hashes) Sum { get; private set; }

        private readonly Dictionary<ReplicaId, (Dot Last, long Sequence)> _segment = [];

        /// <param name="last">The change.</param>
        /// <param name="sequence">Its place.</param>
        /// <param name="segmentEnd">Where its segment ends, if it is packed: of that only the last change of each feed counts.</param>
        public void Add(Dot last, long sequence, long? segmentEnd)
        {
            if (segmentEnd is null)
            {
                Add(last, sequence);
                return;
            }
            _segment[last.Replica] = (last, sequence);
            if (sequence != segmentEnd) return;
            foreach (var change in _segment.Values)
                Add(change.Last, change.Sequence);
            _segment.Clear();
        }

        public void Add(Dot last, long sequence)
        {
            if (sequence > end) return;
            Span<byte> bytes = stackalloc byte[ReplicaId.SizeBytes + 2 * sizeof(ulong)];
            last.Replica.WriteTo(bytes);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[ReplicaId.SizeBytes..], last.Counter);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(ReplicaId.SizeBytes + sizeof(ulong))..], sequence);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes, hash);
            Sum = (Sum.Count + 1, unchecked(Sum.Hashes + BinaryPrimitives.ReadUInt128LittleEndian(hash)));
        }
    }

    private sealed class FoldedDocument(DocumentState state)
    {
        private readonly DocumentState _empty = new(state.Id, state.Collection);

        /// <summary>What its sections fold to; empty where any is absent.</summary>
        public DocumentState State => IsWhole ? state : _empty;

        public List<long> Sequences { get; } = [];

        public List<Hole> Holes { get; } = [];

        public bool IsWhole => Holes.Count == 0;

        public bool HasContent { get; set; }

        /// <summary>How many of the holes are sections whose keys are not here.</summary>
        public int WaitingCount { get; set; }

        public int Presence => !IsWhole ? 2 : state.Existence.Exists ? 1 : 0;
    }

    /// <summary>One part of all documents, by a hash of their ids.</summary>
    private sealed class FoldedPart(int part, int parts) : IFoldTarget
    {
        public DocumentId? Only => null;

        public Dictionary<DocumentKey, FoldedDocument> Documents { get; } = [];

        public long Sequence { get; set; }

        public DocumentState? Open(DocumentKey key, int sectionBytes)
        {
            if (Note(key) is not { } document) return null;
            document.HasContent = true;
            return document.IsWhole ? document.State : null;
        }

        public void OnEvent(DocumentKey key, EventLogDelta item, Change change) { }

        public void OnAbsent(DocumentKey key, int section, ContentKeyId? missing)
        {
            if (Note(key) is not { } document) return;
            document.Holes.Add(new(Sequence, section));
            if (missing is null) return;
            document.WaitingCount++;
            document.HasContent = true;
        }

        private FoldedDocument? Note(DocumentKey key)
        {
            if (parts > 1 && BinaryPrimitives.ReadUInt32BigEndian(key.Id.ToByteArray()) % parts != part) return null;
            if (!Documents.TryGetValue(key, out var document)) Documents.Add(key, document = new(new(key.Id, key.Collection)));
            if (document.Sequences.Count == 0 || document.Sequences[^1] != Sequence) document.Sequences.Add(Sequence);
            return document;
        }
    }
}
