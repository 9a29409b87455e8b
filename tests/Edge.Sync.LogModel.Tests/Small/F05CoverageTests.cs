namespace Edge.Sync.LogModel.Small;

/// <summary>F5: a state whose context claims a delta that it lacks deletes and resurrects.</summary>
public class F05CoverageTests
{
    /// <summary>A document's state as it is handed to others: elements under dots, and what it claims to have seen.</summary>
    private sealed record State(string[] Store, string[] Context)
    {
        public static State Empty { get; } = new([], []);

        public State Apply(string delta) => delta switch
        {
            ['+', .. var dot] => new([.. Store, dot], [.. Context, dot]),
            ['-', .. var dot] => new([.. Store.Where(d => d != dot)], [.. Context, dot]),
            _ => this,
        };

        // Not in the one's store but in its context: it was removed there.
        public State Join(State other) => new(
            [.. Store.Where(d => other.Store.Contains(d) || !other.Context.Contains(d)).Union(other.Store.Where(d => Store.Contains(d) || !Context.Contains(d))).Order()],
            [.. Context.Union(other.Context).Order()]);
    }

    /// <summary>B sets a5 aside and hands on its state. C, who has a5, joins it: every subset of deltas that B may have skipped.</summary>
    [Fact]
    public void State_with_holes_is_never_offered()
    {
        string[] deltas = ["+a5", "+a6", "+b1"];
        var full = deltas.Aggregate(State.Empty, static (s, d) => s.Apply(d));
        var deleted = 0;
        foreach (var skipped in Choices.Subsets(deltas))
        {
            var applied = deltas.Except(skipped).Aggregate(State.Empty, static (s, d) => s.Apply(d));
            var claimed = applied with { Context = full.Context };
            if (!full.Join(claimed).Store.SequenceEqual(full.Store)) deleted++;
            // With the rule it offers its state only where nothing was skipped, and its deltas else.
            var offered = skipped.Length == 0 ? full.Join(claimed) : full;
            Assert.Equal(full.Store.Order(), offered.Store);
        }
        Assert.Equal(7, deleted);
    }

    /// <summary>a5 is pending, c1 removes what it adds, then a5 can be read: applied late it is back; rebuilt it is not.</summary>
    [Fact]
    public void Hole_is_closed_by_rebuilding()
    {
        string[] log = ["+a5", "-a5"];
        var late = State.Empty.Apply(log[1]).Apply(log[0]);
        var rebuilt = log.Aggregate(State.Empty, static (s, d) => s.Apply(d));
        Assert.Equal(["a5"], late.Store);
        Assert.Empty(rebuilt.Store);
    }

    /// <summary>Increments under dots can be skipped, voided and joined; totals carry what was skipped along, and "greater counter wins" spreads the hole.</summary>
    [Fact]
    public void Counter_deltas_are_increments()
    {
        int[] amounts = [5, 1, 7];
        for (var skipped = 0; skipped < amounts.Length; skipped++)
        {
            var expected = amounts.Where((_, i) => i != skipped).Sum();
            Assert.Equal(expected, amounts.Select((a, i) => i == skipped ? 0 : a).Sum());
            var totals = amounts.Select((_, i) => amounts[..(i + 1)].Sum()).ToArray();
            var last = totals.Where((_, i) => i != skipped).LastOrDefault();
            if (skipped < amounts.Length - 1) Assert.NotEqual(expected, last);
        }
    }

    /// <summary>A document taken at a later version than the database's vector: what follows for it is skipped up to that version, and applied for all others.</summary>
    [Fact]
    public void Base_ahead_of_the_vector_counts_nothing_twice()
    {
        (string Document, int Counter, int Amount)[] changes = [("x", 1, 1), ("y", 2, 10), ("x", 3, 100), ("x", 4, 1000)];
        for (var version = 1; version <= 4; version++)
        {
            var snapshot = changes.Where(c => c.Document == "x" && c.Counter <= version).Sum(static c => c.Amount);
            var withCoverage = snapshot + changes.Where(c => c.Document == "x" && c.Counter > version).Sum(static c => c.Amount);
            Assert.Equal(1101, withCoverage);
            Assert.NotEqual(1101, snapshot + changes.Where(static c => c.Document == "x").Sum(static c => c.Amount));
        }
    }
}
