using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Inference.Tests.Placement;

public class PlacementPolicyTests
{
    [Fact]
    public void Data_never_go_farther_than_they_may_in_a_million_requests()
    {
        var random = new Random(1);
        var policy = new PlacementPolicy();
        var conditions = new PlaceConditions[PlacementPolicy.PlaceCount];
        var chosen = new int[PlacementPolicy.PlaceCount];
        for (var run = 0; run < 1_000_000; run++)
        {
            // The device is always the worst, so that there is every reason to go elsewhere.
            for (var i = 0; i < conditions.Length; i++)
                conditions[i] = new(random.Next(5) > 0, random.Next(5) > 0, TimeSpan.FromMilliseconds(random.Next(20)), random.NextDouble() * 50, random.NextDouble(), default, i == 0 ? 1_000 : random.NextDouble());
            var request = new PlacementRequest(random.NextDouble(), random.NextDouble(), (PrivacyZone)random.Next(-1, 4), TimeSpan.FromMilliseconds(random.Next(100)));
            var decision = policy.Decide(request, conditions);
            chosen[(int)decision.Place]++;
            var at = conditions[(int)decision.Place];
            if (decision.Place != ExecutionPlace.Device && !(at is { IsAlive: true, IsCapable: true } && request.Zone is PrivacyZone.Site or PrivacyZone.Anywhere && (decision.Place == ExecutionPlace.Gateway || request.Zone == PrivacyZone.Anywhere)))
                Assert.Fail($"run {run}: {request} went to {decision.Explain()}");
            if (run % 10 == 0)
                policy.Observe(decision, TimeSpan.FromMilliseconds(random.Next(200)));
        }
        Assert.All(chosen, static count => Assert.True(count > 50_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Policy_costs_at_most_five_percent_more_than_an_oracle_through_two_changes_of_the_network(int seed)
    {
        var (policy, oracle, device, gateway) = new Site(seed).Run(20_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"policy {policy / oracle - 1:P2}, always device {device / oracle - 1:P0}, gateway where allowed {gateway / oracle - 1:P0}");
        Assert.InRange(policy / oracle, 1, 1.05);
        Assert.True(device / oracle > 1.2 && gateway / oracle > 1.2, "a fixed choice would not do");
    }

    [Fact]
    public void Decision_says_why()
    {
        var policy = new PlacementPolicy();
        PlaceConditions here = new(true, true, default, 0, 0.5, default, 0), up = here with { RoundTrip = TimeSpan.FromMilliseconds(4), MegabytesPerSecond = 10 };
        var decision = policy.Decide(new(1, 1, PrivacyZone.Site, TimeSpan.FromMilliseconds(50)), [here, up with { IsAlive = false }, up]);
        Assert.Equal(ExecutionPlace.Device, decision.Place);
        Assert.Equal((PlaceBar.None, PlaceBar.Liveness, PlaceBar.Privacy), (decision[ExecutionPlace.Device].Bar, decision[ExecutionPlace.Gateway].Bar, decision[ExecutionPlace.Upstream].Bar));
        Assert.StartsWith("Device: Device 0.0 ±", decision.Explain(), StringComparison.Ordinal);
        Assert.Contains("Gateway barred by Liveness; Upstream barred by Privacy", decision.Explain(), StringComparison.Ordinal);
        decision = policy.Decide(new(1, 1, PrivacyZone.Anywhere, TimeSpan.FromMilliseconds(50)), [here, up, up with { IsCapable = false }]);
        Assert.Equal(PlaceBar.Capability, decision[ExecutionPlace.Upstream].Bar);
        Assert.Throws<ArgumentException>(() => policy.Decide(default, []));
        Assert.Throws<ArgumentException>(() => new PlacementPolicy(new() { Memory = 0.5 }));
    }

    [Fact]
    public void Deciding_and_observing_allocate_nothing()
    {
        var policy = new PlacementPolicy();
        var conditions = new PlaceConditions[PlacementPolicy.PlaceCount];
        Array.Fill(conditions, new(true, true, TimeSpan.FromMilliseconds(3), 10, 0.1, default, 1));
        var request = new PlacementRequest(0.1, 0.1, PrivacyZone.Anywhere, TimeSpan.FromMilliseconds(30));
        policy.Observe(policy.Decide(request, conditions), TimeSpan.FromMilliseconds(5));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            policy.Observe(policy.Decide(request, conditions), TimeSpan.FromMilliseconds(5));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task Place_that_fails_or_is_late_is_replaced_by_the_device_and_avoided_from_then_on()
    {
        var time = new FakeTimeProvider();
        var device = new Place(1, default);
        var gateway = new Place(2, new(true, true, TimeSpan.FromMilliseconds(1), 100, 0, default, 0)) { Fails = true };
        var model = new PlacedModel(new(), device, gateway, timeProvider: time);
        device.Price = 30;
        var output = new float[1];
        var request = new PlacementRequest(0.01, 0.01, PrivacyZone.Site, TimeSpan.FromMilliseconds(50));
        var first = await model.RunAsync(request, new float[1], output);
        Assert.Equal((ExecutionPlace.Device, ExecutionPlace.Gateway, 1f), (first.RanAt, first.Decision.Place, output[0]));
        for (var i = 0; i < 20; i++)
            await model.RunAsync(request, new float[1], output);
        Assert.Equal(ExecutionPlace.Device, (await model.RunAsync(request, new float[1], output)).Decision.Place);

        gateway.Fails = false;
        var again = new PlacedModel(new(), device, gateway, timeProvider: time);
        Assert.Equal(ExecutionPlace.Gateway, (await again.RunAsync(request, new float[1], output)).RanAt);
        Assert.Equal(2f, output[0]);
        gateway.Hangs = true;
        var late = again.RunAsync(request, new float[1], output);
        Assert.False(late.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(ExecutionPlace.Device, (await late).RanAt);
        Assert.Equal(1f, output[0]);
    }

    private sealed class Place(float answer, PlaceConditions conditions) : IInferencePlace
    {
        public bool Fails { get; set; }

        public bool Hangs { get; set; }

        public double Price { get; set; }

        public PlaceConditions Conditions => conditions with { Price = Price };

        public async ValueTask RunAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new IOException("no route");
            if (Hangs)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            output.Span[0] = answer;
        }
    }

    /// <summary>A device, its gateway and a data centre. The network changes twice; what is measured is 15 % off the mean; the oracle knows the mean.</summary>
    private sealed class Site(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly PlacementOptions _options = new();

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
                conditions[0] = new(true, true, default, 0, _random.NextDouble(), default, 1 + 4 * request.Gigaflops);
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
                policy.Observe(decision, TimeSpan.FromMilliseconds(MeanMs(chosen, request, conditions[(int)chosen]) * Math.Exp(0.15 * Normal())));
                total += costs[(int)chosen];
                best += lowest;
                device += costs[0];
                gateway += costs[allowed > 1 ? 1 : 0];
            }
            return (total, best, device, gateway);
        }

        private static double MeanMs(ExecutionPlace place, in PlacementRequest request, in PlaceConditions at)
        {
            var (perGigaflop, perLoad) = place switch { ExecutionPlace.Device => (45.0, 25.0), ExecutionPlace.Gateway => (9.0, 6.0), _ => (2.0, 0.0) };
            return 1 + at.RoundTrip.TotalMilliseconds + (at.MegabytesPerSecond > 0 ? 1_000 * request.Megabytes / at.MegabytesPerSecond : 0) + (perGigaflop + perLoad * at.Load) * request.Gigaflops;
        }

        private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
    }
}
