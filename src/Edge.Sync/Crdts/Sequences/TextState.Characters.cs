using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Characters by their identity: where one is, and which one is somewhere.</summary>
internal sealed partial class TextState
{
    /// <summary>The dot of the visible character at <paramref name="index"/>; counter 0 before the first and behind the last.</summary>
    internal Dot DotOfCharacter(int index)
    {
        Build();
        return (uint)index < (uint)Length ? DotAt(_runs[_order.Find(index, out var offset)].First + offset) : default;
    }

    /// <summary>The place of a character in the visible text, or for a deleted one the place where it stood; -1 for one that this text does not know.</summary>
    internal int IndexOf(Dot dot, out bool isVisible)
    {
        Build();
        isVisible = false;
        var ordinal = dot.Counter == 0 ? -1 : _dots.OrdinalOf(dot);
        if (ordinal < 0) return -1;
        var handle = _runs.Find(ordinal);
        isVisible = !_runs[handle].IsDeleted;
        return _order.StartOf(handle) + (isVisible ? ordinal - _runs[handle].First : 0);
    }

    /// <summary>The visible characters among <paramref name="ranges"/>, as stretches of the visible text: ascending, apart from each other.</summary>
    internal List<(int Index, int Length)> VisibleStretches(ReadOnlySpan<DotRange> ranges)
    {
        Build();
        var pieces = new List<(int Index, int Length)>();
        foreach (var range in ranges)
            for (var ordinal = _dots.OrdinalOf(range.First); ordinal >= 0;)
            {
                var end = ordinal + _dots.LengthUpTo(ordinal, range.LastCounter);
                var isLast = _dots.DotOf(end - 1).Counter >= range.LastCounter;
                while (ordinal < end)
                {
                    var handle = _runs.Find(ordinal);
                    var count = Math.Min(end, _runs[handle].End) - ordinal;
                    if (!_runs[handle].IsDeleted) pieces.Add((_order.StartOf(handle) + ordinal - _runs[handle].First, count));
                    ordinal += count;
                }
                ordinal = isLast ? -1 : _dots.Following(end - 1);
                if (ordinal >= 0 && _dots.DotOf(ordinal).Counter > range.LastCounter) ordinal = -1;
            }
        pieces.Sort();
        var merged = 0;
        for (var i = 1; i < pieces.Count; i++)
            if (pieces[merged].Index + pieces[merged].Length == pieces[i].Index) pieces[merged] = (pieces[merged].Index, pieces[merged].Length + pieces[i].Length);
            else pieces[++merged] = pieces[i];
        if (pieces.Count > 0) pieces.RemoveRange(merged + 1, pieces.Count - merged - 1);
        return pieces;
    }

    /// <summary>The dots of visible characters, in the order of the text.</summary>
    internal List<DotRun> RunsOf(int index, int length)
    {
        var runs = new List<DotRun>();
        for (var i = index; i < index + length; i++) DotRun.Append(runs, DotOfCharacter(i));
        return runs;
    }
}
