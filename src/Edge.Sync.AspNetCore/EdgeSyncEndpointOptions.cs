namespace Edge.Sync;

/// <summary>How an endpoint of <c>MapEdgeSync</c> takes devices in.</summary>
public sealed class EdgeSyncEndpointOptions
{
    /// <summary>How many devices may be connected at once; further ones get 503, and try again.</summary>
    /// <value>The default is 1,024. A connection holds some 40 kB while it is idle, and up to 200 kB while much is on its way.</value>
    public int ConnectionsMax { get; set; } = 1024;

    /// <summary>Origins of web pages, besides the hub's own, that may connect: <c>https://app.example</c>. A browser sends a user's cookies along with any page's request, so other pages are refused.</summary>
    /// <value>The default is none. Devices, which are no browsers, say no origin and are not concerned.</value>
    public ICollection<string> AllowedOrigins { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
