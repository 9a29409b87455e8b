using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Sync.Telemetry;

/// <summary>What one database tells of itself: measurements, traces, log entries. Safe for use by several threads at once.</summary>
/// <remarks>Where nobody listens, what happens on each commit costs a check and no allocation.</remarks>
internal sealed class DatabaseTelemetry(string database, TimeProvider timeProvider, ILoggerFactory? loggers)
{
    public KeyValuePair<string, object?> Tag { get; } = new("database", database);

    public string Database => database;

    public ILogger Logger { get; } = loggers?.CreateLogger(EdgeSyncTelemetry.LoggerCategory) ?? NullLogger.Instance;

    // What is asked for when somebody observes.
    public required Func<SyncStatus> Status { get; init; }

    public required Func<(long Sent, long Received)> Traffic { get; init; }

    public required Func<long> Waiting { get; init; }

    public required Func<long> Pending { get; init; }

    public required Func<IEnumerable<(string Class, long Bytes)>> Storage { get; init; }

    /// <summary>Whether somebody measures the storage: only then is it worth being read.</summary>
    public static bool IsStorageObserved => DatabaseInstruments.StorageSize.Enabled;

    /// <summary>Whether somebody listens to traces.</summary>
    public static bool IsTraced => DatabaseInstruments.Source.HasListeners();

    /// <summary>When a commit begins; 0 where nobody measures how long it takes.</summary>
    public long StartCommit() => DatabaseInstruments.CommitDuration.Enabled ? timeProvider.GetTimestamp() : 0;

    public void OnCommitted(long started, int written, int applied)
    {
        DatabaseInstruments.Commits.Add(1, Tag);
        if (written > 0) DatabaseInstruments.ChangesWritten.Add(written, Tag);
        if (applied > 0) DatabaseInstruments.ChangesApplied.Add(applied, Tag);
        if (started != 0) DatabaseInstruments.CommitDuration.Record(timeProvider.GetElapsedTime(started).TotalSeconds, Tag);
    }

    public void OnCommitFailed(Exception exception)
    {
        DatabaseInstruments.CommitFailures.Add(1, Tag);
        Logger.CommitFailed(exception, database);
    }

    /// <summary>A trace of an edit or of a batch; null where nobody listens.</summary>
    public Activity? Start(string name)
    {
        if (!IsTraced || DatabaseInstruments.Source.StartActivity(name) is not { } activity) return null;
        activity.SetTag("database", database);
        return activity;
    }

    public void OnLinkChanged(LinkStatus link)
    {
        if (link.State == LinkState.Faulted) Logger.LinkFaulted(database, link.Link, link.Reason);
        else Logger.LinkChanged(database, link.Link, link.State, link.Reason);
    }
}
