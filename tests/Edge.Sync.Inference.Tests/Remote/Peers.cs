using Edge.Sync.Transports.InMemory;

namespace Edge.Sync.Inference.Tests.Remote;

/// <summary>A device and a data centre, each with its replica of one database and its models, and a link between them.</summary>
internal sealed class Peers : IAsyncDisposable
{
    private readonly string _folder;
    private readonly InMemoryNetwork _network = new();

    private Peers(string folder, EdgeDatabase device, EdgeDatabase upstream)
    {
        (_folder, Device, Upstream) = (folder, device, upstream);
        (DeviceAi, UpstreamAi) = (EdgeInference.Create(device), EdgeInference.Create(upstream));
        _network.Connect("device", "upstream");
    }

    public EdgeDatabase Device { get; }

    public EdgeDatabase Upstream { get; }

    public EdgeInference DeviceAi { get; }

    public EdgeInference UpstreamAi { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Peers> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("edge-remote-").FullName;
        return new(folder, await EdgeDatabase.OpenAsync(Path.Combine(folder, "device.db")), await EdgeDatabase.OpenAsync(Path.Combine(folder, "upstream.db")));
    }

    public async Task ConnectAsync()
    {
        Upstream.StartSync(s => s.UseInMemory(_network, "upstream"));
        await Device.StartSync(s => s.UseInMemory(_network, "device")).WhenReadyAsync(Token);
        await WhenConnectedAsync(Device);
    }

    public void Cut() => _network.Cut("device", "upstream");

    public void Heal() => _network.Heal("device", "upstream");

    /// <summary>Waits until the requests that a replica shows are as they should be; a test that never gets there ends by its token.</summary>
    public static async Task<IReadOnlyList<RequestDocument>> WhenAsync(EdgeDatabase database, Func<IReadOnlyList<RequestDocument>, bool> condition)
    {
        await foreach (var requests in database.Documents<RequestDocument>().WatchAsync(Token))
            if (condition(requests))
                return requests;
        throw new InvalidOperationException("The watch ended.");
    }

    // Ready is also one that listens; a place is alive while the link is said to be connected.
    private static async Task WhenConnectedAsync(EdgeDatabase database)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var status = database.ToLiveStatus();
        status.PropertyChanged += (_, _) => Look();
        Look();
        await connected.Task.WaitAsync(Token);

        void Look()
        {
            if (database.GetStatus().State == LinkState.Connected)
                connected.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DeviceAi.DisposeAsync();
        await UpstreamAi.DisposeAsync();
        await Device.DisposeAsync();
        await Upstream.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
