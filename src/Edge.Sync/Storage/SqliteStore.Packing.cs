using Edge.Sync.Log;
using Edge.Sync.Storage.Segments;

namespace Edge.Sync.Storage;

/// <summary>Old changes, packed. They are a prefix of the log: from its first change on, without a gap.</summary>
internal sealed partial class SqliteStore
{
    /// <summary>So many of the newest changes stay as they are: they are what peers ask for, and what documents are read from.</summary>
    public const int UnpackedMin = 1024;

    public long PackedCount => _packed;

    public IReadOnlyList<StoredChange> ReadPackable(int changesMax) => Guarded(() =>
    {
        // Only what has its seal and is on the medium: all else may still be written again.
        var unsealed = OwnFeeds().Min(feed => SealedFeeds.FirstUnsealed(_connection, feed)) ?? long.MaxValue;
        var end = Math.Min(Math.Min(LastSequence - UnpackedMin, LastSequence - _recent.Count), Math.Min(Math.Max(SyncedSequence, ReadNumber(_connection, "synced")), unsealed - 1));
        var changes = new List<StoredChange>();
        var bytes = 0;
        foreach (var change in _log.ReadAfter(_packed))
        {
            if (change.Sequence > end) return [];
            changes.Add(change);
            if (changes.Count == changesMax || (bytes += change.Bytes.Length) >= LogSegment.BytesMax) return changes;
        }
        return (IReadOnlyList<StoredChange>)[];
    });

    public void Pack(IReadOnlyList<StoredChange> changes) => Guarded(() =>
    {
        WriteSegment(changes);
        Run("DELETE FROM edge_changes WHERE sequence BETWEEN ?1 AND ?2", statement => statement.Bind(1, changes[0].Sequence).Bind(2, changes[^1].Sequence));
        foreach (var feed in changes.GroupBy(static change => change.Last.Replica))
        {
            Run("DELETE FROM edge_positions WHERE feed = ?1 AND last BETWEEN ?2 AND ?3 - 1",
                statement => statement.Bind(1, FeedOf(feed.Key)).Bind(2, (long)feed.First().Last.Counter).Bind(3, (long)feed.Last().Last.Counter));
        }
        _packed = changes[^1].Sequence;
        return true;
    });

    /// <summary>Writes a segment, once it is certain that the same changes come out of it.</summary>
    private void WriteSegment(IReadOnlyList<StoredChange> changes)
    {
        var bytes = LogSegment.Write(Database, changes, dot => TryGetChangeId(dot, out var id) ? id : default);
        var again = LogSegment.Read(Database, changes[0].Sequence, bytes).Changes;
        for (var i = 0; i < changes.Count; i++)
            if (!IsSame(changes[i], again[i])) throw new System.Diagnostics.UnreachableException($"Change {changes[i].Last} does not come out of its segment as it went in.");
        Run("INSERT OR REPLACE INTO edge_segments (first, last, bytes) VALUES (?1, ?2, ?3)", statement => statement.Bind(1, changes[0].Sequence).Bind(2, changes[^1].Sequence).Bind(3, bytes));
        _log.Forget();
    }

    private static bool IsSame(StoredChange a, StoredChange b) =>
        a.Sequence == b.Sequence && a.Last == b.Last && a.Id == b.Id && a.Bytes.Span.SequenceEqual(b.Bytes.Span) && a.Signature.Span.SequenceEqual(b.Signature.Span);

    private void Run(string sql, Func<SqliteStatement, SqliteStatement> bind)
    {
        using var statement = new SqliteStatement(_connection, sql);
        bind(statement).Run();
    }
}
