using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts.RichText;

/// <summary>Where marks start and end, in the order of the text.</summary>
/// <remarks>
/// Characters never change their order, so edits of the text leave this one as it is: only new marks are put in, when somebody asks next.
/// A mark has no effect, and no edges, whose anchors are not there (a fragment of a state refers to characters that it lacks), stand in the wrong order,
/// or cut a surrogate pair: honest authors write none of these.
/// </remarks>
internal sealed class MarkEdges(TextState text) : IComparer<MarkEdge>
{
    private readonly List<MarkEdge> _sorted = [];
    private readonly List<Mark> _added = [];

    /// <summary>All edges. Valid until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<MarkEdge> Sorted
    {
        get
        {
            if (_added.Count > 0) Settle();
            return CollectionsMarshal.AsSpan(_sorted);
        }
    }

    public void Add(Mark mark) => _added.Add(mark);

    /// <summary>Takes marks in place of all there were.</summary>
    public void Reset(IReadOnlyCollection<Mark> marks)
    {
        _sorted.Clear();
        _added.Clear();
        _added.AddRange(marks);
    }

    /// <summary>How many edges stand before <paramref name="place"/>.</summary>
    public int CountBefore(MarkPlace place) => Count(place, inclusive: false);

    /// <summary>How many edges stand before <paramref name="place"/> or at it.</summary>
    public int CountUpTo(MarkPlace place) => Count(place, inclusive: true);

    public int Compare(MarkPlace place, MarkPlace other)
    {
        if (place.Ordinal == other.Ordinal) return place.IsAfter.CompareTo(other.IsAfter);
        if (place.Ordinal == MarkPlace.EndOrdinal) return 1;
        if (other.Ordinal == MarkPlace.EndOrdinal) return -1;
        return text.ComparePlaces(place.Ordinal, other.Ordinal);
    }

    public int Compare(MarkEdge edge, MarkEdge other) => Compare(edge.Place, other.Place);

    /// <summary>How many visible characters stand before <paramref name="place"/>.</summary>
    public int IndexOf(MarkPlace place) => place.Ordinal == MarkPlace.EndOrdinal ? text.Length : text.IndexOf(place.Ordinal, place.IsAfter);

    public MarkPlace? StartOf(Mark mark) => PlaceOf(mark.Operation.Start, isEnd: false);

    public MarkPlace? EndOf(Mark mark) => PlaceOf(mark.Operation.End, isEnd: true);

    private int Count(MarkPlace place, bool inclusive)
    {
        var sorted = Sorted;
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = Compare(sorted[middle].Place, place);
            if (order < 0 || (inclusive && order == 0)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private void Settle()
    {
        var edges = new List<MarkEdge>(_added.Count * 2);
        foreach (var mark in _added)
        {
            if (StartOf(mark) is not { } start || EndOf(mark) is not { } end || Compare(start, end) >= 0) continue;
            edges.Add(new(start, mark, IsEnd: false));
            edges.Add(new(end, mark, IsEnd: true));
        }
        _added.Clear();
        if (edges.Count <= 8) foreach (var edge in edges) _sorted.Insert(Count(edge.Place, inclusive: true), edge);
        else Merge(edges);
    }

    private void Merge(List<MarkEdge> edges)
    {
        edges.Sort(this);
        var (old, added) = (_sorted.Count, edges.Count);
        CollectionsMarshal.SetCount(_sorted, old + added);
        var sorted = CollectionsMarshal.AsSpan(_sorted);
        while (added > 0)
        {
            if (old > 0 && Compare(sorted[old - 1], edges[added - 1]) > 0) sorted[old + added - 1] = sorted[--old];
            else sorted[old + added - 1] = edges[--added];
        }
    }

    private MarkPlace? PlaceOf(MarkAnchor anchor, bool isEnd)
    {
        if (anchor.IsBorder) return isEnd ? MarkPlace.End : new(0, IsAfter: true);
        var ordinal = text.OrdinalOf(anchor.Character);
        if (ordinal < 0 || text.IsHighSurrogate(anchor.IsAfter ? ordinal : ordinal - 1)) return null;
        return new(ordinal, anchor.IsAfter);
    }
}
