using System.Numerics;

namespace Edge.Sync.LogModel.Small;

/// <summary>
/// In how many ways the pasts of commits can be chosen where nothing happens but commits and deliveries: the partial orders on the commits of some replicas in which each replica's are a chain.
/// </summary>
/// <remarks>
/// By adding one replica to an order of the others. A commit of its stands between what it follows (D, closed downwards) and what follows it (U, closed upwards), where all of D is before all of U already; the commits of a chain have growing D
/// and shrinking U. So an order has as many extensions as such pairs have multichains of that length.
/// </remarks>
internal sealed class Pasts
{
    private readonly int[] _below;

    private Pasts(int[] below) => _below = below;

    public static Pasts Nobody { get; } = new([]);

    /// <summary>The number of orders on the commits of replicas that make so many each.</summary>
    public static BigInteger Count(ReadOnlySpan<int> commits) => Count(Nobody, commits);

    /// <summary>Orders with one more replica, of so many commits.</summary>
    public IEnumerable<Pasts> With(int commits)
    {
        var cuts = Cuts();
        return Extend(cuts, [], commits);
    }

    /// <summary>How many there are of them.</summary>
    public BigInteger CountWith(int commits)
    {
        var ways = Ways(Cuts(), commits);
        BigInteger sum = 0;
        foreach (var way in ways[0]) sum += way;
        return sum;
    }

    /// <summary>One of them, each as likely as any other.</summary>
    public Pasts Sample(int commits, Random random)
    {
        var cuts = Cuts();
        var ways = Ways(cuts, commits);
        var chosen = new List<(int Down, int Up)>();
        for (var step = 0; step < commits; step++)
        {
            var next = Enumerable.Range(0, cuts.Count).Where(i => step == 0 || Follows(chosen[^1], cuts[i])).ToList();
            var left = random.NextDouble() * next.Sum(i => (double)ways[step][i]);
            var at = next.FindIndex(i => (left -= ways[step][i]) <= 0);
            chosen.Add(cuts[next[at < 0 ? ^1 : at]]);
        }
        return Added(chosen);
    }

    private static BigInteger Count(Pasts order, ReadOnlySpan<int> commits)
    {
        if (commits.Length == 0) return 1;
        if (commits.Length == 1) return order.CountWith(commits[0]);
        BigInteger sum = 0;
        foreach (var more in order.With(commits[0])) sum += Count(more, commits[1..]);
        return sum;
    }

    private IEnumerable<Pasts> Extend(List<(int Down, int Up)> cuts, List<(int Down, int Up)> chosen, int commits)
    {
        if (commits == 0)
        {
            yield return Added(chosen);
            yield break;
        }
        foreach (var cut in cuts)
        {
            if (chosen.Count > 0 && !Follows(chosen[^1], cut)) continue;
            foreach (var more in Extend(cuts, [.. chosen, cut], commits - 1)) yield return more;
        }
    }

    private Pasts Added(List<(int Down, int Up)> chain)
    {
        var n = _below.Length;
        var below = new int[n + chain.Count];
        for (var i = 0; i < n; i++)
        {
            below[i] = _below[i];
            for (var c = 0; c < chain.Count; c++)
                if ((chain[c].Up >> i & 1) != 0) below[i] |= 1 << (n + c);
        }
        for (var c = 0; c < chain.Count; c++) below[n + c] = chain[c].Down | (((1 << c) - 1) << n);
        return new(below);
    }

    // By step and cut: how many multichains there are from there to the end.
    private static long[][] Ways(List<(int Down, int Up)> cuts, int commits)
    {
        var ways = new long[commits][];
        ways[^1] = [.. Enumerable.Repeat(1L, cuts.Count)];
        for (var step = commits - 2; step >= 0; step--)
        {
            ways[step] = new long[cuts.Count];
            for (var i = 0; i < cuts.Count; i++)
                for (var j = 0; j < cuts.Count; j++)
                    if (Follows(cuts[i], cuts[j])) ways[step][i] += ways[step + 1][j];
        }
        return ways;
    }

    private static bool Follows((int Down, int Up) first, (int Down, int Up) next) => (first.Down & ~next.Down) == 0 && (next.Up & ~first.Up) == 0;

    private List<(int Down, int Up)> Cuts()
    {
        var n = _below.Length;
        var downs = new List<int>();
        for (var set = 0; set < 1 << n; set++)
            if (IsDown(set)) downs.Add(set);
        var all = (1 << n) - 1;
        var cuts = new List<(int, int)>();
        foreach (var down in downs)
            foreach (var rest in downs)
            {
                var up = all & ~rest;
                if (AreBefore(down, up)) cuts.Add((down, up));
            }
        return cuts;
    }

    private bool IsDown(int set)
    {
        for (var i = 0; i < _below.Length; i++)
            if ((set >> i & 1) != 0 && (_below[i] & ~set) != 0) return false;
        return true;
    }

    private bool AreBefore(int down, int up)
    {
        for (var i = 0; i < _below.Length; i++)
            if ((up >> i & 1) != 0 && (down & ~_below[i]) != 0) return false;
        return true;
    }
}
