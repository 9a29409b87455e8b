using System.Runtime.InteropServices;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Whole states and parts of them; and what goes with the key of a map.</summary>
/// <remarks>
/// A text only grows: characters are added, and then marked as deleted. So two states join without contexts: what either has is there, what
/// either deleted is deleted. Of each replica a state holds the characters up to some counter, since its feed arrives in order: those beyond are
/// the ones that the other lacks.
/// </remarks>
internal sealed partial class TextState
{
    /// <summary>The removals of a key above this text; null where there were none.</summary>
    private KeyRemovals? _removals;

    /// <exception cref="EdgeDataException">A fragment refers to characters that are not there, or cuts a surrogate pair. Nothing is changed.</exception>
    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        if (ReferenceEquals(this, other)) return;
        if (other is TextFragment fragment) Join(fragment);
        else Join((TextState)other);
    }

    /// <summary>The characters beyond what <paramref name="peer"/> has seen; and all that is deleted, since deletions have no dots.</summary>
    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        Build();
        var after = new ulong[_dots.ReplicaCount];
        for (var i = 0; i < after.Length; i++) after[i] = peer[_dots.ReplicaAt(i)];
        var pieces = ParentsFirst.Of(_runs, _dots, after);
        var part = new TextState();
        part.AppendAnchors(this, pieces, after);
        part.Append(this, pieces);
        return new TextFragment(part, peer, DeletedUpTo(after), _removals?.Clone());
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A character goes for good once a removal of the key that had seen it is stable, and all below it in the tree have gone. Everybody who
    /// writes from then on had seen it deleted, and names only characters that they see; nothing that is there hangs below it; and how the others are
    /// ordered does not depend on it. So it makes no difference when it goes, nor in how many steps. What single deletions took stays: they
    /// have no dots that could be stable.
    /// </remarks>
    public override void Compact(VersionVector stable) => CompactBut(null, stable);

    /// <param name="anchors">Characters that stay while something beside the text refers to them; null where nothing ever does.</param>
    /// <param name="stable">Everything yet to come follows it.</param>
    public void CompactBut(IReadOnlySet<Dot>? anchors, VersionVector stable)
    {
        // Those that stayed for an anchor may go once it is gone, with no new removal.
        if (_removals is null || (!_removals.Compact(stable) && anchors is null)) return;
        Build();
        var cleared = new ulong[_dots.ReplicaCount];
        for (var i = 0; i < cleared.Length; i++)
            foreach (var dot in _removals.Cleared)
                if (dot.Replica == _dots.ReplicaAt(i)) cleared[i] = dot.Counter;
        var anchored = new HashSet<int>();
        foreach (var anchor in anchors ?? (IEnumerable<Dot>)[]) anchored.Add(OrdinalOf(anchor));
        var kept = _tree.KeptLengths(ordinal => !anchored.Contains(ordinal) && _runs[_runs.Find(ordinal)].IsDeleted && !_dots.IsAfter(ordinal, cleared), _pairs);
        if (kept is not null) Rebuild(kept);
        _removals.Retain(_dots);
        if (_removals.IsEmpty) _removals = null;
    }

    /// <summary>Deletes the characters that whoever removed the key had seen; the others stay.</summary>
    public void Reset(VersionVector seen, Dot by)
    {
        var cleared = default(LatestDots);
        for (var i = 0; i < _dots.ReplicaCount; i++)
            if (_dots.ReplicaAt(i) is var replica && seen[replica] > 0) cleared.Include(new(replica, seen[replica]));
        cleared = KeyRemovals.Retained(cleared, _dots);
        if (cleared.Count == 0) return;
        Build();
        foreach (var dot in cleared.Span) DeleteUpTo(dot);
        (_removals ??= new()).Add(by, cleared);
    }

    public override void CheckJoin(DotState other)
    {
        if (other is TextFragment fragment) CheckedPieces(fragment.Part, After(fragment), fragment.Deleted);
    }

    private void Join(TextState other)
    {
        other.Build();
        var after = new ulong[other._dots.ReplicaCount];
        for (var i = 0; i < after.Length; i++) after[i] = _dots.CounterMax(other._dots.ReplicaAt(i));
        Join(other, after, other.DeletedUpTo(after), other._removals);
    }

    private void Join(TextFragment fragment) => Join(fragment.Part, After(fragment), fragment.Deleted, fragment.Removals);

    /// <summary>Up to which counters this text or the peer of a fragment has the characters of the fragment's replicas.</summary>
    private ulong[] After(TextFragment fragment)
    {
        var part = fragment.Part;
        part.Build();
        var after = new ulong[part._dots.ReplicaCount];
        for (var i = 0; i < after.Length; i++)
            after[i] = Math.Max(fragment.PeerCounter(part._dots.ReplicaAt(i)), _dots.CounterMax(part._dots.ReplicaAt(i)));
        return after;
    }

    /// <summary>Joins the characters beyond the counters, and what is deleted of the others.</summary>
    private void Join(TextState other, ulong[] after, ReadOnlySpan<DotRange> deleted, KeyRemovals? removals)
    {
        var pieces = CheckedPieces(other, after, deleted);
        DeleteRanges(deleted);
        Append(other, pieces);
        if (removals is null) return;
        (_removals ??= new()).Join(removals);
        _removals.Retain(_dots);
        if (_removals.IsEmpty) _removals = null;
    }

    /// <summary>The characters beyond the counters. A peer may send anything, so all is looked at before anything changes.</summary>
    private List<Piece> CheckedPieces(TextState other, ulong[] after, ReadOnlySpan<DotRange> deleted)
    {
        Build();
        var pieces = ParentsFirst.Of(other._runs, other._dots, after);
        var count = 0;
        foreach (var piece in pieces)
        {
            count += piece.Length;
            if (other._pairs.IsHigh(piece.Ordinal - 1) && !other._dots.IsAfter(piece.Ordinal - 1, after)) throw Refused("text.fragment.peer", $"what the peer has ends inside a surrogate pair, before {other._dots.DotOf(piece.Ordinal)}");
            if (other._runs.ParentOf(piece.Ordinal, out var isLeft) is > 0 and var parent && !other._dots.IsAfter(parent, after)) CheckedParent(other.DotAt(parent), isLeft);
        }
        CheckRoom(count);
        CheckDeleted(deleted);
        return pieces;
    }

    /// <summary>Adds characters of another text that this one lacks, each behind its parent.</summary>
    private void Append(TextState other, List<Piece> pieces)
    {
        var text = default(string);
        foreach (var (first, length) in CollectionsMarshal.AsSpan(pieces))
        {
            var source = other._runs.Find(first);
            var parent = other._runs.ParentOf(first, out var isLeft);
            if (parent > 0) parent = _dots.OrdinalOf(other._dots.DotOf(parent));
            var ordinal = _runs.OrdinalEnd;
            _dots.Append(ordinal, other._dots, new(first, length));
            other._pairs.CopyTo(_pairs, first, length, ordinal);
            var handle = _tree.Place(_runs.Find(parent), length, parent, isLeft);
            var offset = ordinal - _runs[handle].First;
            if (other._runs[source].IsDeleted)
            {
                _tree.Delete(handle, offset, length);
                continue;
            }
            text ??= other.ToString();
            _text.Insert(_order.StartOf(handle) + offset, text.AsSpan(other._order.StartOf(source) + first - other._runs[source].First, length));
        }
    }

    /// <summary>Adds, as deleted ones, the characters of another text below which some of <paramref name="pieces"/> hang: they stand for those that a peer has.</summary>
    private void AppendAnchors(TextState other, List<Piece> pieces, ulong[] after)
    {
        var anchors = new HashSet<int>();
        foreach (var piece in pieces)
            if (other._runs.ParentOf(piece.Ordinal, out _) is > 0 and var parent && !other._dots.IsAfter(parent, after)) anchors.Add(parent);
        var dots = new List<(Dot Dot, int Ordinal)>(anchors.Count);
        foreach (var ordinal in anchors) dots.Add((other._dots.DotOf(ordinal), ordinal));
        dots.Sort();
        foreach (var (_, anchor) in dots)
        {
            var ordinal = _runs.OrdinalEnd;
            _dots.Append(ordinal, other._dots, new(anchor, 1));
            var handle = _tree.Place(RunTable.Root, 1, 0, isLeft: false);
            _tree.Delete(handle, ordinal - _runs[handle].First, 1);
        }
    }

    /// <summary>What is deleted of the characters up to these counters, by number of the replica.</summary>
    private DotRange[] DeletedUpTo(ulong[] counters)
    {
        var length = 0;
        foreach (ref readonly var run in _runs.Span)
        {
            if (run.Length == 0 || !run.IsDeleted) continue;
            for (var first = Math.Max(run.First, 1); first < run.End;)
            {
                ref readonly var stretch = ref _dots.StretchAt(_dots.StretchOf(first));
                var end = Math.Min(run.End, stretch.End);
                if (stretch.CounterOf(first) <= counters[stretch.Replica]) AddPiece(ref length, first, Math.Min(end - first, _dots.LengthUpTo(first, counters[stretch.Replica])));
                first = end;
            }
        }
        if (length == 0) return [];
        var ranges = RangesOf(_pieces.AsSpan(0, length)).ToArray();
        // What a keystroke needs again is small.
        (_pieces, _ranges) = (new int[2], new DotRange[1]);
        return ranges;
    }

    private void DeleteUpTo(Dot last)
    {
        for (var ordinal = _dots.OrdinalOf(new(last.Replica, _dots.CounterMin(last.Replica))); ordinal >= 0 && _dots.DotOf(ordinal).Counter <= last.Counter;)
        {
            var length = _dots.LengthUpTo(ordinal, last.Counter);
            var end = ordinal + length;
            // No removal of ours sees half a pair; but a stretch of equal steps may end inside of one.
            DeleteOrdinals(ordinal, end - (_pairs.IsHigh(end - 1) && _dots.DotOf(end).Counter > last.Counter ? 1 : 0));
            ordinal = _dots.Following(end - 1);
        }
    }

    /// <summary>Goes on with the first characters of each run.</summary>
    private void Rebuild(int[] kept)
    {
        var rest = new TextState();
        rest.Append(this, ParentsFirst.Of(_runs, _dots, new ulong[_dots.ReplicaCount], kept));
        (_dots, _pairs, _runs, _order, _tree, _text) = (rest._dots, rest._pairs, rest._runs, rest._order, rest._tree, rest._text);
    }
}
