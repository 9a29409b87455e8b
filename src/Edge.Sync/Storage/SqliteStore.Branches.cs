using Edge.Sync.Log;

namespace Edge.Sync.Storage;

/// <summary>Feeds that have forked, and records that rule over changes. Rare, so that nothing is prepared for it.</summary>
internal sealed partial class SqliteStore
{
    /// <summary>The row of <c>edge_meta</c> that has them.</summary>
    public const string BranchesKey = "branches";

    /// <summary>The row of <c>edge_meta</c> that says where records rule over changes.</summary>
    public const string RulingsKey = "rulings";

    public ReadOnlyMemory<byte> ReadBranches() => Guarded(() => TryReadMeta(_connection, BranchesKey) ?? []);

    public void WriteBranches(ReadOnlyMemory<byte> bytes) => Guarded(() =>
    {
        WriteMeta(_connection, BranchesKey, bytes.ToArray());
        return true;
    });

    public ReadOnlyMemory<byte> ReadRulings() => Guarded(() => TryReadMeta(_connection, RulingsKey) ?? []);

    public long FindSequence(ChangeId id) => Guarded(() =>
    {
        using (var find = new SqliteStatement(_connection, "SELECT sequence FROM edge_changes WHERE id = ?1"))
            if (find.Bind(1, id.ToByteArray()).Step()) return find.Int64(0);
        foreach (var change in _log.ReadAfter(0))
        {
            if (change.Sequence > _packed) break;
            if (change.Id == id) return change.Sequence;
        }
        return 0;
    });

    public void WriteRulings(ReadOnlyMemory<byte> bytes) => Guarded(() =>
    {
        WriteMeta(_connection, RulingsKey, bytes.ToArray());
        return true;
    });

    public void Split(Dot before, ReplicaId branch, ChangeLog log) => Guarded(() =>
    {
        // The index has all changes under their old names first; what the transaction appends from here on is noted anew.
        WriteIndex(log);
        _recent.Clear();
        _touched.Clear();
        _isIndexed = false;
        // What comes before the branch keeps its names, and may stay packed.
        Unpack(FirstSequenceAfter(before.Replica, before.Counter));
        foreach (var table in (string[])["edge_changes", "edge_positions"])
            Run($"UPDATE {table} SET feed = ?1 WHERE feed = ?2 AND last > ?3", statement => statement.Bind(1, FeedOf(branch)).Bind(2, FeedOf(before.Replica)).Bind(3, (long)before.Counter));
        WriteEnd(before.Replica, log);
        WriteEnd(branch, log);
        Execute(_connection, "DROP TABLE IF EXISTS edge_undo");
        return true;
    });

    public void ChangeReplica(ReplicaId fresh) => Guarded(() =>
    {
        WriteMeta(_connection, "replica", fresh.ToByteArray());
        Replica = fresh;
        return true;
    });

    // Feeds that were left may still lack a seal.
    private IEnumerable<ReplicaId> OwnFeeds()
    {
        var tree = new FeedTree();
        tree.Load(ReadBranches());
        return tree.Left.SelectMany(tree.SubtreeOf).Where(name => !tree.IsForked(name)).Append(Replica);
    }

    /// <summary>Puts changes that are packed into rows of their own again, from a place on.</summary>
    private void Unpack(long from)
    {
        while (_packed >= from && _log.SegmentOf(_packed) is { } segment)
        {
            Run("DELETE FROM edge_segments WHERE first = ?1", statement => statement.Bind(1, segment.First));
            foreach (var change in segment.Changes)
            {
                Run("INSERT INTO edge_changes (sequence, feed, last, id, seal, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", statement =>
                {
                    statement.Bind(1, change.Sequence).Bind(2, FeedOf(change.Last.Replica)).Bind(3, (long)change.Last.Counter).Bind(4, change.Id.ToByteArray()).Bind(6, change.Bytes.Span);
                    return change.Signature.IsEmpty ? statement.BindValue(5, null) : statement.Bind(5, change.Signature.Span);
                });
                Run("INSERT OR REPLACE INTO edge_positions (feed, last, sequence) VALUES (?1, ?2, ?3)", statement => statement.Bind(1, FeedOf(change.Last.Replica)).Bind(2, (long)change.Last.Counter).Bind(3, change.Sequence));
            }
            _packed = segment.First - 1;
            _log.Forget();
        }
    }
}
