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
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Policy_costs_at_most_five_percent_more_than_an_oracle_through_changes_of_the_network(int seed, bool isHidden)
    {
        var (policy, oracle, device, gateway) = new PlacementSite(seed, isHidden).Run(20_000);
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
}
