using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Edge.Sync;

/// <summary>Whether a database does what it is there for; asked, it opens where it is not open yet.</summary>
/// <remarks>
/// Unhealthy: it cannot be opened, is closed, or its last commit failed. Degraded: every link is faulted, nothing that is unsent has been acknowledged for long, or the medium is nearly full.
/// Each with its reason. Being offline alone is neither.
/// </remarks>
public sealed class EdgeSyncHealthCheck : IHealthCheck
{
    private readonly EdgeDatabase _database;
    private readonly EdgeSyncHealthOptions _options;

    /// <param name="database">The database.</param>
    /// <param name="options">From when on it counts as degraded; null for the defaults.</param>
    public EdgeSyncHealthCheck(EdgeDatabase database, EdgeSyncHealthOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        (_database, _options) = (database, options ?? new());
    }

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failure = context?.Registration?.FailureStatus ?? HealthStatus.Unhealthy;
        try { await _database.EnsureOpenAsync(cancellationToken).ConfigureAwait(false); }
        catch (EdgeSyncException e) { return new(failure, e.Message, e); }
        catch (ObjectDisposedException e) { return new(failure, "The database is closed.", e); }
        if (_database.LastFault is { } fault) return new(failure, $"The last commit failed: {fault.Message}", fault);
        var status = _database.GetStatus();
        var data = new Dictionary<string, object> { ["sync"] = status.State.ToString(), ["links"] = status.Links.Count, ["unsent"] = status.Unsent, ["forks"] = status.Forks.Count };
        var reasons = new List<string>();
        AddSync(status, reasons);
        AddRoom(data, reasons);
        return reasons.Count == 0 ? HealthCheckResult.Healthy(data: data) : HealthCheckResult.Degraded(string.Join(" ", reasons), data: data);
    }

    private void AddSync(SyncStatus status, List<string> reasons)
    {
        if (status.Links.Count > 0 && status.State == LinkState.Faulted) reasons.Add($"Sync is stuck: {status.Reason}");
        else if (_options.UnsentMax >= TimeSpan.Zero && status.UnsentSince is { } since && _database.TimeProvider.GetUtcNow() - since > _options.UnsentMax)
            reasons.Add($"{status.Unsent} operations are unsent, and no peer has acknowledged any since {since:u}. {status.Reason ?? status.LastFault?.Reason}".TrimEnd());
    }

    private void AddRoom(Dictionary<string, object> data, List<string> reasons)
    {
        if (_options.FreeBytesMin <= 0 || FreeBytes(_database.FilePath) is not { } free) return;
        data["freeBytes"] = free;
        if (free < _options.FreeBytesMin) reasons.Add($"The medium of '{_database.FilePath}' has {free} bytes left, less than {_options.FreeBytesMin}. Make room; nothing that was acknowledged is lost.");
    }

    private static long? FreeBytes(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            // Elsewhere a folder names its own mount; Windows knows roots only.
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException) { return null; }
    }
}
