namespace Edge.Sync.LogModel.Explorer;

/// <summary>Actions that need not be taken from a state, because an equal state is reached by taking them earlier. A value: a sorted array, shared.</summary>
internal readonly struct SleepSet
{
    private readonly Step[]? _actions;

    private SleepSet(Step[] actions) => _actions = actions;

    public bool IsEmpty => _actions is null or { Length: 0 };

    public bool Contains(Step action) => _actions is not null && Array.IndexOf(_actions, action) >= 0;

    public SleepSet With(Step action) => Contains(action) ? this : new([.. _actions ?? [], action]);

    public SleepSet Except(SleepSet other)
    {
        if (IsEmpty || other.IsEmpty) return this;
        return new([.. _actions!.Where(a => !other.Contains(a))]);
    }

    /// <summary>Those of this set that <paramref name="keep"/> keeps, among those that are <paramref name="possible"/>.</summary>
    public SleepSet Where(Func<Step, bool> keep, List<Step> possible)
    {
        if (IsEmpty) return default;
        var kept = new List<Step>();
        foreach (var action in _actions!)
            if (possible.Contains(action) && keep(action)) kept.Add(action);
        return kept.Count == 0 ? default : new([.. kept]);
    }
}
