namespace Edge.Sync;

/// <summary>A link or its peer is at fault: another protocol, another database, a forked feed, a port in use. Nothing stored is touched.</summary>
public sealed class EdgeLinkException : EdgeSyncException
{
    /// <summary>For transports: a link that cannot be opened or has failed.</summary>
    public EdgeLinkException(EdgeErrorCode code, string link, string message, Exception? innerException = null)
        : base(code, message, innerException) => Link = link;

    /// <summary>The link, as the status names it.</summary>
    public string Link { get; }
}
