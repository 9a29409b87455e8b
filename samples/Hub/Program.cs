using Edge.Sync;
using Hub;
using Microsoft.AspNetCore.Authentication;

// snippet: hub
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, DeviceTokens>("device-tokens", null);    // or the scheme of your choice
builder.Services.AddAuthorizationBuilder().AddPolicy("devices", p => p.RequireClaim("device"));
builder.Services.AddEdgeSync(o => o.Path = "hub.db")
    .AddDocument<Job>(rules => rules
        .Authorize(static (user, change) => change.Touches(j => j.Done)
            ? AccessDecision.Require(user.IsInRole("lead"), "only a lead closes a job") : AccessDecision.Allow)
        .Validate(static job => job.Minutes.Value is >= 0 and < 10_000, "minutes out of range"))
    .AddDocument<Site>();
builder.Services.AddEdgeSync("telemetry", o => o.Path = "telemetry.db");   // a second database: a keyed service
builder.Services.AddHealthChecks().AddEdgeSync().AddEdgeSync("telemetry"); // metrics: AddMeter(EdgeSyncTelemetry.MeterName)
var app = builder.Build();
app.MapEdgeSync("/sync").RequireAuthorization("devices");                  // an IEndpointConventionBuilder; WebSockets set up inside
app.MapEdgeSync("/sync/telemetry", "telemetry").RequireAuthorization("devices");
app.MapHealthChecks("/health");
app.MapGet("/jobs", async (EdgeDatabase db, CancellationToken ct) =>
    (await db.Documents<Job>().Where(j => !j.Done).ToListAsync(ct)).Select(j => new JobRow(j.Id.Value, j.Title, j.Minutes)));
app.MapGet("/telemetry", ([FromKeyedServices("telemetry")] EdgeDatabase telemetry) => telemetry.GetStatus());
app.Run();
// end

internal sealed record JobRow(Guid Id, string Title, long Minutes);
