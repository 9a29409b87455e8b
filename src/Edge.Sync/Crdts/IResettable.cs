namespace Edge.Sync.Crdts;

/// <summary>A state that can forget what given operations put into it. A map needs that of what lies under a key that is removed.</summary>
internal interface IResettable
{
    /// <summary>Takes away the entries whose dots <paramref name="seen"/> contains; what is concurrent to it stays.</summary>
    void Reset(VersionVector seen);
}
