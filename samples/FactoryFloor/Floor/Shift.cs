namespace FactoryFloor.Floor;

/// <summary>The story: a shift in which a bad model goes out and comes back, the network fails for a while, and nobody stops working.</summary>
/// <param name="factory">Where it happens.</param>
/// <param name="act">How long each of its three acts takes.</param>
internal sealed class Shift(Factory factory, TimeSpan act)
{
    /// <summary>What happens now, for the screen.</summary>
    public string Act { get; private set; } = "opening";

    public bool ReplicasEqual { get; private set; }

    /// <summary>Whether the bad version was taken back, by itself.</summary>
    public bool BadVersionWentBack { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await factory.Network.ConnectAsync(cancellationToken);
        await Inspection.PlanAsync(factory.Gateway);
        await factory.Models.PublishFirstAsync();
        await PlayAsync("all links are up", upTo: 0.1, cancellationToken, share: 0.25);
        await factory.Models.RollOutBadAsync();
        var trial = factory.Presses[0];
        await Factory.WaitAsync(() => Task.FromResult(trial.ServedVersion == 2), cancellationToken);
        await PlayAsync($"{trial.Node.Name} tries out a model that is bad", upTo: 0.4, cancellationToken, share: 0.75);
        BadVersionWentBack = await Factory.WaitAsync(async () => (await factory.Models.GetStatusAsync()).Stops.Count > 0, cancellationToken);
        await factory.Models.RollOutAgainAsync();

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

    private Task PlayAsync(string title, double upTo, CancellationToken cancellationToken, double share = 1)
    {
        Act = title;
        return Task.WhenAll(factory.Presses.Select(press => press.PlayAsync(upTo, act * share, cancellationToken)));
    }
}
