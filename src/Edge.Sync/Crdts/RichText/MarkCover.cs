namespace Edge.Sync.Crdts.RichText;

/// <summary>The marks that cover the place at which a walk along the text has arrived, by key.</summary>
internal sealed class MarkCover
{
    private readonly Dictionary<string, List<Mark>> _marks = [];

    public IEnumerable<string> Keys => _marks.Keys;

    public void Apply(in MarkEdge edge)
    {
        if (!_marks.TryGetValue(edge.Mark.Key, out var marks)) _marks.Add(edge.Mark.Key, marks = []);
        var index = marks.Count == 0 || marks[^1].CompareTo(edge.Mark) < 0 ? ~marks.Count : marks.BinarySearch(edge.Mark);
        if (!edge.IsEnd) marks.Insert(~index, edge.Mark);
        else marks.RemoveAt(index);
    }

    /// <summary>The marks under a key, ascending: the last one wins.</summary>
    public IReadOnlyList<Mark> Of(string key) => _marks.TryGetValue(key, out var marks) ? marks : [];

    /// <summary>The mark that wins under a key; null where there is none, or where it is a removal.</summary>
    public Mark? Winner(string key) => _marks.TryGetValue(key, out var marks) && marks.Count > 0 && !marks[^1].Operation.IsRemoval ? marks[^1] : null;
}
