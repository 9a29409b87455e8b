using System.Numerics;
using Edge.Sync.LogModel.Findings;

namespace Edge.Sync.LogModel.Small;

/// <summary>How many histories there are, of commits and deliveries alone: why four replicas with four acts each are sampled, not explored.</summary>
public class PastsTests
{
    /// <summary>Two chains: 1, 3, 20, 175, 1764 (OEIS A000891); single commits: partial orders on labelled elements, 1, 3, 19, 219 (A001035).</summary>
    [Theory]
    [InlineData("1 1", 3)]
    [InlineData("2 2", 20)]
    [InlineData("3 3", 175)]
    [InlineData("4 4", 1_764)]
    [InlineData("1 1 1", 19)]
    [InlineData("1 1 1 1", 219)]
    [InlineData("2 2 2", 2_827)]
    [InlineData("3 3 3", 900_521)]
    [InlineData("4 4 4", 444_950_904)]
    [InlineData("2 2 2 2", 2_008_814)]
    public void Pasts_can_be_chosen_in_so_many_ways(string commits, long expected) =>
        Assert.Equal(expected, Pasts.Count([.. commits.Split(' ').Select(int.Parse)]));

    /// <summary>The lazy explorer visits each of them once, and those of fewer commits on the way there.</summary>
    [Fact]
    public void Lazy_delivery_visits_each_choice_of_pasts_once()
    {
        BigInteger expected = 0;
        foreach (var a in Enumerable.Range(0, 3))
            foreach (var b in Enumerable.Range(0, 3))
                foreach (var c in Enumerable.Range(0, 3)) expected += Pasts.Count([.. new[] { a, b, c }.Where(static n => n > 0)]);
        var world = new FleetWorld(new() { Budgets = new() { [Act.Commit] = [2, 2, 2] }, Links = Finding.Links("AB AC BC") });
        Assert.Equal(expected, Finding.ExploreLazily(world, Bounds.StatesMax).States);
    }

    /// <summary>Four commits by each of four replicas: the orders of three of them times the mean number of ways in which the fourth is added.</summary>
    [Fact]
    public void Four_commits_by_each_of_four_are_more_than_any_machine_visits()
    {
        var random = new Random(1);
        var pairs = Pasts.Nobody.With(4).SelectMany(static p => p.With(4)).ToList();
        var weights = pairs.ConvertAll(static p => (double)p.CountWith(4));
        var ways = Enumerable.Range(0, 10).Average(_ => (double)pairs[Choose(weights, random)].Sample(4, random).CountWith(4));
        var estimate = weights.Sum() * ways;
        Finding.Print($"{estimate:0.0e0}");
        Assert.InRange(estimate, 1e15, 1e17);
    }

    private static int Choose(List<double> weights, Random random)
    {
        var left = random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Count; i++)
            if ((left -= weights[i]) <= 0) return i;
        return weights.Count - 1;
    }
}
