namespace Edge.Sync;

/// <summary>Whether somebody may make a change: see <see cref="DocumentRules{T}.Authorize"/>.</summary>
public readonly record struct AccessDecision
{
    private AccessDecision(string? reason) => Reason = reason;

    /// <summary>The change stands.</summary>
    public static AccessDecision Allow => default;

    /// <summary>Why the change is rejected; null where it stands.</summary>
    public string? Reason { get; }

    /// <summary>Whether the change stands.</summary>
    public bool IsAllowed => Reason is null;

    /// <summary>The change is rejected.</summary>
    /// <param name="reason">Why, for whoever made it. It is kept for good, and everybody who syncs can read it.</param>
    public static AccessDecision Deny(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(reason);
    }

    /// <summary>The change is rejected unless a condition holds.</summary>
    /// <inheritdoc cref="Deny"/>
    /// <param name="condition">What must hold.</param>
    /// <param name="reason">Why it is rejected otherwise.</param>
    public static AccessDecision Require(bool condition, string reason)
    {
        var denied = Deny(reason);
        return condition ? Allow : denied;
    }
}
