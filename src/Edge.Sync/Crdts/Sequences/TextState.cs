using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Text in which every keystroke merges.</summary>
/// <remarks>
/// <para>Alice and Bob both type a sentence at one place, offline: both are there, one whole after the other, alike on every replica. Alice
/// deletes a paragraph while Bob types into it: what Bob typed stays.</para>
/// <para>A character that is deleted stays as a number in a range: a peer that has not heard of it may still write beside it.</para>
/// </remarks>
internal sealed partial class TextState : CrdtState
{
    /// <summary>As many characters as one text holds, deleted ones included.</summary>
    public const int CharactersMax = 1 << 26;

    private readonly DotTable _dots = new();
    private readonly SurrogatePairs _pairs = new();
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

    /// <summary>The length in UTF-16 code units.</summary>
    public int Length => _text.Length;

    public override string ToString() => _text.ToString();

    /// <summary>Inserts <paramref name="text"/> before <paramref name="index"/> (UTF-16). The delta takes one dot per code unit, from <paramref name="first"/> on. Not joined yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside of the text or inside a surrogate pair.</exception>
    /// <exception cref="ArgumentException">The text is empty or holds half a surrogate pair.</exception>
    public TextDelta Insert(Dot first, int index, ReadOnlySpan<char> text)
    {
        CheckBoundary(index, nameof(index));
        CheckText(text);
        Build();
        var (parent, isLeft) = _tree.ParentAt(index);
        return TextDelta.Insertion(first, parent == 0 ? default : _dots.DotOf(parent), isLeft, text.ToString());
    }

    /// <summary>Deletes <paramref name="count"/> code units from <paramref name="index"/> on. Takes no dot. Not joined yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, is not inside the text, or cuts a surrogate pair.</exception>
    public TextDelta Delete(Dot first, int index, int count)
    {
        CheckBoundary(index, nameof(index));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length - index);
        CheckBoundary(index + count, nameof(count));
        Build();
        return TextDelta.Deletion(first, RangesAt(index, count));
    }

    /// <exception cref="EdgeDataException">The delta refers to characters that are not there, or cuts a surrogate pair. Nothing is changed.</exception>
    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var text = (TextDelta)delta;
        Build();
        if (text.Text.Length > 0) JoinInsertion(text);
        else JoinDeletion(text);
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        for (var i = 0; i < _dots.ReplicaCount; i++)
            table.IndexOf(_dots.ReplicaAt(i));
    }

    private void JoinInsertion(TextDelta delta)
    {
        var counterMax = _dots.CounterMax(delta.First.Replica);
        if (delta.First.Counter <= counterMax)
        {
            if (IsJoined(delta, counterMax)) return;
            throw Refused("text.first", $"dot {delta.First} comes after counter {counterMax} of its replica");
        }
        if (_runs.OrdinalEnd > CharactersMax - delta.Text.Length)
            throw new EdgeDataException($"A text holds at most {CharactersMax} characters, deleted ones included. Continue in a new document.", "text.text", code: EdgeErrorCode.LimitExceeded);
        var parent = delta.Parent.Counter == 0 ? 0 : _dots.OrdinalOf(delta.Parent);
        if (parent < 0) throw Refused("text.parent", $"there is no character {delta.Parent}");
        if (_pairs.IsHigh(delta.IsLeftChild ? parent - 1 : parent)) throw Refused("text.parent", $"beside {delta.Parent} the text would cut a surrogate pair");

        var ordinal = _runs.OrdinalEnd;
        _dots.Append(ordinal, delta.First, delta.Text.Length);
        _pairs.Append(ordinal, delta.Text);
        var handle = _tree.Place(delta.Text.Length, parent, delta.IsLeftChild);
        _text.Insert(_order.StartOf(handle) + ordinal - _runs[handle].First, delta.Text);
    }

    private bool IsJoined(TextDelta delta, ulong counterMax) =>
        delta.First.Counter + (ulong)delta.Text.Length - 1 <= counterMax
        && _dots.OrdinalOf(delta.First) is >= 0 and var first
        && _dots.OrdinalOf(delta.First.Plus((ulong)delta.Text.Length - 1)) == first + delta.Text.Length - 1;

    private void JoinDeletion(TextDelta delta)
    {
        foreach (var range in delta.Deleted)
        {
            var first = _dots.OrdinalOf(range.First);
            var last = _dots.OrdinalOf(range.First.Plus(range.Extent));
            if (first < 0 || last < 0) throw Refused("text.deleted", $"there is no character {(first < 0 ? range.First : range.First.Plus(range.Extent))}");
            if (_pairs.IsHigh(last) || _pairs.IsHigh(first - 1)) throw Refused("text.deleted", $"the range at {range.First} would cut a surrogate pair");
        }
        foreach (var range in delta.Deleted)
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
            var runEnd = Math.Min(end, _runs[handle].End);
            if (!_runs[handle].IsDeleted)
            {
                if (ordinal > _runs[handle].First) handle = _tree.Split(handle, ordinal - _runs[handle].First);
                if (runEnd < _runs[handle].End) _tree.Split(handle, runEnd - _runs[handle].First);
                var width = _runs[handle].Length;
                _text.Delete(_order.StartOf(handle), width);
                _runs[handle].Flags |= RunFlags.Deleted;
                _order.AddWidth(handle, -width);
                _tree.MergeDeleted(handle);
                _tree.MergeDeleted(_runs.Find(ordinal - 1));
            }
            ordinal = runEnd;
        }
    }

    /// <summary>The dots of visible characters, as few ranges as there can be, ascending.</summary>
    private DotRange[] RangesAt(int index, int count)
    {
        var ranges = new List<DotRange>(1);
        var handle = _order.Find(index, out var offset);
        for (var rest = count; rest > 0; handle = _order.Next(handle), offset = 0)
        {
            if (_runs[handle].IsDeleted) continue;
            var ordinal = _runs[handle].First + offset;
            var end = ordinal + Math.Min(rest, _runs[handle].Length - offset);
            rest -= end - ordinal;
            while (ordinal < end)
            {
                var first = _dots.DotOf(ordinal);
                ordinal = Math.Min(end, _dots.StretchAt(_dots.StretchOf(ordinal)).End);
                ranges.Add(new(first, _dots.DotOf(ordinal - 1).Counter - first.Counter));
            }
        }
        if (ranges.Count == 1) return [.. ranges];
        ranges.Sort(static (a, b) => a.IsBefore(b) ? -1 : b.IsBefore(a) ? 1 : 0);
        var merged = 0;
        for (var i = 1; i < ranges.Count; i++)
        {
            var last = ranges[merged].First.Plus(ranges[merged].Extent);
            if (last.Replica == ranges[i].First.Replica && _dots.Following(_dots.OrdinalOf(last)) == _dots.OrdinalOf(ranges[i].First))
                ranges[merged] = new(ranges[merged].First, ranges[i].LastCounter - ranges[merged].First.Counter);
            else ranges[++merged] = ranges[i];
        }
        return [.. ranges.GetRange(0, merged + 1)];
    }

    private void CheckBoundary(int index, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Length, parameter);
        if (_pairs.Count > 0 && index > 0 && index < Length && char.IsLowSurrogate(_text[index]))
            throw new ArgumentOutOfRangeException(parameter, index, "The edit would cut a surrogate pair, which is one character. Start and end it before or after the pair: char.IsLowSurrogate tells where you are inside.");
    }

    private static void CheckText(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) throw new ArgumentException("Nothing is inserted. Pass at least one character.", nameof(text));
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                throw new ArgumentException($"Character {i} is half of a surrogate pair. Insert both halves in one call.", nameof(text));
            i++;
        }
    }

    private static EdgeDataException Refused(string field, string problem) => new($"A text delta was refused, and nothing changed: {problem}.", field);
}
