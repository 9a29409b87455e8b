namespace Edge.Sync;

/// <summary>What all errors of Edge.Sync derive from that are not the caller's slip (those are <see cref="ArgumentException"/> and <see cref="InvalidOperationException"/>).</summary>
public abstract class EdgeSyncException : Exception
{
    private protected EdgeSyncException(EdgeErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>The cause.</summary>
    public EdgeErrorCode Code { get; }
}
