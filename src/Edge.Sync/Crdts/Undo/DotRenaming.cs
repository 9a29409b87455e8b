namespace Edge.Sync.Crdts.Undo;

/// <summary>
/// Which new operation stands for an old one since something was taken back: the "b" that is there again for the "b" that was deleted.
/// </summary>
/// <remarks>
/// A list's element is a dot, its value is one and its place is one, and all three are its insertion's where nothing else happened. What stands for
/// one of them need not stand for the others, so that each has names of its own.
/// </remarks>
internal sealed class DotRenaming
{
    private readonly Dictionary<Dot, Dot> _names = [];
    private DotRenaming? _values;
    private DotRenaming? _places;

    public bool IsEmpty => _names.Count == 0 && _values is not { IsEmpty: false } && _places is not { IsEmpty: false };

    /// <summary>Which writes show the values of a list's elements.</summary>
    public DotRenaming Values => _values ??= new();

    /// <summary>Which moves put a list's elements where they are.</summary>
    public DotRenaming Places => _places ??= new();

    public void Add(Dot old, Dot now)
    {
        if (old.Counter != 0 && now.Counter != 0 && old != now) _names[old] = now;
    }

    public void AddAll(ReadOnlySpan<Dot> old, Dot now)
    {
        foreach (var dot in old) Add(dot, now);
    }

    public bool TryGet(Dot old, out Dot now)
    {
        now = Of(old);
        return now != old;
    }

    /// <summary>The name that <paramref name="dot"/> has now. What got a new name may have got yet another: new dots are always later ones, so this ends.</summary>
    public Dot Of(Dot dot)
    {
        while (_names.TryGetValue(dot, out var now)) dot = now;
        return dot;
    }

    /// <summary>The names that <paramref name="dots"/> have now, ascending; the same array where none has another.</summary>
    public Dot[] Of(Dot[] dots)
    {
        if (!Array.Exists(dots, _names.ContainsKey)) return dots;
        Dot[] now = [.. new HashSet<Dot>(Array.ConvertAll(dots, Of))];
        Array.Sort(now);
        return now;
    }
}
