namespace Edge.Sync.Crdts.RichText;

/// <summary>What text gets that is put between two neighbours in the visible text, which may have deleted characters between them.</summary>
/// <remarks>
/// <para>Among deleted characters the text's own rule decides where an insertion lands, and marks may start and end there. What the author sees
/// decides what the text should get: a mark that reaches over the gap; one that covers the character on the left and ends in the gap, if it grows at its
/// end; one that starts in the gap and covers the character on the right, if it grows at its start. One that lies in the gap alone does not come
/// back. Where the place could give something else, the author writes it out (see <see cref="RichTextState"/>).</para>
/// <para>Peritext has the same end by another way: it puts insertions behind deleted characters at which a mark ends that does not grow. Here an
/// insertion names visible characters only, so that deleted ones can be dropped.</para>
/// </remarks>
internal sealed class MarkGap
{
    private readonly MarkEdges _edges;
    private readonly MarkPlace _from;
    private readonly MarkPlace _to;
    private readonly MarkCover _cover = new();
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Where the marks end that end in the gap.</summary>
    private readonly Dictionary<Mark, MarkPlace> _ends = [];

    /// <param name="edges">All edges.</param>
    /// <param name="left">The visible character before, or the root.</param>
    /// <param name="right">The visible character behind, or the end.</param>
    public MarkGap(MarkEdges edges, int left, int right)
    {
        (_edges, _from, _to) = (edges, new(left, IsAfter: true), new(right, IsAfter: false));
        var first = edges.CountUpTo(_from);
        var end = Math.Max(first, edges.CountBefore(_to));
        foreach (ref readonly var edge in edges.Sorted[..first]) _cover.Apply(edge);
        foreach (var key in _cover.Keys) _entries.Add(key, new(_cover.Winner(key)));
        if (end > first) Enter(edges.Sorted[first..end]);
    }

    /// <summary>The keys that matter here.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>The mark that text gets which is put here; null for none.</summary>
    public Mark? Winner(string key) => _entries.GetValueOrDefault(key).Winner;

    /// <summary>Whether text gets it by its place alone, wherever in the gap it lands.</summary>
    public bool IsCertain(string key) => !_entries.GetValueOrDefault(key).IsDoubtful;

    private void Enter(ReadOnlySpan<MarkEdge> inside)
    {
        var keys = new HashSet<string>();
        foreach (ref readonly var edge in inside)
        {
            keys.Add(edge.Mark.Key);
            if (edge.IsEnd) _ends.Add(edge.Mark, edge.Place);
        }
        foreach (var key in keys) _entries[key] = new(LastOnTheLeft(key));
        foreach (ref readonly var edge in inside)
            if (BeginsForTheRight(edge) && (_entries[edge.Mark.Key].Winner is not { } winner || winner.CompareTo(edge.Mark) < 0)) _entries[edge.Mark.Key] = new(edge.Mark);
        foreach (var key in keys)
            if (_entries[key].Winner is { Operation.IsRemoval: true }) _entries[key] = default;

        FindDoubts(keys);
        for (var i = 0; i < inside.Length; i++)
        {
            _cover.Apply(inside[i]);
            if (i + 1 == inside.Length || inside[i + 1].Place != inside[i].Place) FindDoubts(keys);
        }
    }

    /// <summary>The last mark that covers the character on the left and goes on from it, removals among them.</summary>
    private Mark? LastOnTheLeft(string key)
    {
        var marks = _cover.Of(key);
        for (var i = marks.Count - 1; i >= 0; i--)
            if (!_ends.TryGetValue(marks[i], out var end) || (!end.IsAfter && _edges.StartOf(marks[i]) != _from)) return marks[i];
        return null;
    }

    private bool BeginsForTheRight(in MarkEdge edge) =>
        !edge.IsEnd && edge.Place.IsAfter && !_ends.ContainsKey(edge.Mark) && _edges.EndOf(edge.Mark) != _to;

    private void FindDoubts(HashSet<string> keys)
    {
        foreach (var key in keys)
            if (!HaveSameValue(_entries[key].Winner, _cover.Winner(key))) _entries[key] = _entries[key] with { IsDoubtful = true };
    }

    private static bool HaveSameValue(Mark? mark, Mark? other) => mark is null ? other is null : other is not null && mark.Value.Equals(other.Value);

    private readonly record struct Entry(Mark? Winner, bool IsDoubtful = false);
}
