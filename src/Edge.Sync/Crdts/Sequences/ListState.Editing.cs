using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Edits by this replica, as deltas to join.</summary>
internal sealed partial class ListState
{
    /// <summary>Inserts values before <paramref name="index"/>. The delta takes one dot for each, from <paramref name="first"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public ListDelta Insert(Dot first, int index, params ReadOnlySpan<ValueBytes> values)
    {
        CheckIndex(index, Count);
        if (values.IsEmpty) throw new ArgumentException("Nothing is inserted. Pass at least one value.", nameof(values));
        _tree.ParentAt(index, out var parent, out var isLeft);
        return ListDelta.Insert(first, DotAt(parent), isLeft, values.ToArray());
    }

    /// <summary>Sets the value of the element at <paramref name="index"/>. Takes one dot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ListDelta Set(Dot dot, int index, ValueBytes value)
    {
        var number = NumberAt(index);
        var name = NameOf(number);
        var replaced = _elements.Items[number].Element?.ValueDots() ?? [];
        return ListDelta.Set(dot, name, value, replaced.Length > 0 ? replaced : [name]);
    }

    /// <summary>Moves the <paramref name="count"/> elements from <paramref name="index"/> on, so that the first of them is at <paramref name="to"/> then. Takes one dot for each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such range, or it would end behind the list.</exception>
    public ListDelta Move(Dot first, int index, int count, int to)
    {
        CheckRange(index, count);
        CheckIndex(to, Count - count);
        var moves = new ListMove[count];
        for (var i = 0; i < count; i++)
        {
            var number = NumberAt(index + i);
            moves[i] = new(NameOf(number), CausalKey.Next(_elements.Items[number].Element?.Depth ?? 0));
        }
        // Counted among all that is there now, the moved ones included.
        _tree.ParentAt(to <= index ? to : to + count, out var parent, out var isLeft);
        return ListDelta.Move(first, DotAt(parent), isLeft, moves);
    }

    /// <summary>Deletes the <paramref name="count"/> elements from <paramref name="index"/> on. Takes one dot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, or not inside the list.</exception>
    public ListDelta Delete(Dot dot, int index, int count)
    {
        CheckRange(index, count);
        return Delete(dot, [.. Enumerable.Range(index, count)]);
    }

    /// <summary>Deletes the elements at <paramref name="indices"/>, each named once. Takes one dot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ListDelta Delete(Dot dot, List<int> indices)
    {
        var plain = new List<(Dot Name, int Home)>(indices.Count);
        var others = new List<ListRemoval>();
        foreach (var index in indices)
        {
            var number = NumberAt(index);
            var name = NameOf(number);
            var lives = _elements.Items[number].Element?.Alive();
            if (lives is null || (lives.Length == 1 && lives[0] == name)) plain.Add((name, _elements.Items[number].Home));
            else others.Add(new(name, lives));
        }
        plain.Sort(static (a, b) => Compare(a.Name, b.Name));
        others.Sort(static (a, b) => Compare(a.Element, b.Element));
        return ListDelta.Delete(dot, Ranges(plain), [.. others]);
    }

    private Dot DotAt(int ordinal) => ordinal == 0 ? default : _dots.DotOf(ordinal);

    private DotRange[] Ranges(List<(Dot Name, int Home)> elements)
    {
        var ranges = new List<DotRange>();
        for (var i = 0; i < elements.Count; i++)
        {
            if (i > 0 && elements[i - 1].Name.Replica == elements[i].Name.Replica && NextHome(elements[i - 1].Home) == elements[i].Home)
                ranges[^1] = new(ranges[^1].First, elements[i].Name.Counter - ranges[^1].First.Counter);
            else ranges.Add(new(elements[i].Name, 0));
        }
        return [.. ranges];
    }

    /// <summary>The next element of the same replica; a move makes a place between two.</summary>
    private int NextHome(int ordinal)
    {
        do ordinal = _dots.Following(ordinal);
        while (ordinal >= 0 && _elements.AtHome(ordinal) < 0);
        return ordinal;
    }

    private void CheckRange(int index, int count)
    {
        CheckIndex(index, Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - index);
    }

    private static void CheckIndex(int index, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, max);
    }

    private static int Compare(Dot a, Dot b)
    {
        var order = a.Replica.CompareTo(b.Replica);
        return order != 0 ? order : a.Counter.CompareTo(b.Counter);
    }
}
