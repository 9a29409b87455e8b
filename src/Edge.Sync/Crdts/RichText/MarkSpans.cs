namespace Edge.Sync.Crdts.RichText;

/// <summary>Renders marks: one walk along their edges, in which every piece of text between two of them gets what wins there.</summary>
internal sealed class MarkSpans(MarkEdges edges, int length)
{
    private readonly MarkCover _cover = new();
    private readonly List<MarkSpan> _spans = [];

    /// <summary>What the last span shows.</summary>
    private readonly SortedDictionary<string, MarkValue> _shown = new(MarkKeyComparer.Instance);

    /// <summary>The keys of edges since the last span.</summary>
    private readonly HashSet<string> _touched = [];

    /// <summary>The spans of the whole text: maximal, in order, none empty.</summary>
    public List<MarkSpan> Render()
    {
        var from = 0;
        foreach (ref readonly var edge in edges.Sorted)
        {
            var index = edges.IndexOf(edge.Place);
            if (index > from) Emit(from, index);
            from = index;
            _cover.Apply(edge);
            _touched.Add(edge.Mark.Key);
        }
        if (length > from) Emit(from, length);
        return _spans;
    }

    private void Emit(int from, int to)
    {
        var isChanged = _spans.Count == 0;
        foreach (var key in _touched)
        {
            var isShown = _shown.TryGetValue(key, out var shown);
            if (_cover.Winner(key) is { } winner)
            {
                if (isShown && shown.Value.Equals(winner.Value)) continue;
                _shown[key] = new(key, winner.Value, winner.Operation.Expansion);
            }
            else
            {
                if (!isShown) continue;
                _shown.Remove(key);
            }
            isChanged = true;
        }
        _touched.Clear();
        if (isChanged) _spans.Add(new(from, to - from, [.. _shown.Values]));
        else _spans[^1] = _spans[^1] with { Length = to - _spans[^1].Start };
    }
}
