namespace Edge.Sync.Crdts;

/// <summary>A state that can forget what given operations put into it. A map needs that of what lies under a key that is removed.</summary>
internal interface IResettable
{
    /// <summary>Takes away the entries whose dots <paramref name="seen"/> contains; what is concurrent to it stays.</summary>
    /// <param name="seen">What the author of the removal had seen of the key.</param>
    /// <param name="by">The removal itself, for states that keep something until it is stable.</param>
    void Reset(VersionVector seen, Dot by);
}
