using Edge.Sync.Crdts.RichText;

namespace Edge.Sync.Crdts;

/// <summary>Edits by this replica, as deltas to join.</summary>
internal sealed partial class RichTextState
{
    /// <summary>A gap whose marks need not be looked at again: text that was put into it goes on, to the right, as its author's last insertion did.</summary>
    private (Dot Left, int Right, int MarkCount) _settled;

    /// <summary>Inserts <paramref name="text"/> before <paramref name="index"/> (UTF-16), with the marks that its place gives. Not joined yet.</summary>
    /// <inheritdoc cref="TextState.Insert"/>
    public RichTextDelta Insert(Dot first, int index, ReadOnlySpan<char> text)
    {
        var edit = _text.Insert(first, index, text);
        return new(first, edit, NextDepth, Repairs(first, index, text.Length));
    }

    /// <summary>Inserts <paramref name="text"/> with exactly the marks of <paramref name="spans"/>: typed or pasted with them, or put back by undo.</summary>
    /// <param name="first">The first dot.</param>
    /// <param name="index">Before what it is inserted (UTF-16).</param>
    /// <param name="text">The text.</param>
    /// <param name="spans">Its marks, in order, from place 0 of the text on. What no span covers gets none.</param>
    /// <inheritdoc cref="TextState.Insert"/>
    public RichTextDelta Insert(Dot first, int index, ReadOnlySpan<char> text, IReadOnlyList<MarkSpan> spans)
    {
        var edit = _text.Insert(first, index, text);
        var (left, right) = Neighbours(index);
        var gap = new MarkGap(_edges, left, right);
        var writer = new MarkWriter(first, text.Length, LeftOf(index), RightOf(index));
        var keys = new SortedSet<string>(gap.Keys, MarkKeyComparer.Instance);
        foreach (var span in spans)
            foreach (var mark in span.Marks) keys.Add(CheckKey(mark.Key));
        foreach (var key in keys) writer.Write(key, gap.IsCertain(key) ? gap.Winner(key)?.Value ?? MarkOperation.Nil : null, spans);
        return new(first, edit, NextDepth, writer.ToArray());
    }

    /// <summary>Deletes <paramref name="count"/> code units from <paramref name="index"/> on; marks stay, even on nothing. Not joined yet.</summary>
    /// <inheritdoc cref="TextState.Delete"/>
    public RichTextDelta Delete(Dot first, int index, int count) => new(first, _text.Delete(first, index, count), 0, []);

    /// <summary>Marks a range. Takes one dot. Not joined yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, is not inside the text, or cuts a surrogate pair.</exception>
    /// <exception cref="ArgumentException">The key is empty or too long, or the value is nil.</exception>
    public RichTextDelta Mark(Dot first, int index, int count, string key, ValueBytes value, MarkExpansion expansion)
    {
        if (MarkOperation.IsNil(value)) throw new ArgumentException("Nil is no value of a mark: it takes marks away. Call Unmark.", nameof(value));
        return Write(first, index, count, key, value, expansion);
    }

    /// <summary>Takes the mark under a key from a range. Takes one dot. Not joined yet.</summary>
    /// <param name="first">The dot.</param>
    /// <param name="index">The first UTF-16 code unit.</param>
    /// <param name="count">How many.</param>
    /// <param name="key">The key.</param>
    /// <param name="expansion">How the mark was written: the removal grows where the mark does not, so that text typed at its border is marked as before it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, is not inside the text, or cuts a surrogate pair.</exception>
    /// <exception cref="ArgumentException">The key is empty or too long.</exception>
    public RichTextDelta Unmark(Dot first, int index, int count, string key, MarkExpansion expansion)
    {
        // Where the removal begins, marked text ends: there the mark grows or does not; and the other way round where it ends.
        var growth = ((expansion & MarkExpansion.After) == 0 ? MarkExpansion.Before : 0) | ((expansion & MarkExpansion.Before) == 0 ? MarkExpansion.After : 0);
        return Write(first, index, count, key, MarkOperation.Nil, growth);
    }

    /// <summary>How the marks that a range is marked with under a key were written: at its start as the first, at its end as the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, is not inside the text, or cuts a surrogate pair.</exception>
    public MarkExpansion ExpansionOf(int index, int count, string key)
    {
        _text.CheckRange(index, count);
        var (first, last) = (WinnerAt(index, key)?.Operation.Expansion, WinnerAt(index + count - 1, key)?.Operation.Expansion);
        return ((first ?? last ?? MarkExpansion.After) & MarkExpansion.After) | ((last ?? first ?? MarkExpansion.After) & MarkExpansion.Before);
    }

    /// <summary>The visible characters that a mark covers: none where a place of it is not there.</summary>
    internal (int Index, int Count) RangeOf(in MarkOperation operation)
    {
        var mark = new Mark(default, operation);
        if (_edges.StartOf(mark) is not { } start || _edges.EndOf(mark) is not { } end) return (0, 0);
        var (from, to) = (_edges.IndexOf(start), _edges.IndexOf(end));
        return (from, Math.Max(0, to - from));
    }

    /// <summary>Several marks as one delta. Not joined yet.</summary>
    internal RichTextDelta Marks(Dot first, MarkOperation[] marks) => new(first, null, NextDepth, marks);

    /// <summary>The mark of a range with these anchors; a nil value takes away.</summary>
    internal MarkOperation Operation(int index, int count, in MarkValue value) => new(value.Key, value.Value,
        (value.Expansion & MarkExpansion.Before) != 0 ? LeftOf(index) : new(DotAt(index), IsAfter: false),
        (value.Expansion & MarkExpansion.After) != 0 ? RightOf(index + count) : new(DotAt(index + count - 1), IsAfter: true));

    private ulong NextDepth => CausalKey.Next(_marks.Count > 0 ? _marks[^1].Order.Depth : 0);

    private RichTextDelta Write(Dot first, int index, int count, string key, ValueBytes value, MarkExpansion expansion)
    {
        _text.CheckRange(index, count);
        CheckKey(key);
        return Marks(first, [Operation(index, count, new(key, value, expansion))]);
    }

    /// <summary>The marks that an insertion brings because its place may give others than its author sees: on all of the gap, so that what is typed on needs none.</summary>
    private MarkOperation[] Repairs(Dot first, int index, int length)
    {
        if (_marks.Count == 0 || !_text.HasDeletedAt(index)) return [];
        var (left, right) = Neighbours(index);
        var repairs = new List<MarkOperation>();
        if ((_text.DotAt(left), right, _marks.Count) != _settled)
        {
            var gap = new MarkGap(_edges, left, right);
            foreach (var key in new SortedSet<string>(gap.Keys, MarkKeyComparer.Instance))
                if (!gap.IsCertain(key)) repairs.Add(new(key, gap.Winner(key)?.Value ?? MarkOperation.Nil, LeftOf(index), RightOf(index)));
        }
        _settled = (first.Plus((ulong)length - 1), right, _marks.Count + repairs.Count);
        return [.. repairs];
    }

    private (int Left, int Right) Neighbours(int index) =>
        (_text.OrdinalAt(index - 1), index == Length ? MarkPlace.EndOrdinal : _text.OrdinalAt(index));

    private MarkAnchor LeftOf(int index) => index == 0 ? MarkAnchor.Start : new(DotAt(index - 1), IsAfter: true);

    private MarkAnchor RightOf(int index) => index == Length ? MarkAnchor.End : new(DotAt(index), IsAfter: false);

    private Dot DotAt(int index) => _text.DotAt(_text.OrdinalAt(index));

    private Mark? WinnerAt(int index, string key)
    {
        var cover = new MarkCover();
        foreach (ref readonly var edge in _edges.Sorted[.._edges.CountUpTo(new(_text.OrdinalAt(index), IsAfter: false))])
            if (edge.Mark.Key == key) cover.Apply(edge);
        return cover.Winner(key);
    }

    private static string CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > MarkOperation.KeyLengthMax) throw new ArgumentException($"A mark's key has at most {MarkOperation.KeyLengthMax} characters, not {key.Length}.", nameof(key));
        if (TextState.LoneSurrogateAt(key) >= 0) throw new ArgumentException("A mark's key holds half a surrogate pair.", nameof(key));
        return key;
    }
}
