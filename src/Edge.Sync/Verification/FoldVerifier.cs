using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Projections;
using Edge.Sync.Storage;

namespace Edge.Sync.Verification;

/// <summary>Folds the log again from nothing, part by part, and compares documents, their histories and their rows with that.</summary>
internal sealed class FoldVerifier(VerifiedFile file, LogVerifier log) : IDisposable
{
    private readonly DocumentReader _documents = new(file.Connection, file.Path, file.Keys);
    private readonly TableVerifier _tables = new(file);
    private readonly HashSet<DocumentKey> _waiting = [];
    private SqliteStatement _findDocument = null!, _readHistory = null!; // prepared once it is known that their tables are as this version makes them

    public void Verify(int partDocuments)
    {
        // Else they are made again at the next opening.
        if (!SqliteStore.AreDerivedCurrent(file.Connection) || file.Scalar("SELECT value FROM edge_meta WHERE key = 'fold'") is not (long)DocumentFold.Version) return;
        _findDocument = new(file.Connection, $"SELECT d.row, d.present, d.version, d.tail, d.covers, {SqliteSchema.StateSql}, d.covered FROM edge_documents d WHERE d.collection = ?1 AND d.id = ?2");
        _readHistory = new(file.Connection, "SELECT last, sequences FROM edge_history WHERE document = ?1 ORDER BY last");
        var stored = (long)file.Scalar("SELECT count(*) FROM edge_documents")!;
        ReadWaiting();
        _tables.Read();
        var purged = new HashSet<DocumentKey>();
        var parts = (int)Math.Max(1, (stored + partDocuments - 1) / partDocuments);
        var graph = new ChangeGraph();
        var judge = NewJudge(graph);
        for (var part = 0; part < parts; part++)
        {
            var folded = new FoldedPart(part, parts);
            foreach (var logged in file.ReadLog())
            {
                folded.Sequence = logged.Sequence;
                var change = Change.ParseStored(logged.Bytes);
                if (part == 0) graph.Add(change);
                var voided = DocumentFold.Join(change, folded, file.Keys, part == 0 ? judge : null);
                if (part > 0) continue;
                if (judge.Mark(change) != change) file.Report.Add(VerificationSubject.Log, $"change {logged.Sequence} ({change.Header.Last}) is not kept with the sections void that name what it does not follow");
                if (log.Rulings.Rule(change, logged.Id) != change) file.Report.Add(VerificationSubject.Log, $"change {logged.Sequence} ({change.Header.Last}) is not kept as the log's records say that it counts");
                var records = DocumentFold.ReadRecords(change, out var voidedRecords);
                foreach (var erasure in records?.OfType<ErasureRecord>() ?? [])
                    purged.Add(erasure.Document);
                file.Report.PendingRecordCount += records?.Count(static record => record.IsPending) ?? 0;
                file.Report.VoidCount += voided + voidedRecords;
            }
            foreach (var key in purged)
                if (folded.Documents.Remove(key, out var erased) && erased.HasContent) file.Report.Add(VerificationSubject.Log, $"{key} is purged, and the log still has content of it");
            foreach (var (key, document) in folded.Documents)
            {
                file.CancellationToken.ThrowIfCancellationRequested();
                file.Try(VerificationSubject.Document, () => VerifyDocument(key, document));
            }
            file.Report.DocumentCount += folded.Documents.Count;
        }
        VerifyPurged(purged);
        if (file.Report.DocumentCount != stored) file.Report.Add(VerificationSubject.Document, $"the log folds to {file.Report.DocumentCount} documents, {stored} are stored");
        _tables.VerifyCounts();
    }

    private PastJudge NewJudge(ChangeGraph graph)
    {
        var tree = new FeedTree();
        tree.Load(SqliteStore.TryReadMeta(file.Connection, SqliteStore.BranchesKey) ?? []);
        var pasts = new ChangePasts(graph);
        return new(tree, () => pasts);
    }

    private void ReadWaiting()
    {
        using var statement = new SqliteStatement(file.Connection, "SELECT collection, id FROM edge_waiting");
        while (statement.Step()) _waiting.Add(new(statement.Text(0), DocumentId.FromBytes(statement.Blob(1))));
    }

    private void VerifyPurged(HashSet<DocumentKey> purged)
    {
        file.Report.PurgedCount = purged.Count;
        using var command = file.Connection.CreateCommand();
        command.CommandText = "SELECT collection, id FROM edge_purged";
        using var reader = command.ExecuteReader();
        var count = 0;
        while (reader.Read())
        {
            count++;
            if (new DocumentKey(reader.GetString(0), DocumentId.FromBytes(reader.GetFieldValue<byte[]>(1))) is var key && !purged.Contains(key)) file.Report.Add(VerificationSubject.Document, $"{key} is noted as purged, and no record says so");
        }
        if (count != purged.Count) file.Report.Add(VerificationSubject.Document, $"the log purges {purged.Count} documents, {count} are noted");
        var holes = (long)file.Scalar("SELECT count(*) FROM edge_holes")!;
        if (holes != file.Report.HoleCount) file.Report.Add(VerificationSubject.Document, $"{file.Report.HoleCount} sections are absent, {holes} are noted");
    }

    private void VerifyDocument(DocumentKey key, FoldedDocument folded)
    {
        long row;
        try
        {
            if (!_findDocument.Bind(1, key.Collection).Bind(2, key.Id.ToByteArray()).Step())
            {
                file.Report.Add(VerificationSubject.Document, $"{key} is not stored");
                return;
            }
            row = _findDocument.Int64(0);
            var tail = SequenceRun.Read(_findDocument.Blob(3));
            long[] recent = [.. SequenceRun.Read(_findDocument.Blob(6)), .. tail];
            var state = _findDocument.IsNull(5) ? null : _findDocument.Blob(5).ToArray();
            file.Report.WaitingCount += folded.WaitingCount;
            // Keys have gone, or come, since this was stored: neither is a fault of the file, and what cannot be read cannot be compared.
            if (folded.WaitingCount > 0 != _waiting.Contains(key))
            {
                VerifyHistory(key, row, recent, folded.Sequences);
                CountUncompared(key, row);
                return;
            }
            if (!DocumentCodec.Write(_documents.Read(key, state, folded.IsWhole ? tail : [])).AsSpan().SequenceEqual(DocumentCodec.Write(folded.State))) file.Report.Add(VerificationSubject.Document, $"{key} differs from what the log folds to");
            if (_findDocument.Int64(1) != folded.Presence) file.Report.Add(VerificationSubject.Document, $"{key} is marked as {Presence(_findDocument.Int64(1))}, and is {Presence(folded.Presence)}");
            VerifyHoles(key, folded.Holes);
            // What a record ruled of its changes made it another document, too.
            if (_findDocument.Int64(2) is var version && version != folded.Sequences[^1] && !(version > folded.Sequences[^1] && log.RulingSequences.Contains(version))) file.Report.Add(VerificationSubject.Document, $"{key} has version {version}, its newest change is {folded.Sequences[^1]}");
            if (state is not null && tail.Length > 0 && tail[0] <= _findDocument.Int64(4)) file.Report.Add(VerificationSubject.Document, $"{key} has a state up to {_findDocument.Int64(4)}, and its tail begins at {tail[0]}");
            VerifyHistory(key, row, recent, folded.Sequences);
        }
        finally { _findDocument.Reset(); }
        if (folded.Presence == 1) _tables.Verify(row, folded.State);
    }

    private void CountUncompared(DocumentKey key, long row)
    {
        using var command = file.Connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM edge_holes WHERE collection = $1 AND id = $2";
        command.Parameters.AddWithValue("$1", key.Collection);
        command.Parameters.AddWithValue("$2", key.Id.ToByteArray());
        file.Report.HoleCount += (long)command.ExecuteScalar()!;
        _tables.Count(key.Collection, row);
    }

    private static string Presence(long present) => present switch { 0 => "deleted", 1 => "existing", _ => "incomplete" };

    private void VerifyHoles(DocumentKey key, List<Hole> expected)
    {
        file.Report.HoleCount += expected.Count;
        if (expected.Count > 0) file.Report.IncompleteCount++;
        using var command = file.Connection.CreateCommand();
        command.CommandText = "SELECT sequence, section FROM edge_holes WHERE collection = $1 AND id = $2 ORDER BY sequence, section";
        command.Parameters.AddWithValue("$1", key.Collection);
        command.Parameters.AddWithValue("$2", key.Id.ToByteArray());
        using var reader = command.ExecuteReader();
        var actual = new List<Hole>();
        while (reader.Read())
            actual.Add(new(reader.GetInt64(0), reader.GetInt32(1)));
        if (!actual.SequenceEqual(expected)) file.Report.Add(VerificationSubject.Document, $"{expected.Count} sections of {key} are absent, {actual.Count} others are noted");
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
                if (actual.Count == 0 || actual[^1] != _readHistory.Int64(0)) file.Report.Add(VerificationSubject.History, $"a run of {key} does not end at {_readHistory.Int64(0)}");
            }
        }
        finally { _readHistory.Reset(); }
        actual.AddRange(recent);
        if (!actual.SequenceEqual(expected)) file.Report.Add(VerificationSubject.History, $"{key} has {expected.Count} changes in the log, {actual.Count} others are noted");
    }

    public void Dispose()
    {
        _findDocument?.Dispose();
        _readHistory?.Dispose();
        _documents.Dispose();
        _tables.Dispose();
    }
}
