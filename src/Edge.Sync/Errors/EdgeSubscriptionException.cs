namespace Edge.Sync;

/// <summary>A named subscription cannot be read. Nothing was acknowledged.</summary>
public sealed class EdgeSubscriptionException : EdgeSyncException
{
    internal EdgeSubscriptionException(string subscription, string message) : base(EdgeErrorCode.SubscriptionInUse, message) => Subscription = subscription;

    /// <summary>The subscription's name.</summary>
    public string Subscription { get; }
}
