using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Places that stay where they are while the list is edited.</summary>
internal sealed partial class ListState
{
    /// <summary>The place before the element at <paramref name="index"/>, as one beside the element behind which or before which it is: it goes with that one when it is moved.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public Anchor AnchorAt(int index, bool isBehind)
    {
        CheckIndex(index, Count);
        if (isBehind ? index == 0 : index == Count) return new(default, isBehind);
        return new(ElementAt(isBehind ? index - 1 : index), isBehind);
    }

    /// <summary>The index of a place, where it was if its element is deleted; -1 where the list does not hold the element.</summary>
    public int IndexOf(Anchor anchor)
    {
        if (anchor.Dot.Counter == 0) return anchor.IsBehind ? 0 : Count;
        if (_dots.OrdinalOf(anchor.Dot) is not (> 0 and var home) || _elements.AtHome(home) is not (>= 0 and var number)) return -1;
        var index = IndexOfOrdinal(_elements.Items[number].Element?.Ordinal ?? home, out var isVisible);
        return isVisible && anchor.IsBehind ? index + 1 : index;
    }

    /// <summary>The index of an element, where it was if it is deleted; -1 where the list does not hold it.</summary>
    public int IndexOf(Dot element, out bool isVisible)
    {
        isVisible = false;
        if (element.Counter == 0 || _dots.OrdinalOf(element) is not (> 0 and var home) || _elements.AtHome(home) is not (>= 0 and var number)) return -1;
        return IndexOfOrdinal(_elements.Items[number].Element?.Ordinal ?? home, out isVisible);
    }

    /// <summary>The index of a place that an insertion or a move made, whether something is there or not; -1 where the list does not hold it.</summary>
    public int IndexOfPlace(Dot place) => _dots.OrdinalOf(place) is > 0 and var ordinal ? IndexOfOrdinal(ordinal, out _) : -1;

    /// <summary>The dot of the insertion or move that put the element at an index there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public Dot PlaceAt(int index)
    {
        var item = _elements.Items[NumberAt(index)];
        return _dots.DotOf(item.Element?.Ordinal ?? item.Home);
    }

    /// <summary>The indices of those elements to be seen that a deletion or a move names, ascending.</summary>
    public List<int> IndicesOf(ListDelta delta)
    {
        var indices = new List<int>();
        foreach (var range in delta.Ranges)
            for (var ordinal = _dots.OrdinalOf(range.First); ordinal >= 0 && _dots.DotOf(ordinal) is var dot && dot.Counter <= range.LastCounter; ordinal = _dots.Following(ordinal))
                Add(dot);
        foreach (var removal in delta.Removals) Add(removal.Element);
        foreach (var move in delta.Moves) Add(move.Element);
        indices.Sort();
        return indices;

        void Add(Dot element)
        {
            if (IndexOf(element, out var isVisible) is var index && isVisible) indices.Add(index);
        }
    }

    private int IndexOfOrdinal(int ordinal, out bool isVisible)
    {
        var handle = _runs.Find(ordinal);
        isVisible = !_runs[handle].IsDeleted;
        return _order.StartOf(handle) + (isVisible ? ordinal - _runs[handle].First : 0);
    }
}
