using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Edge.Sync.Inference;

/// <summary>All pipelines of an <see cref="EdgeInference"/> as a health check: <c>AddHealthChecks().AddCheck("inference", new InferenceHealthCheck(ai.GetHealth))</c>.</summary>
/// <param name="health">Asked each time.</param>
public sealed class InferenceHealthCheck(Func<InferenceHealth> health) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (state, reasons) = health();
        var description = string.Join("; ", reasons);
        return Task.FromResult(state switch
        {
            InferenceHealthState.Healthy => HealthCheckResult.Healthy(),
            InferenceHealthState.Degraded => HealthCheckResult.Degraded(description),
            _ => HealthCheckResult.Unhealthy(description),
        });
    }
}
