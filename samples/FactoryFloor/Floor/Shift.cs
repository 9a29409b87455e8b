namespace FactoryFloor.Floor;

/// <summary>The story: a shift in which the network fails for a while and nobody stops working.</summary>
/// <param name="factory">Where it happens.</param>
/// <param name="act">How long each of its three acts takes.</param>
internal sealed class Shift(Factory factory, TimeSpan act)
{
    /// <summary>What happens now, for the screen.</summary>
    public string Act { get; private set; } = "opening";

    public bool ReplicasEqual { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await factory.Network.ConnectAsync(cancellationToken);
        await Inspection.PlanAsync(factory.Gateway);
        await PlayAsync("all links are up", upTo: 0.4, cancellationToken);

        await factory.Network.CutAsync();
        await factory.Presses[0].WorkOnInspectionAsync();
        await Inspection.WorkAtGatewayAsync(factory.Gateway);
        await PlayAsync("the network is cut; everyone goes on, two edit one work order", upTo: 0.7, cancellationToken);

        await factory.Network.ConnectAsync(cancellationToken);
        await PlayAsync("the network is back", upTo: 1, cancellationToken);

        Act = "the last insights travel";
        await Task.WhenAll(factory.Presses.Select(press => press.FinishAsync()));
        ReplicasEqual = await factory.SettleAsync(cancellationToken);
        Act = "the shift is over";
    }

    private Task PlayAsync(string title, double upTo, CancellationToken cancellationToken)
    {
        Act = title;
        return Task.WhenAll(factory.Presses.Select(press => press.PlayAsync(upTo, act, cancellationToken)));
    }
}
