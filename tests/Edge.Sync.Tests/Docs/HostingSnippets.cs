using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of docs/hosting.md.</summary>
public class HostingSnippets
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_shows_what_runs()
    {
        using var folder = new TempFolder();
        var (path, telemetryPath) = (folder["app.db"], folder["telemetry.db"]);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();

        // snippet: add
        builder.Services.AddEdgeSync(o => o.Path = path)             // one file = one replica
            .AddDocument<Job>()                                      // its table is made as the host starts
            .AddSync(s => s.UseLan("crew"));                         // from the host's start to its stop
        builder.Services.AddEdgeSync("telemetry", o => o.Path = telemetryPath);   // a second database: a keyed service
        builder.Services.AddHealthChecks().AddEdgeSync().AddEdgeSync("telemetry");
        // end

        using var host = builder.Build();
        await host.StartAsync(Token);
        Assert.True(File.Exists(path) && File.Exists(telemetryPath));
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        Assert.Equal(HealthStatus.Healthy, health.Status);
        await host.StopAsync(Token);
    }
}
