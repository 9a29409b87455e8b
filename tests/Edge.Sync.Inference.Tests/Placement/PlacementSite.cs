namespace Edge.Sync.Inference.Tests.Placement;

/// <summary>A device, its gateway and a data centre. The network changes twice; what is measured is 15 % off the mean; the oracle knows the mean.</summary>
/// <param name="seed">Of all that is random.</param>
/// <param name="isHidden">Whether there is besides what nobody announces: the gateway is busy in bursts, the data centre answers late for a while, and requests queue up on the device (only that can be seen). The oracle knows it, and is myopic: it takes the queue as the policy has made it.</param>
internal sealed class PlacementSite(int seed, bool isHidden)
{
    // A request comes every so often; a burst or an outage begins with each of so many requests, and ends with each of so many.
    private const double BetweenMs = 60, BurstMs = 60, OutageMs = 400;
    private const int BurstBegins = 400, BurstEnds = 60, OutageBegins = 1_500, OutageEnds = 120;

    private readonly Random _random = new(seed);
    private readonly PlacementOptions _options = new();
    private double _backlogMs;
    private bool _isBurst, _isOutage;

    public (double Policy, double Oracle, double Device, double Gateway) Run(int count)
    {
        var policy = new PlacementPolicy(_options);
        var (total, best, device, gateway) = (0.0, 0.0, 0.0, 0.0);
        Span<PlaceConditions> conditions = stackalloc PlaceConditions[PlacementPolicy.PlaceCount];
        Span<double> costs = stackalloc double[PlacementPolicy.PlaceCount];
        for (var i = 0; i < count; i++)
        {
            var regime = i * 3 / count;
            var zone = _random.NextDouble() switch { < 0.15 => PrivacyZone.Device, < 0.35 => PrivacyZone.Site, _ => PrivacyZone.Anywhere };
            var request = new PlacementRequest(Math.Exp(_random.NextDouble() * 5 - 4), Math.Exp(_random.NextDouble() * 5 - 3.5), zone, TimeSpan.FromMilliseconds(40 + _random.NextDouble() * 100));
            Step();
            conditions[0] = new(true, true, default, 0, _random.NextDouble(), TimeSpan.FromMilliseconds(_backlogMs), 1 + 4 * request.Gigaflops);
            conditions[1] = new(true, true, TimeSpan.FromMilliseconds(2 + (regime == 1 ? 20 : 2) * _random.NextDouble()), regime == 1 ? 8 : 40, 3 * _random.NextDouble(), default, 1);
            conditions[2] = new(_random.Next(50) > 0, true, TimeSpan.FromMilliseconds((regime == 2 ? 25 : 50) + 20 * _random.NextDouble()), regime == 2 ? 20 : 6, 0, default, 8 + 4 * request.Megabytes);
            for (var p = 0; p < costs.Length; p++)
                costs[p] = policy.CostOf(request, conditions[p].Price, MeanMs((ExecutionPlace)p, request, conditions[p]));
            var allowed = 1 + (zone == PrivacyZone.Device ? 0 : 1) + (zone == PrivacyZone.Anywhere && conditions[2].IsAlive ? 1 : 0);
            var lowest = double.PositiveInfinity;
            foreach (var cost in costs[..allowed])
                lowest = Math.Min(lowest, cost);
            var decision = policy.Decide(request, conditions);
            var chosen = decision.Place;
            var taken = MeanMs(chosen, request, conditions[(int)chosen]) * Math.Exp(0.15 * Normal());
            policy.Observe(decision, TimeSpan.FromMilliseconds(taken));
            if (isHidden && chosen == ExecutionPlace.Device)
                _backlogMs = taken;
            total += costs[(int)chosen];
            best += lowest;
            device += costs[0];
            gateway += costs[allowed > 1 ? 1 : 0];
        }
        return (total, best, device, gateway);
    }

    private void Step()
    {
        if (!isHidden)
            return;
        _backlogMs = Math.Max(0, _backlogMs - BetweenMs);
        _isBurst = _random.Next(_isBurst ? BurstEnds : BurstBegins) == 0 ? !_isBurst : _isBurst;
        _isOutage = _random.Next(_isOutage ? OutageEnds : OutageBegins) == 0 ? !_isOutage : _isOutage;
    }

    private double MeanMs(ExecutionPlace place, in PlacementRequest request, in PlaceConditions at)
    {
        var (perGigaflop, perLoad) = place switch { ExecutionPlace.Device => (45.0, 25.0), ExecutionPlace.Gateway => (9.0, 6.0), _ => (2.0, 0.0) };
        var hidden = place switch { ExecutionPlace.Gateway when _isBurst => BurstMs, ExecutionPlace.Upstream when _isOutage => OutageMs, _ => 0 };
        return 1 + at.Backlog.TotalMilliseconds + hidden + at.RoundTrip.TotalMilliseconds + (at.MegabytesPerSecond > 0 ? 1_000 * request.Megabytes / at.MegabytesPerSecond : 0) + (perGigaflop + perLoad * at.Load) * request.Gigaflops;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
