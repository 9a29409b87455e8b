using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Edge.Sync.AspNetCore.Tests;

/// <summary>Requests that are no session, or not a good one.</summary>
public class HubRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plain_request_is_told_what_to_do()
    {
        using var folder = new TempFolder();
        await using var hub = await TestHub.StartAsync(folder["hub.db"]);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{hub.Port}/sync"), Token);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Equal("websocket", Assert.Single(answer.Headers.Upgrade).Name);
        Assert.Contains($"UseWebSocket(new Uri(\"{hub.Address}\"))", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example", 403)]
    [InlineData("null", 403)]
    [InlineData("https://app.example", 101)]
    [InlineData("http://127.0.0.1:{port}", 101)]
    [InlineData("http://127.0.0.1", 403)]
    public async Task Only_pages_of_its_own_origin_or_of_a_named_one_may_connect(string origin, int status)
    {
        using var folder = new TempFolder();
        await using var hub = await TestHub.StartAsync(services => services.AddEdgeSync(o => o.Path = folder["hub.db"]),
            app => app.MapEdgeSync("/sync", configure: o => o.AllowedOrigins.Add("https://app.example")));
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", origin.Replace("{port}", $"{hub.Port}", StringComparison.Ordinal));
        if (status == 101) await socket.ConnectAsync(hub.Address, Token);
        else await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(hub.Address, Token));
        Assert.Equal(status, (int)socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_text_message_is_refused_by_its_close_code()
    {
        using var folder = new TempFolder();
        await using var hub = await TestHub.StartAsync(folder["hub.db"]);
        var status = await SendAsync(hub, "hello"u8.ToArray(), WebSocketMessageType.Text);
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, status);
        await AssertServesAsync(hub, folder);
    }

    [Fact]
    public async Task An_oversized_frame_ends_the_session_before_it_has_come()
    {
        using var folder = new TempFolder();
        await using var hub = await TestHub.StartAsync(folder["hub.db"]);
        var status = await SendAsync(hub, [0x7F, 0xFF, 0xFF, 0xFF, 0x90], WebSocketMessageType.Binary);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, status);
        var fault = hub.Database.GetStatus().LastFault!;
        Assert.Equal(EdgeErrorCode.ProtocolMismatch, fault.Code);
        Assert.Contains("2147483647 bytes was announced", fault.Reason, StringComparison.Ordinal);
        await AssertServesAsync(hub, folder);
    }

    [Fact]
    public async Task Garbage_ends_its_session_and_no_other()
    {
        using var folder = new TempFolder();
        await using var hub = await TestHub.StartAsync(folder["hub.db"]);
        await using var device = await EdgeDatabase.OpenAsync(folder["first.db"], Token);
        device.StartSync(s => s.UseWebSocket(hub.Address));
        await device.UntilLinkAsync(LinkState.Connected);
        var random = new Random(20);
        for (var i = 0; i < 10; i++)
        {
            var bytes = new byte[4 + random.Next(200)];
            random.NextBytes(bytes);
            (bytes[0], bytes[1], bytes[2], bytes[3]) = (0, 0, 0, (byte)(bytes.Length - 4));
            var status = await SendAsync(hub, bytes, WebSocketMessageType.Binary);
            Assert.True(status is WebSocketCloseStatus.PolicyViolation or WebSocketCloseStatus.NormalClosure, $"{status} after {Convert.ToHexString(bytes)}");
        }
        Assert.Equal(LinkState.Connected, device.GetStatus().State);
        await AssertServesAsync(hub, folder);
    }

    [Fact]
    public async Task Where_all_connections_are_in_use_a_device_is_told_and_comes_in_when_one_leaves()
    {
        using var folder = new TempFolder();
        await using var hub = await TestHub.StartAsync(services => services.AddEdgeSync(o => o.Path = folder["hub.db"]),
            app => app.MapEdgeSync("/sync", configure: o => o.ConnectionsMax = 1));
        await using var first = await EdgeDatabase.OpenAsync(folder["first.db"], Token);
        await using var second = await EdgeDatabase.OpenAsync(folder["second.db"], Token);
        var sync = first.StartSync(s => s.UseWebSocket(hub.Address));
        await first.UntilLinkAsync(LinkState.Connected);
        second.StartSync(s => s.UseWebSocket(hub.Address));
        await second.UntilLinkAsync(LinkState.Connecting, "no room now, or is just starting (503)");
        await hub.Database.UntilLinkAsync(LinkState.Listening, "All 1 connections are in use");
        await sync.DisposeAsync();
        await second.UntilLinkAsync(LinkState.Connected);
    }

    [Fact]
    public async Task An_endpoint_without_a_database_is_an_error_of_the_start_that_names_the_call()
    {
        using var folder = new TempFolder();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHub.StartAsync(
            services => services.AddEdgeSync(o => o.Path = folder["hub.db"]), app => app.MapEdgeSync("/sync", "telemetry")));
        Assert.Contains("AddEdgeSync(\"telemetry\"", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Sends one message, and gives the status that the hub closes with.</summary>
    private static async Task<WebSocketCloseStatus?> SendAsync(TestHub hub, byte[] bytes, WebSocketMessageType type)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(hub.Address, Token);
        await socket.SendAsync(bytes, type, endOfMessage: true, Token);
        // What is cut short may be waited for: nothing more comes.
        if (type == WebSocketMessageType.Binary) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer, Token)).MessageType != WebSocketMessageType.Close) { /* its hello, and its goodbye */ }
        return socket.CloseStatus;
    }

    private static async Task AssertServesAsync(TestHub hub, TempFolder folder)
    {
        await using var device = await EdgeDatabase.OpenAsync(folder["last.db"], Token);
        await using var sync = device.StartSync(s => s.UseWebSocket(hub.Address));
        await device.Documents<Job>().AddAsync(new Job { Title = "still served" }, Token);
        await sync.WhenSentAsync(Token).WaitAsync(Waiting.Patience, Token);
    }
}
