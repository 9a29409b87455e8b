using System.Runtime.InteropServices;

namespace Edge.Sync.LogModel.Explorer;

/// <summary>
/// Visits every state of a small world, breadth first, so that a counterexample is a shortest one.
/// </summary>
/// <remarks>
/// <para>Two states with one hash are visited once. Sleep sets (Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996) leave
/// out an action where the same state comes of taking it before an independent one: they save transitions, never a state. Where a state is
/// reached again with fewer sleeping actions, those that woke are taken then.</para>
/// </remarks>
internal static class Explorer
{
    public static Exploration Explore<TState>(IWorld<TState> world, int statesMax)
        where TState : class
    {
        var visited = new Dictionary<UInt128, int>();
        var nodes = new List<Node>();
        var states = new List<TState?>();
        var actions = new List<Step>();
        var queue = new Queue<(int Node, SleepSet Awake, bool IsFirst)>();
        var edges = new List<(int From, int To)>();
        var depthMax = 0;

        visited.Add(world.Hash(world.Initial), 0);
        nodes.Add(new(-1, default, 0, default));
        states.Add(world.Initial);
        queue.Enqueue((0, default, true));
        if (world.FindViolation(world.Initial) is { } first) return new(1, 0, 1, 0, false, new(first, []));

        while (queue.TryDequeue(out var item))
        {
            var state = states[item.Node]!;
            var sleep = nodes[item.Node].Sleep;
            nodes[item.Node] = nodes[item.Node] with { IsExpanded = true };
            actions.Clear();
            world.AddActions(state, actions);
            var done = sleep;
            foreach (var action in actions)
            {
                // The first visit takes all that do not sleep; a later one those that woke.
                if (item.IsFirst ? sleep.Contains(action) : !item.Awake.Contains(action)) continue;
                var next = world.Apply(state, action);
                var nextSleep = done.Where(other => world.AreIndependent(state, other, action), actions);
                done = done.With(action);
                ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(visited, world.Hash(next), out var isKnown);
                if (isKnown)
                {
                    if (place == item.Node) continue;
                    edges.Add((item.Node, place));
                    var node = nodes[place];
                    var woken = node.Sleep.Except(nextSleep);
                    if (woken.IsEmpty) continue;
                    nodes[place] = node with { Sleep = node.Sleep.Except(woken) };
                    if (node.IsExpanded) queue.Enqueue((place, woken, false));
                    continue;
                }
                place = nodes.Count;
                edges.Add((item.Node, place));
                nodes.Add(new(item.Node, action, nodes[item.Node].Depth + 1, nextSleep));
                states.Add(next);
                depthMax = Math.Max(depthMax, nodes[^1].Depth);
                if (world.FindViolation(next) is { } violation)
                    return new(nodes.Count, edges.Count, Count(nodes.Count, edges), depthMax, false, new(violation, Trace(world, nodes, nodes.Count - 1)));
                if (nodes.Count >= statesMax) return new(nodes.Count, edges.Count, Count(nodes.Count, edges), depthMax, false, null);
                queue.Enqueue((place, default, true));
            }
        }
        return new(nodes.Count, edges.Count, Count(nodes.Count, edges), depthMax, true, null);
    }

    private static List<string> Trace<TState>(IWorld<TState> world, List<Node> nodes, int last)
        where TState : class
    {
        var trace = new List<string>();
        for (var i = last; nodes[i].Parent >= 0; i = nodes[i].Parent)
            trace.Add(world.Describe(nodes[i].Action));
        trace.Reverse();
        return trace;
    }

    // Ways from the first state to those without a successor: the graph has no cycles, so each state's number is the sum over its predecessors.
    private static double Count(int stateCount, List<(int From, int To)> edges)
    {
        var incoming = new int[stateCount];
        var starts = new int[stateCount + 1];
        foreach (var (from, to) in edges)
        {
            incoming[to]++;
            starts[from + 1]++;
        }
        for (var i = 0; i < stateCount; i++) starts[i + 1] += starts[i];
        var targets = new int[edges.Count];
        var fill = (int[])starts.Clone();
        foreach (var (from, to) in edges) targets[fill[from]++] = to;
        var ways = new double[stateCount];
        ways[0] = 1;
        var ready = new Queue<int>([0]);
        var ends = 0.0;
        while (ready.TryDequeue(out var state))
        {
            if (starts[state] == starts[state + 1]) ends += ways[state];
            for (var i = starts[state]; i < starts[state + 1]; i++)
            {
                ways[targets[i]] += ways[state];
                if (--incoming[targets[i]] == 0) ready.Enqueue(targets[i]);
            }
        }
        return ends;
    }

    private readonly record struct Node(int Parent, Step Action, int Depth, SleepSet Sleep, bool IsExpanded = false);
}
