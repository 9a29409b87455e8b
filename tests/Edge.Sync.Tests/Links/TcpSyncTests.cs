using System.Net;
using System.Net.Sockets;

namespace Edge.Sync.Tests.Links;

public class TcpSyncTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Two_databases_over_tcp_end_with_equal_documents()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        await hub.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(30), Token);
        await device.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(30), Token);
        var port = Peers.FreePort();
        await using var listening = hub.StartSync(s => s.UseTcpListener(port));
        await listening.WhenReadyAsync(Token);
        await using var dialing = device.StartSync(s => s.UseTcp("127.0.0.1", port));
        await device.WhenAsync("pump-7", static job => job.Minutes == 60);
        await hub.WhenAsync("pump-7", static job => job.Minutes == 60);
        Assert.Equal(await hub.GetStateHashAsync(Token), await device.GetStateHashAsync(Token));
        await dialing.WhenSentAsync(Token);
        Assert.Equal(0, dialing.GetStatus().Unsent);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: edge\r\n\r\n")]
    [InlineData("\0\0\0\u0004abcd")]
    [InlineData("\0\0\0\u0001\u00c1")]
    [InlineData("")]
    public async Task Garbage_sent_to_the_port_harms_nobody(string garbage)
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await hub.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(30), Token);
        var port = Peers.FreePort();
        await using var listening = hub.StartSync(s => s.UseTcpListener(port));
        await listening.WhenReadyAsync(Token);
        using (var intruder = new TcpClient())
        {
            await intruder.ConnectAsync(IPAddress.Loopback, port, Token);
            var stream = intruder.GetStream();
            await stream.WriteAsync(garbage.Select(static c => (byte)c).ToArray(), Token);
            intruder.Client.Shutdown(SocketShutdown.Send);
            // The hub says hello, perhaps why it hangs up, and closes.
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer, Token);
        }
        if (garbage.Length > 0) Assert.NotNull(listening.GetStatus().LastFault);

        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        await using var dialing = device.StartSync(s => s.UseTcp("127.0.0.1", port));
        await device.WhenAsync("pump-7", static job => job.Minutes == 30);
    }

    [Fact]
    public async Task Port_in_use_is_a_link_fault_that_says_so_and_the_database_goes_on()
    {
        using var folder = new TempFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var listening = hub.StartSync(s => s.UseTcpListener(port));
        var fault = await Assert.ThrowsAsync<EdgeLinkException>(() => listening.WhenReadyAsync(Token));
        Assert.Contains($"{port}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(EdgeErrorCode.LinkFaulted, fault.Code);
        Assert.Contains(listening.GetStatus().Links, static link => link.State == LinkState.Faulted);
        await hub.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token);
    }

    [Fact]
    public async Task Listener_on_any_free_port_is_ready_and_its_status_names_the_port()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var listening = hub.StartSync(s => s.UseTcpListener(0));
        await listening.WhenReadyAsync(Token);
        var link = Assert.Single(listening.GetStatus().Links);
        Assert.Equal(LinkState.Listening, link.State);
        Assert.False(link.Link.EndsWith(":0", StringComparison.Ordinal), link.Link);
    }

    [Fact]
    public async Task Database_of_another_name_is_refused_with_the_reason_on_both_sides()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["hub.db"], Name = "clinic" }, Token);
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        await hub.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(30), Token);
        var refused = new TaskCompletionSource();
        var port = Peers.FreePort();
        await using var listening = hub.StartSync(s => s.UseTcpListener(port));
        await listening.WhenReadyAsync(Token);
        await using var dialing = device.StartSync(s => s.Use(new FaultWatch(port, refused)));
        await refused.Task.WaitAsync(Token);
        Assert.Contains("Name", dialing.GetStatus().LastFault!.Reason, StringComparison.Ordinal);
        Assert.Null(await device.Documents<Job>().FindAsync(s_pump, Token));
    }

    [Fact]
    public async Task Change_of_several_megabytes_and_ten_thousand_small_ones_arrive()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        var large = new string('x', 5_000_000);
        await device.Documents<Job>().EditAsync(s_pump, job => job.Title = large, Token);
        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => device.Documents<Job>().EditAsync(DocumentId.Named("small"), static job => job.Minutes.Add(1), Token)));
        var port = Peers.FreePort();
        await using var listening = hub.StartSync(s => s.UseTcpListener(port));
        await using var dialing = device.StartSync(s => s.UseTcp("127.0.0.1", port));
        await dialing.WhenSentAsync(Token);
        Assert.Equal(large, (await hub.Documents<Job>().FindAsync(s_pump, Token))!.Title);
        Assert.Equal(10_000, (await hub.Documents<Job>().FindAsync(DocumentId.Named("small"), Token))!.Minutes.Value);
        Assert.Equal(await hub.GetStateHashAsync(Token), await device.GetStateHashAsync(Token));
    }

    [Fact]
    public async Task Equal_replicas_part_after_one_small_message_each_way()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        for (var i = 0; i < 200; i++)
            await device.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token);
        var port = Peers.FreePort();
        await using var listening = hub.StartSync(s => s.UseTcpListener(port));
        await using (var first = device.StartSync(s => s.UseTcp("127.0.0.1", port)))
        {
            await first.WhenSentAsync(Token);
            Assert.True(first.GetStatus().BytesSent > 200 * 50);
        }
        await using var second = device.StartSync(s => s.UseTcp("127.0.0.1", port));
        await second.WhenSentAsync(Token);
        // The hub's hello alone says that it has everything; this side's may not even be on its way yet.
        Assert.InRange(second.GetStatus().BytesSent, 0, 200);
        Assert.InRange(second.GetStatus().BytesReceived, 1, 200);
        Assert.Equal(0, second.GetStatus().ChangesSent);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
