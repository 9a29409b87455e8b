namespace Edge.Sync.Crdts.Sequences;

/// <summary>Numbers the characters of a sequence as its stored form does: from 1 on, by ascending replica and counter; the root is 0.</summary>
internal readonly struct Places
{
    private readonly DotTable _dots;

    /// <summary>The place of the first character of each stretch.</summary>
    private readonly int[] _first;

    public Places(DotTable dots)
    {
        (_dots, _first) = (dots, new int[dots.StretchCount]);
        var place = 1;
        foreach (var number in dots.NumbersById())
            foreach (var index in dots.StretchesOf(number))
            {
                _first[index] = place;
                place += dots.StretchAt(index).Length;
            }
    }

    public int Of(int ordinal)
    {
        if (ordinal == 0) return 0;
        var index = _dots.StretchOf(ordinal);
        return _first[index] + ordinal - _dots.StretchAt(index).First;
    }
}
