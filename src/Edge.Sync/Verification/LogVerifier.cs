using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Projections;
using Edge.Sync.Storage;

namespace Edge.Sync.Verification;

/// <summary>Proves the log: the id of each change from its bytes and its past, the seals, what its records rule, and the index beside it.</summary>
internal sealed class LogVerifier(VerifiedFile file) : IChangeIndex, IDisposable
{
    // Nothing is written here that it would seal.
    private static readonly PublicKey s_noKey = PublicKey.OfP256(new byte[DeviceKey.PublicKeySizeBytes]);

    private readonly SqliteStatement _findFeed = new(file.Connection, "SELECT p.sequence FROM edge_positions p JOIN edge_feeds f ON f.feed = p.feed WHERE f.replica = ?1 AND p.last >= ?2 ORDER BY p.last LIMIT 1");
    private readonly HashSet<PublicKey> _accepting = [];
    private readonly List<(ChangeId By, long Sequence, PublicKey Owner, RejectRecord Rejection)> _rejections = [];
    private readonly Dictionary<Dot, ChangeId> _recentIds = [];

    /// <summary>What the log's records say of its changes, once it is verified.</summary>
    public LogRulings Rulings { get; } = new();

    /// <summary>Where they stand.</summary>
    public HashSet<long> RulingSequences { get; } = [];

    public void Verify()
    {
        var database = new DatabaseId(Hash256.FromBytes(file.ReadMeta("database")));
        var self = ReplicaId.FromBytes(file.ReadMeta("replica"));
        var log = new ChangeLog(database, self, s_noKey, this);
        log.Tree.Load(SqliteStore.TryReadMeta(file.Connection, SqliteStore.BranchesKey) ?? []);
        var index = new IndexCheck((long)file.Scalar($"SELECT {FeedEnds.IndexedSql}")!);
        var packed = (long)file.Scalar("SELECT coalesce(max(last), 0) FROM edge_segments")!;
        long expected = 1;
        foreach (var stored in file.ReadLog())
        {
            if (stored.Sequence == index.End + 1) VerifyIndex(log, index);
            if (stored.Sequence > index.End) _recentIds[stored.Last] = stored.Id;
            index.Add(stored.Last, stored.Sequence, stored.Sequence <= packed ? file.Log.PlaceOf(stored.Sequence)?.Last : null);
            if (stored.Sequence != expected) file.Report.Add(VerificationSubject.Log, $"change {expected} is missing");
            expected = stored.Sequence + 1;
            file.Report.ChangeCount++;
            try
            {
                var change = Change.ParseStored(stored.Bytes);
                if (change.Header.Last != stored.Last) file.Report.Add(VerificationSubject.Log, $"change {stored.Sequence} is filed under {stored.Last}, and is {change.Header.Last}");
                var admission = log.Admit(change);
                if (admission.Verdict != AdmissionVerdict.Accepted) file.Report.Add(VerificationSubject.Log, $"change {stored.Sequence} ({change.Header.Last}) does not follow what is before it: {admission.Verdict}");
                else if (admission.Id != stored.Id) file.Report.Add(VerificationSubject.Log, $"change {stored.Sequence} ({change.Header.Last}) has id {admission.Id} by its bytes, {stored.Id} is stored");
                log.Append(change, stored.Id);
                foreach (var record in DocumentFold.ReadRecords(change, out _) ?? [])
                    Take(record, stored, log.TryGetOwner(stored.Last.Replica, out var owner) ? owner : s_noKey);
                if (!stored.Signature.IsEmpty) VerifySeal(log, stored, change.Written.Last);
            }
            catch (EdgeDataException e) { file.Report.Add(VerificationSubject.Log, $"change {stored.Sequence} is malformed: {e.Message}"); }
        }
        if (expected <= index.End + 1) VerifyIndex(log, index);
        foreach (var (by, sequence, owner, rejection) in _rejections)
            if (!_accepting.Contains(owner) || !IsAccepted(log, rejection.ChangeId, owner, sequence)) Rulings.Add(by, rejection);
        Rulings.Decide();
    }

    private void Take(LogRecord record, in StoredChange stored, PublicKey owner)
    {
        if (LogRulings.Takes(record)) RulingSequences.Add(stored.Sequence);
        if (record is AcceptRecord) _accepting.Add(owner);
        else if (record is RejectRecord rejection) _rejections.Add((stored.Id, stored.Sequence, owner, rejection));
        else Rulings.Add(stored.Id, record);
    }

    private bool IsAccepted(ChangeLog log, ChangeId id, PublicKey owner, long until)
    {
        var acceptance = new Acceptance(id, owner, feed => log.TryGetOwner(feed, out var key) ? key : null);
        foreach (var stored in file.Log.ReadAfter(0))
        {
            var change = Change.ParseStored(stored.Bytes);
            var isAccepted = acceptance.Take(change, stored.Id, () => DocumentFold.ReadRecords(change, out _) ?? []);
            if (stored.Sequence == until) return isAccepted;
        }
        return false;
    }

    private void VerifySeal(ChangeLog log, StoredChange stored, Dot written)
    {
        file.Report.SealCount++;
        if (!log.TryGetOwner(stored.Last.Replica, out var owner) || !P256.Verify(owner, Seal.Digest(log.Database, written, stored.Id), stored.Signature.Span))
            file.Report.Add(VerificationSubject.Log, $"the seal behind change {stored.Sequence} ({stored.Last}) is not its owner's");
    }

    /// <summary>Compares the log's index with the log up to where it goes.</summary>
    private void VerifyIndex(ChangeLog log, IndexCheck expected)
    {
        var indexed = FeedEnds.ReadIndexed(file.Connection);
        foreach (var end in log.Held.ToSortedList())
        {
            if (indexed.LastId(end.Replica) != log.LastId(end.Replica) || indexed.Held[end.Replica] != end.Counter || indexed.IsHead(end.Replica) != log.IsHead(end.Replica))
                file.Report.Add(VerificationSubject.Log, $"the end of feed {end.Replica} is not where edge_feeds says it is");
        }
        if (indexed.Held.Count != log.Held.Count) file.Report.Add(VerificationSubject.Log, $"{log.Held.Count} feeds have changes, edge_feeds has {indexed.Held.Count}");
        var actual = new IndexCheck(expected.End);
        using var positions = new SqliteStatement(file.Connection, "SELECT f.replica, p.last, p.sequence FROM edge_positions p JOIN edge_feeds f ON f.feed = p.feed");
        while (positions.Step())
            actual.Add(new(ReplicaId.FromBytes(positions.Blob(0)), (ulong)positions.Int64(1)), positions.Int64(2));
        if (actual.Sum != expected.Sum) file.Report.Add(VerificationSubject.Log, $"edge_positions differs from where the changes up to {expected.End} are");
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
        var changes = file.Log.SegmentOf(sequence)?.Changes ?? (file.Log.Find(sequence) is { } single ? [single] : []);
        foreach (var change in changes)
            if (change.Last == last) id = change.Id;
        return id != default;
    }

    public void Dispose() => _findFeed.Dispose();
}
