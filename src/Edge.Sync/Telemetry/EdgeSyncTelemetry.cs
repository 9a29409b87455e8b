namespace Edge.Sync;

/// <summary>What to subscribe to: <c>AddMeter(EdgeSyncTelemetry.MeterName)</c>, <c>AddSource(EdgeSyncTelemetry.ActivitySourceName)</c>.</summary>
/// <remarks>
/// Every measurement bears <c>database</c>, the database's name. Nothing of what documents hold is in any of them, nor are ids of documents.
/// Two files of one name in one process report under one <c>database</c>.
/// </remarks>
public static class EdgeSyncTelemetry
{
    /// <summary>
    /// The meter. Counters: <c>edge.sync.commits</c> ({commit}), <c>edge.sync.commit.failures</c> ({commit}), <c>edge.sync.changes.written</c> and <c>edge.sync.changes.applied</c> ({change}),
    /// <c>edge.sync.bytes.sent</c> and <c>edge.sync.bytes.received</c> (By). A histogram: <c>edge.sync.commit.duration</c> (s). Gauges: <c>edge.sync.unsent</c> ({operation}),
    /// <c>edge.sync.links</c> ({link}, by <c>state</c>), <c>edge.sync.waiting</c> ({change}), <c>edge.sync.edits.pending</c> ({edit}), <c>edge.sync.storage.size</c> (By, by <c>class</c>).
    /// </summary>
    public const string MeterName = "Edge.Sync";

    /// <summary>The traces: <c>edit</c> from the call to the commit, <c>apply</c> for each batch that a peer sent.</summary>
    public const string ActivitySourceName = "Edge.Sync";

    /// <summary>The category of all log entries.</summary>
    public const string LoggerCategory = "Edge.Sync";
}
