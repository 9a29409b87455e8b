namespace Edge.Sync.Causality;

/// <summary>
/// What dots mean where a feed has forked since they were written: their author knew one branch, and called it by the feed's name.
/// </summary>
internal sealed class DotNames(params DotNames.Chain[] chains)
{
    public ReadOnlySpan<Chain> Chains => chains;

    /// <summary>What dots of void changes had replaced, by their names here: whoever removes one of these dots removes that too, as it does not come back by a change that has no effect.</summary>
    public Ghosts? Ghosts { get; init; }

    /// <summary>What a written name stands for: branches one after the other, each up to a counter.</summary>
    internal readonly record struct Chain(ReplicaId Written, Part[] Parts);

    /// <summary>The operations up to <paramref name="Last"/>, inclusive, that the part before does not have. The last part goes up to the highest counter.</summary>
    internal readonly record struct Part(ulong Last, ReplicaId Name);

    /// <summary>The name that a dot has here.</summary>
    public Dot this[Dot dot]
    {
        get
        {
            foreach (var chain in chains)
                if (chain.Written == dot.Replica) return new(chain.Parts[PartOf(chain, dot.Counter)].Name, dot.Counter);
            return dot;
        }
    }

    /// <summary>Dots under their names here, ascending.</summary>
    public Dot[] All(ReadOnlySpan<Dot> dots)
    {
        var named = dots.ToArray();
        foreach (ref var dot in named.AsSpan())
            dot = this[dot];
        if (Ghosts is not null) named = Ghosts.AllBehind(named);
        Array.Sort(named);
        return named;
    }

    /// <summary>As <see cref="All"/>, where each dot stands for its replica's earlier ones too: what it stood for in the parts before gets dots of its own.</summary>
    public Dot[] AllLatest(ReadOnlySpan<Dot> dots)
    {
        var named = new HashSet<Dot>(dots.Length);
        foreach (var dot in dots)
        {
            named.Add(this[dot]);
            foreach (var chain in chains)
                if (chain.Written == dot.Replica)
                    for (var part = PartOf(chain, dot.Counter) - 1; part >= 0; part--)
                        if (chain.Parts[part].Last > 0) named.Add(new(chain.Parts[part].Name, chain.Parts[part].Last));
        }
        var sorted = Ghosts is null ? [.. named] : Ghosts.AllBehind(named);
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>The dots from <paramref name="first"/> up to a counter, as stretches of one name each.</summary>
    public void Cut(Dot first, ulong lastCounter, List<(Dot First, ulong LastCounter)> stretches)
    {
        foreach (var chain in chains)
        {
            if (chain.Written != first.Replica) continue;
            var counter = first.Counter;
            for (var part = PartOf(chain, counter); ; part++)
            {
                var last = Math.Min(lastCounter, chain.Parts[part].Last);
                stretches.Add((new(chain.Parts[part].Name, counter), last));
                if (last == lastCounter) return;
                counter = last + 1;
            }
        }
        stretches.Add((first, lastCounter));
    }

    private static int PartOf(Chain chain, ulong counter)
    {
        var part = 0;
        while (part < chain.Parts.Length - 1 && chain.Parts[part].Last < counter)
            part++;
        return part;
    }
}
