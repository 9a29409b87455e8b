using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>Whether a document exists: edits say that it does, deletions answer those that their authors had seen.</summary>
/// <remarks>
/// <para>Alice deletes a document while Bob, offline, edits it. By default it exists, with Bob's edit; the deletion is still there to be read, as a
/// conflict, until somebody who knows both writes again. Where Alice's deletion wins (her document type says so, and the delta carries it), it is gone on
/// every replica, and Bob's edit with it; whoever edits it knowing of the deletion brings it back.</para>
/// <para>Of the sayings only the latest dot of each replica is kept: who had seen it had seen that replica's earlier ones too.</para>
/// </remarks>
internal sealed class ExistenceState : DotState, IResettable
{
    private LatestDots _latest;

    /// <summary>Ascending by dot.</summary>
    private readonly List<Deletion> _deletions = [];

    public override CrdtKind Kind => CrdtKind.Existence;

    public bool Exists => _latest.Count > 0 && !HasWinningDeletion;

    public bool HasWinningDeletion => _deletions.Exists(static d => d.Wins);

    public override bool IsEmpty => _latest.Count == 0 && _deletions.Count == 0;

    /// <summary>The latest saying of each replica, ascending by replica. Valid until the next join.</summary>
    public ReadOnlySpan<Dot> Dots => _latest.Span;

    /// <summary>The deletions that nobody has answered, ascending by dot. Beside sayings they are a conflict. Valid until the next join.</summary>
    public ReadOnlySpan<Deletion> Deletions => CollectionsMarshal.AsSpan(_deletions);

    /// <summary>The latest saying of one replica; counter 0 where it has none.</summary>
    public Dot DotOf(ReplicaId replica) => _latest.Of(replica);

    public ExistenceDelta Touch(Dot dot) => ExistenceDelta.Touch(dot, _deletions.Count == 0 ? [] : [.. _deletions.Select(static d => d.Dot)]);

    public ExistenceDelta Delete(Dot dot, bool wins = false)
    {
        if (_deletions.Count == 0) return ExistenceDelta.Delete(dot, _latest.ToDotOrder(), wins);
        Dot[] seen = [.. _latest.Span, .. _deletions.Select(static d => d.Dot)];
        Array.Sort(seen);
        return ExistenceDelta.Delete(dot, seen, wins);
    }

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var existence = (ExistenceDelta)delta;
        Answer(existence.Seen);
        if (!existence.IsDeletion)
        {
            _latest.Include(delta.First);
            return;
        }
        _latest.RemoveUpTo(existence.Seen);
        Add(new(delta.First, stamp, existence.Wins));
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var their = (ExistenceState)other;
        _latest.Join(ref their._latest, ours, theirs);
        _deletions.RemoveAll(d => theirs.Contains(d.Dot) && their.Find(d.Dot) < 0);
        foreach (var deletion in their._deletions)
            if (!ours.Contains(deletion.Dot)) Add(deletion);
    }

    public void Reset(VersionVector seen, Dot by)
    {
        _latest.Reset(seen);
        _deletions.RemoveAll(d => seen.Contains(d.Dot));
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new ExistenceState { _latest = _latest.Unseen(peer, kept) };
        foreach (var deletion in _deletions)
            if (peer.Contains(deletion.Dot)) kept.Add(deletion.Dot);
            else unseen._deletions.Add(deletion);
        return unseen;
    }

    /// <summary>Forgets deletions that are stable and answer all that was said; beside a saying they are a conflict, which stays to be read.</summary>
    public override void Compact(VersionVector stable)
    {
        if (_latest.Count == 0 && _deletions.TrueForAll(d => stable.Contains(d.Dot))) _deletions.Clear();
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        _latest.CollectReplicas(table);
        foreach (var deletion in _deletions)
            table.IndexOf(deletion.Dot.Replica);
    }

    /// <summary>[[replica, counter, ...] by ascending replica, [replica, counter, time, 1 wins or 0, ...] by ascending dot]</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(2);
        _latest.Write(ref writer);
        writer.Raw.WriteArrayHeader(_deletions.Count * 4);
        foreach (var (dot, stamp, wins) in _deletions)
        {
            writer.WriteDot(dot);
            writer.Raw.Write(stamp.Value);
            writer.Raw.Write(wins ? 1 : 0);
        }
    }

    public static ExistenceState Read(ref WireReader reader)
    {
        reader.ReadArrayHeader("existence", 2, exactly: true);
        var state = new ExistenceState { _latest = LatestDots.Read(ref reader, "existence.dots") };
        var length = reader.ReadArrayHeader("existence.deletions");
        if (length % 4 != 0) throw reader.Malformed("existence.deletions", "a deletion is cut short");
        for (var i = 0; i < length; i += 4)
        {
            var deletion = new Deletion(reader.ReadDot("existence.deletion"), new(reader.ReadUInt64("existence.time")), reader.ReadInt32("existence.wins", 0, 1) == 1);
            if (i > 0 && state._deletions[^1].Dot.CompareTo(deletion.Dot) >= 0) throw reader.Malformed("existence.deletion", "its deletions are not in ascending order");
            state._deletions.Add(deletion);
        }
        return state;
    }

    public override void Check()
    {
        _latest.Check();
        for (var i = 1; i < _deletions.Count; i++)
            if (_deletions[i - 1].Dot.CompareTo(_deletions[i].Dot) >= 0) throw new InvalidOperationException("The deletions are not in ascending order.");
    }

    private void Answer(ReadOnlySpan<Dot> seen)
    {
        foreach (var dot in _deletions.Count == 0 ? default : seen)
            if (Find(dot) is >= 0 and var index) _deletions.RemoveAt(index);
    }

    private void Add(Deletion deletion)
    {
        var index = Find(deletion.Dot);
        if (index < 0) _deletions.Insert(~index, deletion);
    }

    private int Find(Dot dot)
    {
        var (low, high) = (0, _deletions.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = _deletions[middle].Dot.CompareTo(dot);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}
