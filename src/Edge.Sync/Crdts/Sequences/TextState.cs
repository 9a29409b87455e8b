using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Text in which every keystroke merges.</summary>
/// <remarks>
/// <para>Alice and Bob both type a sentence at one place, offline: both are there, one whole after the other, alike on every replica. Alice
/// deletes a paragraph while Bob types into it: what Bob typed stays.</para>
/// <para>A character that is deleted stays as a number in a range: a peer that has not heard of it may still write beside it. Those that went
/// with the key of a map that the text lies under go for good at a compaction: see <see cref="Compact"/>.</para>
/// </remarks>
internal sealed partial class TextState : DotState, IResettable
{
    /// <summary>As many characters as one text holds, deleted ones included.</summary>
    public const int CharactersMax = 1 << 26;

    private DotTable _dots = new();
    private SurrogatePairs _pairs = new();
    private RunTable _runs = new();
    private RunOrder _order;
    private FugueTree _tree;
    private GapBuffer _text = new();

    public TextState()
    {
        _order = new(_runs);
        _tree = new(_runs, _order, _dots);
    }

    public override CrdtKind Kind => CrdtKind.Text;

    /// <summary>Whether there is no character, not even a deleted one.</summary>
    public override bool IsEmpty => _dots.OrdinalEnd == 1;

    /// <summary>The length in UTF-16 code units.</summary>
    public int Length => _text.Length;

    public override string ToString() => _text.ToString();

    /// <exception cref="EdgeDataException">The delta refers to characters that are not there, or cuts a surrogate pair. Nothing is changed.</exception>
    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var text = (TextDelta)delta;
        Build();
        if (text.Text.Length > 0) JoinInsertion(text);
        else JoinDeletion(text);
    }

    public override void JoinVoid(Delta delta, HybridTimestamp stamp)
    {
        if (delta.DotCount == 0) return;
        Join(delta, stamp);
        Join(TextDelta.Deletion(delta.First, [new(delta.First, (ulong)delta.DotCount - 1)]), stamp);
    }

    /// <summary>Whose characters there are, ascending.</summary>
    public ReplicaId[] Replicas() => Array.ConvertAll(_dots.NumbersById(), _dots.ReplicaAt);

    public override void CollectReplicas(ReplicaTable table)
    {
        for (var i = 0; i < _dots.ReplicaCount; i++)
            table.IndexOf(_dots.ReplicaAt(i));
        _removals?.CollectReplicas(table);
    }

    private void JoinInsertion(TextDelta delta)
    {
        CheckRoom(delta.Text.Length);
        var parent = CheckedParent(delta.Parent, delta.IsLeftChild);
        var ordinal = _runs.OrdinalEnd;
        if (!TryAppend(delta.First, delta.Text))
        {
            if (IsJoined(delta)) return;
            throw Refused("text.first", $"dot {delta.First} comes after counter {_dots.CounterMax(delta.First.Replica)} of its replica");
        }
        var handle = _tree.Place(_runs.Find(parent), delta.Text.Length, parent, delta.IsLeftChild);
        _text.Insert(_order.StartOf(handle) + ordinal - _runs[handle].First, delta.Text);
    }

    /// <summary>The ordinal of the character beside which others are put.</summary>
    private int CheckedParent(Dot dot, bool isLeft)
    {
        var parent = dot.Counter == 0 ? 0 : _dots.OrdinalOf(dot);
        if (parent < 0) throw Refused("text.parent", $"there is no character {dot}");
        if (_pairs.Count > 0 && _pairs.IsHigh(isLeft ? parent - 1 : parent)) throw Refused("text.parent", $"beside {dot} the text would cut a surrogate pair");
        return parent;
    }

    private bool IsJoined(TextDelta delta) =>
        _dots.OrdinalOf(delta.First) is >= 0 and var first
        && _dots.OrdinalOf(delta.First.Plus((ulong)delta.Text.Length - 1)) == first + delta.Text.Length - 1;

    /// <summary>Gives the next ordinals to new characters; false where their dots do not follow those of their replica.</summary>
    private bool TryAppend(in Dot first, ReadOnlySpan<char> text)
    {
        if (!_dots.TryAppend(_runs.OrdinalEnd, first, text.Length)) return false;
        if (text.Length > 1) _pairs.Append(_runs.OrdinalEnd, text);
        return true;
    }

    private void CheckRoom(int count)
    {
        if (_runs.OrdinalEnd > CharactersMax - count)
            throw new EdgeDataException($"A text holds at most {CharactersMax} characters, deleted ones included. Continue in a new document.", "text.text", code: EdgeErrorCode.LimitExceeded);
    }

    private void JoinDeletion(TextDelta delta)
    {
        var ranges = delta.IsCut ? _dots.Trim(delta.Deleted) : delta.Deleted;
        CheckDeleted(ranges);
        DeleteRanges(ranges);
    }

    private void CheckDeleted(ReadOnlySpan<DotRange> ranges)
    {
        foreach (var range in ranges)
        {
            var first = _dots.OrdinalOf(range.First);
            var last = _dots.OrdinalOf(range.First.Plus(range.Extent));
            if (first < 0 || last < 0) throw Refused("text.deleted", $"there is no character {(first < 0 ? range.First : range.First.Plus(range.Extent))}");
            if (_pairs.IsHigh(last) || _pairs.IsHigh(first - 1)) throw Refused("text.deleted", $"the range at {range.First} would cut a surrogate pair");
        }
    }

    private void DeleteRanges(ReadOnlySpan<DotRange> ranges)
    {
        foreach (var range in ranges)
            for (var ordinal = _dots.OrdinalOf(range.First); ;)
            {
                var length = _dots.LengthUpTo(ordinal, range.LastCounter);
                DeleteOrdinals(ordinal, ordinal + length);
                if (_dots.DotOf(ordinal + length - 1).Counter == range.LastCounter) break;
                ordinal = _dots.Following(ordinal + length - 1);
            }
    }

    private void DeleteOrdinals(int ordinal, int end)
    {
        while (ordinal < end)
        {
            var handle = _runs.Find(ordinal);
            var offset = ordinal - _runs[handle].First;
            var count = Math.Min(end - ordinal, _runs[handle].Length - offset);
            if (!_runs[handle].IsDeleted)
            {
                _text.Delete(_order.StartOf(handle) + offset, count);
                _tree.Delete(handle, offset, count);
            }
            ordinal += count;
        }
    }

    private static EdgeDataException Refused(string field, string problem) => new($"A text delta was refused, and nothing changed: {problem}.", field);
}
