using Edge.Sync;
using FederatedLoop.Data;

namespace FederatedLoop;

/// <summary>A gateway, the devices around it, and the links between them.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("federated-loop-").FullName;
    private readonly List<Device> _devices = [];
    private Device? _gateway;

    public Device Gateway => _gateway!;

    public IReadOnlyList<Device> Devices => _devices;

    public static async Task<Fleet> OpenAsync(LearningTask task)
    {
        var fleet = new Fleet();
        var network = new InMemoryNetwork();
        fleet._gateway = await Device.OpenAsync(fleet._folder, network, "gateway", data: null, ring: "");
        for (var i = 0; i < task.Devices.Count; i++)
        {
            network.Connect("gateway", $"device-{i + 1}");
            // The first one tries new versions out before the others.
            fleet._devices.Add(await Device.OpenAsync(fleet._folder, network, $"device-{i + 1}", task.Devices[i], ring: i == 0 ? "trial" : ""));
        }
        return fleet;
    }

    /// <summary>Waits until all replicas hold the same.</summary>
    public async Task SettleAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await AreEqualAsync())
        {
            if (TimeProvider.System.GetElapsedTime(started) > s_patience)
                throw new InputException("The replicas did not come to the same state within a minute.");
            await Task.Delay(s_step);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices)
            await device.DisposeAsync();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AreEqualAsync()
    {
        var hash = await Gateway.Database.GetStateHashAsync();
        foreach (var device in _devices)
        {
            var other = await device.Database.GetStateHashAsync();
            if (!hash.AsSpan().SequenceEqual(other))
                return false;
        }
        return true;
    }
}
