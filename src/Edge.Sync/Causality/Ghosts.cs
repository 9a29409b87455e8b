namespace Edge.Sync.Causality;

/// <summary>
/// What dots of void changes had replaced. A removal stands if its change, or any that removed that one's dot in turn, is not void: else a value would be in conflict with one
/// whose author had seen it replaced.
/// </summary>
internal sealed class Ghosts
{
    private readonly SortedDictionary<Dot, Dot[]> _replaced = [];

    public int Count => _replaced.Count;

    /// <summary>Ascending by dot; what each had replaced ascends too.</summary>
    public IEnumerable<(Dot Dot, Dot[] Replaced)> All => _replaced.Select(static ghost => (ghost.Key, ghost.Value));

    public void Add(Dot dot, ReadOnlySpan<Dot> replaced)
    {
        if (!replaced.IsEmpty) _replaced[dot] = replaced.ToArray();
    }

    /// <summary>These dots, and those behind them that they had replaced, each once.</summary>
    public Dot[] AllBehind(IEnumerable<Dot> dots)
    {
        var all = new HashSet<Dot>();
        var left = new Stack<Dot>(dots);
        while (left.TryPop(out var dot))
            if (all.Add(dot) && _replaced.TryGetValue(dot, out var replaced))
                foreach (var behind in replaced) left.Push(behind);
        return [.. all];
    }
}
