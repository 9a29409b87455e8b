namespace Edge.Sync.LogModel.Explorer;

/// <summary>Visits every state that a graph of steps leads to, depth first: only hashes are kept of what was visited, and the number of ways on from there.</summary>
/// <param name="hash">Two states with one hash are one state.</param>
/// <param name="expand">Adds the steps that are possible in a state, and where they lead.</param>
/// <param name="check">What is wrong in a state; null where nothing is.</param>
/// <param name="describe">A step in words.</param>
internal sealed class DepthFirst<TState, TStep>(Func<TState, UInt128> hash, Action<TState, List<(TStep Step, TState Next)>> expand, Func<TState, string?> check, Func<TStep, string> describe)
{
    private readonly Dictionary<UInt128, double> _histories = [];
    private readonly List<TStep> _path = [];
    private readonly Stack<List<(TStep Step, TState Next)>> _spare = [];
    private long _transitions;
    private int _depthMax;
    private int _statesMax;
    private Counterexample? _counterexample;

    /// <param name="initial">Where to begin.</param>
    /// <param name="statesMax">States at which to stop.</param>
    public Exploration Explore(TState initial, int statesMax)
    {
        _statesMax = statesMax;
        var histories = Visit(initial, hash(initial));
        var isComplete = _counterexample is null && _histories.Count < statesMax;
        return new(_histories.Count, _transitions, histories, _depthMax, isComplete, _counterexample);
    }

    private double Visit(TState state, UInt128 id)
    {
        _histories[id] = 0;
        _depthMax = Math.Max(_depthMax, _path.Count);
        if (check(state) is { } violation)
        {
            _counterexample = new(violation, [.. _path.Select(describe)]);
            return 0;
        }
        if (!_spare.TryPop(out var steps)) steps = [];
        expand(state, steps);
        var histories = steps.Count == 0 ? 1.0 : 0.0;
        for (var i = 0; i < steps.Count && _counterexample is null && _histories.Count < _statesMax; i++)
        {
            var (step, next) = steps[i];
            steps[i] = default;
            _transitions++;
            var nextId = hash(next);
            if (nextId == id) continue;
            if (!_histories.TryGetValue(nextId, out var more))
            {
                _path.Add(step);
                more = Visit(next, nextId);
                _path.RemoveAt(_path.Count - 1);
            }
            histories += more;
        }
        steps.Clear();
        _spare.Push(steps);
        return _histories[id] = histories;
    }
}
