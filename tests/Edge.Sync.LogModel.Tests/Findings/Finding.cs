namespace Edge.Sync.LogModel.Findings;

/// <summary>Shows of a rule that the property holds with it and fails without it, in one and the same world.</summary>
internal static class Finding
{
    /// <summary>With the rules of <paramref name="scenario"/> every state within its budgets satisfies the invariants.</summary>
    /// <returns>What the exploration saw, printed too.</returns>
    public static Exploration Holds(Scenario scenario, bool mustFold = false, int? statesMax = null)
    {
        Exploration? last = null;
        for (var database = 1; database <= Bounds.SaltCount; database++)
        {
            var world = new FleetWorld(scenario with { Database = database });
            last = Explorer.Explorer.Explore(world, statesMax ?? Bounds.StatesMax);
            Print($"with the rule, ids {database}: {last}, {world.FoldCount:N0} folds");
            Assert.True(last.Counterexample is null, last.Counterexample?.ToString());
            Assert.True(last.IsComplete, "The exploration did not finish; raise EDGE_SYNC_MODEL_STATES.");
            if (mustFold) Assert.True(world.FoldCount > 0, "Nothing was folded: the exploration proves nothing about folding.");
        }
        // With more time: whoever can talk to whom, and with more to do.
        if (Bounds.IsRaised && CanBeLazy(scenario)) HoldsFor(scenario with { Links = AllThatTakePart(scenario), Budgets = WithMore(scenario.Budgets, Bounds.Extra) });
        return last!;
    }

    // More edits and acceptances for whoever has any.
    private static Dictionary<Act, byte[]> WithMore(Dictionary<Act, byte[]> budgets, int extra) =>
        budgets.ToDictionary(static b => b.Key, b => b.Key is Act.Commit or Act.Acknowledge ? b.Value.Select(count => (byte)(count == 0 ? 0 : count + extra)).ToArray() : b.Value);

    /// <summary>Every history of so many acts, by lazy delivery: whole, unless it has more states than were asked for.</summary>
    public static void HoldsFor(Scenario scenario, int actsMax = int.MaxValue)
    {
        var world = new FleetWorld(scenario) { ActsMax = actsMax };
        var exploration = ExploreLazily(world, Bounds.StatesMax);
        Print($"with the rule, {(actsMax == int.MaxValue ? "all" : actsMax)} acts: {exploration}, {world.FoldCount:N0} folds");
        Assert.True(exploration.Counterexample is null, exploration.Counterexample?.ToString());
        Assert.True(exploration.IsComplete || Bounds.IsRaised, "The exploration did not finish.");
    }

    /// <summary>Depth first, by lazy delivery.</summary>
    public static Exploration ExploreLazily(FleetWorld world, int statesMax, Func<LazyFleet, string?>? check = null) =>
        new DepthFirst<LazyFleet, LazyStep>(static s => s.Hash(), world.Expand, check ?? world.FindViolation, world.Describe).Explore(world.LazyInitial, statesMax);

    // Acknowledgements that are messages, and properties that may look at receipts, need every sending.
    private static bool CanBeLazy(Scenario scenario) => scenario.Property is null && !scenario.Budgets.ContainsKey(Act.Say);

    /// <summary>Without a rule the exploration finds a counterexample, whose violation contains <paramref name="violation"/>.</summary>
    public static Counterexample Fails(Scenario scenario, string violation)
    {
        // Which of two ids is the lower may matter: one database in which it fails is enough.
        Exploration? last = null;
        for (var database = 1; database <= 4; database++)
        {
            last = Explorer.Explorer.Explore(new FleetWorld(scenario with { Database = database }), Math.Min(60_000, Bounds.StatesMax));
            if (last.Counterexample is null) continue;
            Print($"without it: {last}{Environment.NewLine}  {last.Counterexample}");
            Assert.Contains(violation, last.Counterexample.Violation, StringComparison.Ordinal);
            if (CanBeLazy(scenario)) FailsLazily(scenario with { Database = database, Links = AllThatTakePart(scenario) });
            return last.Counterexample;
        }
        Assert.Fail($"No counterexample without the rule: {last}.");
        return null;
    }

    /// <summary>The same by lazy delivery, depth first: some counterexample, not a shortest one.</summary>
    public static void FailsLazily(Scenario scenario, string violation = "")
    {
        var lazy = ExploreLazily(new FleetWorld(scenario), Bounds.StatesMax);
        Print($"without it, lazily: {lazy}{Environment.NewLine}  {lazy.Counterexample}");
        Assert.True(lazy.Counterexample is not null, "Lazy delivery finds no counterexample without the rule.");
        Assert.Contains(violation, lazy.Counterexample.Violation, StringComparison.Ordinal);
    }

    // Lazy delivery needs all that take part to be linked.
    private static (int From, int To)[] AllThatTakePart(Scenario scenario)
    {
        var inert = Enumerable.Range(0, Fleet.SlotCount).Where(slot => scenario.NeverReturning.Contains(slot) && scenario.Budgets.Values.All(counts => counts.Length <= slot || counts[slot] == 0)).ToList();
        return [.. Links("AB AC AD BC BD CD").Where(link => !inert.Contains(link.From) && !inert.Contains(link.To))];
    }

    /// <summary>Pairs of machines that can talk, in both directions: "AB BC".</summary>
    public static (int From, int To)[] Links(string pairs) =>
        [.. pairs.Split(' ').SelectMany(static p => new[] { (p[0] - 'A', p[1] - 'A'), (p[1] - 'A', p[0] - 'A') })];

    public static Step Do(Act act, char actor, char other = 'A', int choice = 0) => new((byte)act, (byte)(actor - 'A'), (byte)(other - 'A'), (byte)choice);

    public static void Print(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
