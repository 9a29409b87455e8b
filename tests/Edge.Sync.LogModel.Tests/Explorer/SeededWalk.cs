namespace Edge.Sync.LogModel.Explorer;

/// <summary>Where a world is too large to be visited whole: long random histories, each from its seed.</summary>
internal static class SeededWalk
{
    /// <returns>How many actions were taken, and the counterexamples, each with its seed.</returns>
    public static (long Actions, List<Counterexample> Counterexamples) Explore<TState>(IWorld<TState> world, int firstSeed, int seedCount, int lengthMax, int foundMax)
        where TState : class
    {
        var actions = new List<Step>();
        var found = new List<Counterexample>();
        long taken = 0;
        for (var seed = firstSeed; seed < firstSeed + seedCount && found.Count < foundMax; seed++)
        {
            var random = new Random(seed);
            var state = world.Initial;
            var trace = new List<string> { $"seed {seed}" };
            for (var i = 0; i < lengthMax; i++)
            {
                actions.Clear();
                world.AddActions(state, actions);
                if (actions.Count == 0) break;
                var action = actions[random.Next(actions.Count)];
                state = world.Apply(state, action);
                trace.Add(world.Describe(action));
                taken++;
                if (world.FindViolation(state) is not { } violation) continue;
                found.Add(new(violation, trace));
                break;
            }
        }
        return (taken, found);
    }
}
