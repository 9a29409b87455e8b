using FactoryFloor.Sensing;

namespace FactoryFloor.Floor;

/// <summary>A gateway and three presses, and the network between them.</summary>
internal sealed class Factory : IAsyncDisposable
{
    private static readonly TimeSpan s_settleTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_settleStep = TimeSpan.FromMilliseconds(50);

    private readonly List<Node> _nodes = [];
    private readonly List<Press> _presses = [];
    private Network? _network;
    private ModelDesk? _models;

    /// <summary>The gateway first, then the presses.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    public Node Gateway => _nodes[0];

    public IReadOnlyList<Press> Presses => _presses;

    public Network Network => _network!;

    public ModelDesk Models => _models!;

    public static async Task<Factory> OpenAsync(string folder, IPlant plant)
    {
        var factory = new Factory();
        try
        {
            factory._nodes.Add(await Node.OpenAsync(folder, "gateway"));
            foreach (var readings in plant.Presses)
            {
                var node = await Node.OpenAsync(folder, readings[0].Press);
                factory._nodes.Add(node);
                factory._presses.Add(await Press.StartAsync(node, plant, readings));
            }
            factory._models = new(factory.Gateway, plant, trialPress: factory._presses[0].Node.Name);
            factory._network = new(factory.Gateway, factory._nodes[1..]);
            return factory;
        }
        catch
        {
            await factory.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until something is so that is due to happen, such as that a document arrives.</summary>
    /// <returns>False if it is not after a time that is ample.</returns>
    public static async Task<bool> WaitAsync(Func<Task<bool>> isSo, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(started) > s_settleTime)
                return false;
            await Task.Delay(s_settleStep, cancellationToken);
        }
        return true;
    }

    /// <summary>Waits until all replicas hold the same documents.</summary>
    /// <returns>False if they do not after a time that is ample.</returns>
    public async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var hashes = await HashesAsync();
            if (hashes.Distinct().Count() == 1)
                return true;
            if (TimeProvider.System.GetElapsedTime(started) > s_settleTime)
                return false;
            await Task.Delay(s_settleStep, cancellationToken);
        }
    }

    /// <summary>Of each replica, a hash over all its documents.</summary>
    public async Task<IReadOnlyList<string>> HashesAsync()
    {
        var hashes = new List<string>();
        foreach (var node in _nodes)
            hashes.Add(Convert.ToHexStringLower(await node.Database.GetStateHashAsync()));
        return hashes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var press in _presses)
            await press.DisposeAsync();
        if (_models is not null)
            await _models.DisposeAsync();
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }
}
