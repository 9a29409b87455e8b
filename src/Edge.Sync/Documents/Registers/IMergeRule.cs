namespace Edge.Sync;

/// <summary>A rule of one's own for values that are concurrent, for a <see cref="Register{T, TRule}"/>.</summary>
/// <typeparam name="T">The values' type.</typeparam>
public interface IMergeRule<T>
{
    /// <summary>What is shown of several values whose authors had not seen each other's.</summary>
    /// <param name="values">At least two, in canonical order: by time, then by replica. The same on every replica.</param>
    /// <returns>A value that depends on the arguments alone: no clock, no randomness, nothing from outside. Then all replicas show the same.</returns>
    static abstract T Merge(ReadOnlySpan<ConcurrentValue<T>> values);
}
