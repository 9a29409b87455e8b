namespace Edge.Sync.LogModel.Explorer;

/// <summary>A small world whose every history is to be explored: immutable states, and the actions possible in each.</summary>
internal interface IWorld<TState>
    where TState : class
{
    TState Initial { get; }

    /// <summary>Adds the actions that are possible in <paramref name="state"/>. Each must lead to another state, and no sequence of them back.</summary>
    void AddActions(TState state, List<Step> actions);

    TState Apply(TState state, Step action);

    /// <summary>Two states with one hash are one state.</summary>
    UInt128 Hash(TState state);

    /// <summary>The property: null where it holds in <paramref name="state"/>, else what is wrong.</summary>
    string? FindViolation(TState state);

    /// <summary>Whether two actions that are both possible in <paramref name="state"/> neither disable each other nor lead to different states in either order.</summary>
    bool AreIndependent(TState state, Step a, Step b);

    /// <summary>The action in words.</summary>
    string Describe(Step action);
}

/// <summary>One action: what is done, by which replica, to which other, and a choice among several.</summary>
internal readonly record struct Step(byte Kind, byte Actor, byte Other = 0, byte Choice = 0);
