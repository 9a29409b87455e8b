namespace Edge.Sync.Inference;

/// <summary>Decides, request by request, whether to compute here, at the gateway or upstream. Safe for several threads.</summary>
/// <remarks>
/// First a hard mask: where the data must not go, where there is no model, where nobody answers; the device itself is always left. Of the rest the place with the lowest
/// cost, its latency being what a model learned from what was observed, less some of its doubt, so that places which changed for the better are found again. What must not leave never
/// does, whatever was learned: the mask does not learn. Neither deciding nor observing allocates.
/// </remarks>
public sealed class PlacementPolicy
{
    /// <summary>How many places there are; conditions are given in the order of <see cref="ExecutionPlace"/>.</summary>
    public const int PlaceCount = 3;

    private readonly PlacementOptions _options;
    private readonly LatencyModel[] _models;
    private readonly Lock _gate = new();

    /// <summary>A policy that knows no place yet.</summary>
    public PlacementPolicy(PlacementOptions? options = null)
    {
        _options = options ?? new();
        _options.Validate();
        _models = [new(_options.Memory), new(_options.Memory), new(_options.Memory)];
    }

    /// <summary>Chooses a place.</summary>
    /// <param name="request">What is to be computed.</param>
    /// <param name="conditions">Of each <see cref="ExecutionPlace"/>, in order.</param>
    public PlacementDecision Decide(in PlacementRequest request, ReadOnlySpan<PlaceConditions> conditions)
    {
        if (conditions.Length != PlaceCount)
            throw new ArgumentException($"There are {PlaceCount} places, not {conditions.Length}.", nameof(conditions));
        var estimates = new PlacementDecision.Estimates();
        var (best, bestFeatures) = (ExecutionPlace.Device, default(LatencyFeatures));
        var bestCost = double.PositiveInfinity;
        lock (_gate)
            for (var i = 0; i < PlaceCount; i++)
            {
                var (place, model) = ((ExecutionPlace)i, _models[i]);
                model.Fade();
                var bar = BarOf(place, request.Zone, conditions[i]);
                if (bar != PlaceBar.None)
                {
                    estimates[i] = new(bar, 0, 0, 0);
                    continue;
                }
                var features = LatencyFeatures.Of(request, conditions[i], model.ResidualMs);
                var (latency, doubt) = model.Predict(features);
                var hoped = Math.Max(0, latency - _options.Exploration * doubt);
                var cost = CostOf(request, conditions[i].Price, hoped);
                estimates[i] = new(PlaceBar.None, latency, doubt, cost);
                // What is not a number must not bar the device.
                if (cost < bestCost || place == ExecutionPlace.Device)
                    (best, bestCost, bestFeatures) = (place, double.IsNaN(cost) ? double.PositiveInfinity : cost, features);
            }
        return new(best, estimates, bestFeatures);
    }

    /// <summary>Learns from what came of a decision. A request that was given up counts with the time after which it was.</summary>
    public void Observe(in PlacementDecision decision, TimeSpan latency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latency, TimeSpan.Zero);
        lock (_gate)
            _models[(int)decision.Place].Observe(decision.Features, latency.TotalMilliseconds);
    }

    internal double CostOf(in PlacementRequest request, double price, double latencyMs) =>
        price + _options.LatencyPrice * latencyMs + (latencyMs > request.Deadline.TotalMilliseconds ? _options.MissPrice : 0);

    private static PlaceBar BarOf(ExecutionPlace place, PrivacyZone zone, in PlaceConditions at) => place switch
    {
        ExecutionPlace.Device => PlaceBar.None,
        ExecutionPlace.Gateway when zone is not (PrivacyZone.Site or PrivacyZone.Anywhere) => PlaceBar.Privacy,
        ExecutionPlace.Upstream when zone is not PrivacyZone.Anywhere => PlaceBar.Privacy,
        _ when at.Reach > zone => PlaceBar.Privacy,
        _ when !at.IsCapable => PlaceBar.Capability,
        _ when !at.IsAlive => PlaceBar.Liveness,
        _ => PlaceBar.None,
    };
}
