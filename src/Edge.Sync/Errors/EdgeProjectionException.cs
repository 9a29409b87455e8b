namespace Edge.Sync;

/// <summary>A projection of the app's has thrown. It is stopped; what was committed is, edits and sync go on.</summary>
public sealed class EdgeProjectionException : EdgeSyncException
{
    internal EdgeProjectionException(string projection, int version, string message, Exception? innerException) : base(EdgeErrorCode.ProjectionFailed, message, innerException) => (Projection, Version) = (projection, version);

    /// <summary>The projection's name.</summary>
    public string Projection { get; }

    /// <summary>The version that threw.</summary>
    public int Version { get; }
}
