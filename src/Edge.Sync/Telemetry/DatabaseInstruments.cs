using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Edge.Sync.Telemetry;

/// <summary>The instruments of this package. Those that are asked go over the databases that are open in this process.</summary>
internal static class DatabaseInstruments
{
    public static readonly ActivitySource Source = new(EdgeSyncTelemetry.ActivitySourceName);

    private static readonly Meter s_meter = new(EdgeSyncTelemetry.MeterName);
    private static readonly ConcurrentDictionary<DatabaseTelemetry, bool> s_open = [];

    public static readonly Counter<long> Commits = s_meter.CreateCounter<long>("edge.sync.commits", "{commit}", "Transactions that were committed.");
    public static readonly Counter<long> CommitFailures = s_meter.CreateCounter<long>("edge.sync.commit.failures", "{commit}", "Transactions that the store refused: nothing of them was kept.");
    public static readonly Histogram<double> CommitDuration = s_meter.CreateHistogram<double>("edge.sync.commit.duration", "s", "From the first edit of a transaction to its commit.");
    public static readonly Counter<long> ChangesWritten = s_meter.CreateCounter<long>("edge.sync.changes.written", "{change}", "Changes made here.");
    public static readonly Counter<long> ChangesApplied = s_meter.CreateCounter<long>("edge.sync.changes.applied", "{change}", "Changes of others that were applied.");
    public static readonly ObservableGauge<long> StorageSize = s_meter.CreateObservableGauge("edge.sync.storage.size", ObserveStorage, "By", "What is on disk, by class of bytes.");

    static DatabaseInstruments()
    {
        s_meter.CreateObservableCounter("edge.sync.bytes.sent", () => Observe(static database => database.Traffic().Sent), "By", "Bytes sent to peers, with framing.");
        s_meter.CreateObservableCounter("edge.sync.bytes.received", () => Observe(static database => database.Traffic().Received), "By", "Bytes received from peers, with framing.");
        s_meter.CreateObservableGauge("edge.sync.unsent", () => Observe(static database => database.Status().Unsent), "{operation}", "Own operations that no peer has acknowledged since the sync started.");
        s_meter.CreateObservableGauge("edge.sync.waiting", () => Observe(static database => database.Waiting()), "{change}", "Changes that wait for the seal that covers them.");
        s_meter.CreateObservableGauge("edge.sync.edits.pending", () => Observe(static database => database.Pending()), "{edit}", "Work that waits for the writer.");
        s_meter.CreateObservableGauge("edge.sync.links", ObserveLinks, "{link}", "Links, by state.");
    }

    public static void Add(DatabaseTelemetry database) => s_open[database] = true;

    public static void Remove(DatabaseTelemetry database) => s_open.TryRemove(database, out _);

    private static IEnumerable<Measurement<long>> Observe(Func<DatabaseTelemetry, long> value)
    {
        foreach (var database in s_open.Keys)
            yield return new(value(database), database.Tag);
    }

    private static IEnumerable<Measurement<long>> ObserveLinks()
    {
        foreach (var database in s_open.Keys)
        {
            var links = database.Status().Links;
            foreach (var state in Enum.GetValues<LinkState>())
                yield return new(links.Count(link => link.State == state), database.Tag, new("state", NameOf(state)));
        }
    }

    private static IEnumerable<Measurement<long>> ObserveStorage()
    {
        foreach (var database in s_open.Keys)
            foreach (var (name, bytes) in database.Storage())
                yield return new(bytes, database.Tag, new("class", name));
    }

    private static string NameOf(LinkState state) => state switch
    {
        LinkState.Connecting => "connecting",
        LinkState.Listening => "listening",
        LinkState.Connected => "connected",
        _ => "faulted",
    };
}
