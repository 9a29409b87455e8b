using Edge.Sync.Inference.Tests.Models.Distribution;

namespace Edge.Sync.Inference.Tests.Models.Rollout;

public class RollOutAsyncTests
{
    private static readonly RolloutPlan s_atOnce = new() { CanaryPercent = [100], FramesMin = 0 };

    [Fact]
    public async Task Version_goes_through_its_stages_by_evidence_of_all_devices()
    {
        await using var fleet = await Fleet.OpenAsync(3);
        var v1 = await fleet.PublishAsync(1);
        var status = await fleet[0].RollOutAsync(v1, new() { ShadowSample = 0.1, CanaryPercent = [100], FramesMin = 500 });
        Assert.Equal((1L, 1, 2), (status.Candidate!.Version, status.Stage, status.StageCount));
        await fleet.ConvergeAsync();
        foreach (var catalog in fleet)
        {
            status = await catalog.StatusAsync("ae");
            Assert.Null(status.Here);
            Assert.Equal((v1.Id, 0.1), (status.ShadowHere!.Id, status.ShadowSample));
            await catalog.ReportAsync("ae", status.Order!, frames: 200, faults: 0);
            // Too few frames by what one device knows.
            Assert.Equal(1, (await catalog.StepAsync("ae")).Stage);
        }
        await fleet.ConvergeAsync();
        Assert.Equal(new RolloutGuard(600, 0, 3), (await fleet[2].StatusAsync("ae")).Guard);
        status = await fleet[2].StepAsync("ae");
        Assert.Equal((2, v1.Id), (status.Stage, status.Here!.Id));
        // Another one that sees the same advances it as well: once, not twice.
        Assert.Equal(2, (await fleet[1].StepAsync("ae")).Stage);
        await fleet.ConvergeAsync();
        status = await fleet[0].StatusAsync("ae");
        Assert.Equal(2, status.Stage);
        await fleet[0].ReportAsync("ae", status.Order!, frames: 2_000, faults: 1);
        status = await fleet[0].StepAsync("ae");
        Assert.Equal((v1.Id, null), (status.Stable!.Id, status.Candidate));
    }

    [Fact]
    public async Task Failing_version_is_stopped_by_itself_and_the_last_good_one_serves()
    {
        await using var fleet = await Fleet.OpenAsync(2);
        var v1 = await fleet.ServeAsync(await fleet.PublishAsync(1));
        var v2 = await fleet.PublishAsync(2);
        await fleet[0].RollOutAsync(v2, new() { CanaryPercent = [100] });
        await fleet.ConvergeAsync();
        var status = await fleet[1].StatusAsync("ae");
        Assert.Equal(v2.Id, status.Here!.Id);
        await fleet[1].ReportAsync("ae", status.Order!, frames: 40, faults: 6);
        status = await fleet[1].StepAsync("ae");
        Assert.Equal((v1.Id, null), (status.Here!.Id, status.Candidate));
        Assert.Contains("version 2 failed 6 of 40 times on 1 devices", Assert.Single(status.Stops), StringComparison.Ordinal);
        await fleet.ConvergeAsync();
        Assert.Equal(v1.Id, (await fleet[0].StatusAsync("ae")).Here!.Id);
    }

    [Fact]
    public async Task Version_that_is_through_and_fails_later_is_taken_back_too()
    {
        await using var fleet = await Fleet.OpenAsync(1);
        var v1 = await fleet.ServeAsync(await fleet.PublishAsync(1));
        await fleet.ServeAsync(await fleet.PublishAsync(2));
        var stable = (await fleet[0].StateAsync("ae")).Stable!;
        await fleet[0].ReportAsync("ae", stable, frames: 500, faults: 100);
        Assert.Equal(v1.Id, (await fleet[0].StepAsync("ae")).Stable!.Id);
    }

    [Fact]
    public async Task Rollback_on_one_side_of_a_partition_beats_rollout_and_advance_on_the_other()
    {
        await using var fleet = await Fleet.OpenAsync(2);
        var v1 = await fleet.ServeAsync(await fleet.PublishAsync(1));
        var v2 = await fleet.PublishAsync(2);
        await fleet[0].RollOutAsync(v2, s_atOnce);
        await fleet.ConvergeAsync();

        var back = await fleet[1].RollBackAsync("ae", "operator heard a noise");
        Assert.Equal(v1.Id, back.Here!.Id);
        var status = await fleet[0].StatusAsync("ae");
        await fleet[0].ReportAsync("ae", status.Order!, frames: 2_000, faults: 0);
        Assert.Equal(v2.Id, (await fleet[0].StepAsync("ae")).Stable!.Id);
        Assert.Equal(v2.Id, (await fleet[0].RollOutAsync(v2, s_atOnce)).Here!.Id);

        await fleet.ConvergeAsync();
        foreach (var catalog in fleet)
        {
            status = await catalog.StatusAsync("ae");
            Assert.Equal((v1.Id, null), (status.Here!.Id, status.Candidate));
            Assert.Contains("noise", Assert.Single(status.Stops), StringComparison.Ordinal);
        }
        // Who has heard of it may decide otherwise.
        Assert.Equal(v2.Id, (await fleet[0].RollOutAsync(v2, s_atOnce)).Here!.Id);
        await fleet.ConvergeAsync();
        Assert.Equal(v2.Id, (await fleet[1].StatusAsync("ae")).Here!.Id);
    }

    [Fact]
    public async Task Guard_of_ones_own_takes_the_version_back()
    {
        await using var fleet = await Fleet.OpenAsync(1);
        var v1 = await fleet.PublishAsync(1);
        var status = await fleet[0].RollOutAsync(v1, s_atOnce with { RollBackWhen = static g => g is { Frames: > 100, ErrorRate: > 0.001 } });
        await fleet[0].ReportAsync("ae", status.Order!, 100, 1);
        Assert.NotNull((await fleet[0].StepAsync("ae")).Candidate);
        await fleet[0].ReportAsync("ae", status.Order!, 200, 0);
        Assert.Null((await fleet[0].StepAsync("ae")).Candidate);
    }

    [Fact]
    public async Task Version_for_all_at_once_is_stable_at_once()
    {
        await using var fleet = await Fleet.OpenAsync(2);
        var v1 = await fleet.PublishAsync(1);
        Assert.Equal((v1.Id, null), (await fleet[0].RollOutAsync(v1, RolloutPlan.AtOnce)) is var status ? (status.Stable!.Id, status.Candidate) : default);
        await fleet.ConvergeAsync();
        Assert.Equal(v1.Id, (await fleet[1].StatusAsync("ae")).Here!.Id);
    }

    [Fact]
    public async Task Rings_go_first_and_two_concurrent_rollouts_end_in_one()
    {
        await using var fleet = await Fleet.OpenAsync(2, static (options, i) => options.Ring = i == 1 ? "lab" : "");
        var (v1, v2) = (await fleet.PublishAsync(1), await fleet.PublishAsync(2));
        await fleet.ConvergeAsync();
        await fleet[0].RollOutAsync(v1, new() { Rings = ["lab"], CanaryPercent = [100] });
        await fleet[1].RollOutAsync(v2, new() { Rings = ["lab"], CanaryPercent = [100] });
        await fleet.ConvergeAsync();
        Assert.Equal((null, v2.Id), ((await fleet[0].StatusAsync("ae")).Here, (await fleet[1].StatusAsync("ae")).Here!.Id));
    }

    [Fact]
    public async Task Order_that_is_changed_or_by_a_stranger_has_no_effect()
    {
        await using var replicas = await Replicas.OpenAsync(2);
        var publisher = (await replicas[0].SignAsync("who", default)).PublicKey;
        var catalog = new ModelCatalog(replicas[0], new() { ModelPublishers = [publisher] });
        var v1 = await catalog.PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(8, 1)), new(1));
        await replicas.ConvergeAsync();
        await new ModelCatalog(replicas[1], new()).RollOutAsync(v1, s_atOnce);
        await replicas.ConvergeAsync();
        Assert.Null((await catalog.StatusAsync("ae")).Candidate);

        var order = (await catalog.RollOutAsync(v1, s_atOnce)).Order!;
        var orders = replicas[0].Documents<OrderDocument>();
        await orders.EditAsync(order.Id, static o => o.Statement = o.Statement.Replace("100", "99", StringComparison.Ordinal));
        Assert.Null((await catalog.StatusAsync("ae")).Candidate);
    }

    [Fact]
    public async Task Plan_that_cannot_be_followed_is_a_slip()
    {
        await using var fleet = await Fleet.OpenAsync(1);
        var v1 = await fleet.PublishAsync(1);
        foreach (var plan in new RolloutPlan[]
        {
            new() { CanaryPercent = [], Rings = ["lab"] }, new() { CanaryPercent = [50] }, new() { CanaryPercent = [50, 50, 100] }, new() { ShadowSample = 1.5 },
            new() { FaultRateGood = 0.1, FaultRateBad = 0.05 }, new() { FalsePass = 0 }, new() { Rings = [""] }, new() { ShadowTolerance = double.NaN },
        })
            await Assert.ThrowsAsync<ArgumentException>(() => fleet[0].RollOutAsync(v1, plan));
        await Assert.ThrowsAsync<InvalidOperationException>(() => fleet[0].RollBackAsync("other"));
    }

    private sealed class Fleet : List<ModelCatalog>, IAsyncDisposable
    {
        private readonly Replicas _replicas;

        private Fleet(Replicas replicas) => _replicas = replicas;

        public static async Task<Fleet> OpenAsync(int count, Action<EdgeInferenceOptions, int>? configure = null)
        {
            var fleet = new Fleet(await Replicas.OpenAsync(count));
            for (var i = 0; i < count; i++)
            {
                var options = new EdgeInferenceOptions();
                configure?.Invoke(options, i);
                fleet.Add(new(fleet._replicas[i], options));
            }
            return fleet;
        }

        public Task<ModelVersion> PublishAsync(long version) => this[0].PublishAsync("ae", new MemoryStream(PublishAsyncTests.Dense(8, version)), new(version));

        /// <summary>Brings a version through at once.</summary>
        public async Task<ModelVersion> ServeAsync(ModelVersion version)
        {
            var status = await this[0].RollOutAsync(version, s_atOnce);
            await this[0].ReportAsync("ae", status.Order!, 2_000, 0);
            Assert.Equal(version.Id, (await this[0].StepAsync("ae")).Stable!.Id);
            return version;
        }

        public Task ConvergeAsync() => _replicas.ConvergeAsync();

        public ValueTask DisposeAsync() => _replicas.DisposeAsync();
    }
}
