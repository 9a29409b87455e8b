using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Edge.Sync;
using Edge.Sync.Tests;

namespace Samples.Tests;

public class HubTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_devices_sync_through_it_and_who_may_not_close_a_job_finds_that_rejected()
    {
        using var folder = new TempFolder();
        using var hub = ChildProcess.Start(ChildProcess.Built("Hub"), folder.Path,
            "--urls", "http://127.0.0.1:0", "--Devices:secret-1", "van-1", "--Devices:secret-2", "office", "--Leads:0", "office");
        const string listening = "Now listening on: ";
        var line = await hub.WaitForLineAsync(static line => line.Contains(listening, StringComparison.Ordinal));
        var web = new Uri(line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..]);
        var sync = new UriBuilder(web) { Scheme = "ws", Path = "/sync" }.Uri;

        await using var van = await EdgeDatabase.OpenAsync(folder["van.db"], Token);
        await using var office = await EdgeDatabase.OpenAsync(folder["office.db"], Token);
        await van.Documents<HubJob>().EditAsync(s_pump, static job => job.Title = "Replace pump 7", Token);
        await van.Documents<HubJob>().EditAsync(s_pump, static job => job.Minutes.Add(30), Token);
        var closed = await van.Documents<HubJob>().EditAsync(s_pump, static job => job.Done = true, Token);
        van.StartSync(s => s.UseWebSocket(sync, o => o.AccessToken = static _ => new("secret-1")));
        office.StartSync(s => s.UseWebSocket(sync, o => o.AccessToken = static _ => new("secret-2")));
        foreach (var device in new[] { van, office })
            await UntilAsync(device, static job => job is { Done: false, Minutes.Value: 30 });
        var rejected = Assert.Single(await van.FindRejectedAsync(cancellationToken: Token));
        Assert.Equal((closed.ChangeId, "only a lead closes a job"), (rejected.ChangeId, rejected.Rejection!.Reason));

        using var http = new HttpClient { BaseAddress = web };
        var row = Assert.Single((await http.GetFromJsonAsync<JsonElement>("/jobs", Token)).EnumerateArray());
        Assert.Equal((s_pump.Value, "Replace pump 7", 30), (row.GetProperty("id").GetGuid(), row.GetProperty("title").GetString(), row.GetProperty("minutes").GetInt64()));
        Assert.Equal("Healthy", await http.GetStringAsync("/health", Token));
        Assert.Equal("websocket-listen:/sync/telemetry", (await http.GetFromJsonAsync<JsonElement>("/telemetry", Token)).GetProperty("links")[0].GetProperty("link").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/sync", Token)).StatusCode);

        await office.Documents<HubJob>().EditAsync(s_pump, static job => job.Done = true, Token);
        await UntilAsync(van, static job => job.Done);
    }

    private static async Task UntilAsync(EdgeDatabase device, Func<HubJob, bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(ChildProcess.Patience);
        await foreach (var jobs in device.Documents<HubJob>().WatchAsync(patience.Token))
            if (jobs is [var job] && condition(job)) return;
    }
}

/// <summary>The hub's job, as a device has it.</summary>
[EdgeDocument("job")]
public partial class HubJob
{
    public partial string Title { get; set; }
    public partial bool Done { get; set; }
    public partial Counter Minutes { get; }
}
