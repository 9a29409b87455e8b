namespace Edge.Sync.Inference;

/// <summary>What goes when readings come faster than they can be judged.</summary>
public enum ShedPolicy
{
    /// <summary>The reading that has waited longest: a fresh one says more.</summary>
    DropOldest,

    /// <summary>The reading that has just come.</summary>
    DropNewest,

    /// <summary>Nothing: the source has to wait.</summary>
    Wait,
}
