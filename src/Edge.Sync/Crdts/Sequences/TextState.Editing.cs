using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Edits by this replica: as deltas to join, or joined at once.</summary>
internal sealed partial class TextState
{
    private static readonly string?[] s_ascii = new string?[128];

    private int[] _pieces = new int[2];
    private DotRange[] _ranges = new DotRange[1];

    /// <summary>Inserts <paramref name="text"/> before <paramref name="index"/> (UTF-16). The delta takes one dot per code unit, from <paramref name="first"/> on. Not joined yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside of the text or inside a surrogate pair.</exception>
    /// <exception cref="ArgumentException">The text is empty or holds half a surrogate pair.</exception>
    public TextDelta Insert(Dot first, int index, ReadOnlySpan<char> text)
    {
        CheckBoundary(index, nameof(index));
        CheckText(text);
        Build();
        _tree.ParentAt(index, out var parent, out var isLeft);
        return TextDelta.Insertion(first, DotAt(parent), isLeft, text.Length == 1 ? OneCharacter(text[0]) : text.ToString());
    }

    /// <summary>Deletes <paramref name="count"/> code units from <paramref name="index"/> on. Takes no dot. Not joined yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, is not inside the text, or cuts a surrogate pair.</exception>
    public TextDelta Delete(Dot first, int index, int count)
    {
        CheckRange(index, count);
        Build();
        var length = 0;
        var handle = _order.Find(index, out var offset);
        for (var rest = count; rest > 0; handle = _order.Next(handle), offset = 0)
        {
            if (_runs[handle].IsDeleted) continue;
            var taken = Math.Min(rest, _runs[handle].Length - offset);
            AddPiece(ref length, _runs[handle].First + offset, taken);
            rest -= taken;
        }
        return TextDelta.Deletion(first, RangesOf(_pieces.AsSpan(0, length)).ToArray());
    }

    /// <summary>Inserts and joins at once: the quick way for the author's own edits. No object is made.</summary>
    /// <inheritdoc cref="Insert"/>
    public TextEdit InsertAndJoin(in Dot first, int index, ReadOnlySpan<char> text)
    {
        CheckBoundary(index, nameof(index));
        CheckText(text);
        Build();
        CheckRoom(text.Length);
        var handle = _tree.ParentAt(index, out var parent, out var isLeft);
        if (!TryAppend(first, text)) throw new ArgumentException($"Dot {first} was used before. Take the next one of the feed.", nameof(first));
        _tree.Place(handle, text.Length, parent, isLeft);
        _text.Insert(index, text);
        return new(this, first, parent, isLeft, text);
    }

    /// <summary>Deletes and joins at once: the quick way for the author's own edits. No object is made.</summary>
    /// <inheritdoc cref="Delete"/>
    public TextEdit DeleteAndJoin(in Dot first, int index, int count)
    {
        CheckRange(index, count);
        Build();
        var length = 0;
        for (var rest = count; rest > 0;)
        {
            var handle = _order.Find(index, out var offset);
            var taken = Math.Min(rest, _runs[handle].Length - offset);
            AddPiece(ref length, _runs[handle].First + offset, taken);
            _tree.Delete(handle, offset, taken);
            rest -= taken;
        }
        _text.Delete(index, count);
        return new(this, first, _pieces.AsSpan(0, length));
    }

    /// <summary>The dot of an ordinal; counter 0 for the root.</summary>
    internal Dot DotAt(int ordinal) => ordinal == 0 ? default : _dots.DotOf(ordinal);

    /// <summary>The dots of pieces of text, in as few ranges as there can be, ascending. Valid until the next call.</summary>
    internal ReadOnlySpan<DotRange> RangesOf(ReadOnlySpan<int> pieces)
    {
        var count = 0;
        for (var i = 0; i < pieces.Length; i += 2)
            for (var ordinal = pieces[i]; ordinal < pieces[i + 1];)
            {
                ref readonly var stretch = ref _dots.StretchAt(_dots.StretchOf(ordinal));
                var end = Math.Min(pieces[i + 1], stretch.End);
                if (count == _ranges.Length) Array.Resize(ref _ranges, count * 2);
                _ranges[count++] = new(_dots.DotOf(ordinal), stretch.CounterOf(end - 1) - stretch.CounterOf(ordinal));
                ordinal = end;
            }
        return count == 1 ? _ranges.AsSpan(0, 1) : Merge(_ranges.AsSpan(0, count));
    }

    private Span<DotRange> Merge(Span<DotRange> ranges)
    {
        ranges.Sort(static (a, b) => a.IsBefore(b) ? -1 : b.IsBefore(a) ? 1 : 0);
        var merged = 0;
        for (var i = 1; i < ranges.Length; i++)
        {
            var last = ranges[merged].First.Plus(ranges[merged].Extent);
            if (last.Replica == ranges[i].First.Replica && _dots.Following(_dots.OrdinalOf(last)) == _dots.OrdinalOf(ranges[i].First))
                ranges[merged] = new(ranges[merged].First, ranges[i].LastCounter - ranges[merged].First.Counter);
            else ranges[++merged] = ranges[i];
        }
        return ranges[..(merged + 1)];
    }

    private void AddPiece(ref int length, int first, int count)
    {
        if (length == _pieces.Length) Array.Resize(ref _pieces, length * 2);
        (_pieces[length], _pieces[length + 1]) = (first, first + count);
        length += 2;
    }

    internal void CheckRange(int index, int count)
    {
        CheckBoundary(index, nameof(index));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length - index);
        CheckBoundary(index + count, nameof(count));
    }

    private void CheckBoundary(int index, string parameter)
    {
        if ((uint)index > (uint)Length) throw new ArgumentOutOfRangeException(parameter, index, $"The text has {Length} code units: 0 to {Length} are places in it.");
        // What was loaded may hold pairs that are not noted before it is built.
        if ((_pairs.Count > 0 || _stored is not null) && index > 0 && index < Length && char.IsLowSurrogate(_text[index]))
            throw new ArgumentOutOfRangeException(parameter, index, "The edit would cut a surrogate pair, which is one character. Start and end it before or after the pair: char.IsLowSurrogate tells where you are inside.");
    }

    private static void CheckText(ReadOnlySpan<char> text)
    {
        if (text.Length == 1 && !char.IsSurrogate(text[0])) return;
        if (text.IsEmpty) throw new ArgumentException("Nothing is inserted. Pass at least one character.", nameof(text));
        if (LoneSurrogateAt(text) is >= 0 and var lone) throw new ArgumentException($"Character {lone} is half of a surrogate pair. Insert both halves in one call.", nameof(text));
    }

    internal static int LoneSurrogateAt(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return i;
            i++;
        }
        return -1;
    }

    /// <summary>Most deltas are one keystroke: these share their strings.</summary>
    private static string OneCharacter(char c) => c < s_ascii.Length ? s_ascii[c] ??= c.ToString() : c.ToString();
}
