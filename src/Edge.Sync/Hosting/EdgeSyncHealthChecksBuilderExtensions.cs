using Edge.Sync;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds databases to the health checks of a host.</summary>
public static class EdgeSyncHealthChecksBuilderExtensions
{
    /// <summary>Adds the check of a database that was added with <c>AddEdgeSync</c>: see <see cref="EdgeSyncHealthCheck"/>.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The database's key, which is the check's name too; null for the database without a key, whose check is <c>edge-sync</c>.</param>
    /// <param name="configure">From when on it counts as degraded.</param>
    /// <param name="failureStatus">What to report where it cannot work; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the check.</param>
    public static IHealthChecksBuilder AddEdgeSync(this IHealthChecksBuilder builder, string? name = null, Action<EdgeSyncHealthOptions>? configure = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new EdgeSyncHealthOptions();
        configure?.Invoke(options);
        return builder.Add(new(name ?? "edge-sync", provider => new EdgeSyncHealthCheck(provider.GetEdgeDatabase(name ?? ""), options), failureStatus, tags));
    }
}
