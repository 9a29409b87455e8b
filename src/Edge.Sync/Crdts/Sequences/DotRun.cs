namespace Edge.Sync.Crdts.Sequences;

/// <summary><paramref name="Count"/> dots of one replica whose counters grow by equal steps from <paramref name="First"/> on: the characters of a piece of text, in its order.</summary>
internal readonly record struct DotRun(Dot First, uint Step, int Count)
{
    public Dot this[int index] => First.Plus((ulong)(uint)index * Step);

    public Dot Last => this[Count - 1];

    /// <summary>Takes one more dot in at the end, where it fits.</summary>
    public bool TryExtend(Dot dot, out DotRun extended)
    {
        extended = this;
        if (dot.Replica != First.Replica || dot.Counter <= Last.Counter) return false;
        var step = dot.Counter - Last.Counter;
        if (step > uint.MaxValue || (Count > 1 && step != Step)) return false;
        extended = new(First, (uint)step, Count + 1);
        return true;
    }

    /// <summary>Adds a dot to the end of a list of runs.</summary>
    public static void Append(List<DotRun> runs, Dot dot)
    {
        if (runs.Count > 0 && runs[^1].TryExtend(dot, out var extended)) runs[^1] = extended;
        else runs.Add(new(dot, 1, 1));
    }
}
