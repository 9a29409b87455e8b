using Edge.Sync.Inference.Onnx;
using Edge.Sync.Inference.Tests.Pipeline;

namespace Edge.Sync.Inference.Tests.Models.Rollout;

/// <summary>A device with a running pipeline, that gets its versions by rollouts.</summary>
public class RolloutFollowerTests
{
    [Fact]
    public async Task Version_serves_in_the_shadow_then_in_earnest_and_a_bad_one_goes_back_without_a_lost_reading()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        await using var ai = EdgeInference.Create(replicas[0]);
        await RollOutAsync(ai, Scaled(1, factor: 0), RolloutPlan.AtOnce);
        await using var follower = await ai.Models.FollowAsync("ae");
        var slot = ai.Models["ae"];
        Assert.Equal(1, slot.Current!.Version);
        await using var health = await BuildAsync(ai);
        var readings = 0;

        // Version 2 answers the same: after enough frames in the shadow it serves, then it is through.
        await RollOutAsync(ai, Scaled(2, factor: 0), new() { ShadowSample = 0.5, ShadowTolerance = 1e-6, CanaryPercent = [100] });
        var status = await follower.RefreshAsync();
        Assert.Equal((1L, 1), (slot.Current!.Version, status.Stage));
        Play(health, 1_000, ref readings);
        status = await follower.RefreshAsync();
        Assert.Equal(new RolloutGuard(500, 0, 1), status.Guard);
        Assert.Equal((2L, 2), (slot.Current!.Version, status.Stage));
        Play(health, 500, ref readings);
        status = await follower.RefreshAsync();
        Assert.Equal((2L, null), (status.Stable!.Version, status.Candidate));

        // Version 3 answers otherwise: it never leaves the shadow.
        await RollOutAsync(ai, Scaled(3, factor: 1), new() { ShadowSample = 0.5, ShadowTolerance = 1e-6, CanaryPercent = [100] });
        await follower.RefreshAsync();
        Play(health, 20, ref readings);
        status = await follower.RefreshAsync();
        Assert.Equal((2L, null), (slot.Current!.Version, status.Candidate));

        // Version 4 has no answer to some rows, and is not tried in the shadow: it goes back.
        await RollOutAsync(ai, Scaled(4, factor: float.MaxValue), new() { CanaryPercent = [100] });
        await follower.RefreshAsync();
        Assert.Equal(4, slot.Current!.Version);
        Play(health, 5, ref readings);
        status = await follower.RefreshAsync();
        Assert.Equal((2L, 2L), (slot.Current!.Version, status.Stable!.Version));
        Assert.Equal(2, status.Stops.Count);

        Play(health, 5, ref readings);
        var metrics = health.Metrics;
        Assert.Equal((readings, readings, 5L), (metrics.Readings, metrics.Inferences, metrics.NotFinite));
    }

    [Fact]
    public async Task Version_that_cannot_be_loaded_leaves_the_last_good_one_and_is_stopped()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        await using var ai = EdgeInference.Create(replicas[0]);
        await RollOutAsync(ai, Scaled(1, factor: 0), RolloutPlan.AtOnce);
        await using var follower = await ai.Models.FollowAsync("ae");
        await using var health = await BuildAsync(ai);
        // Another width than the pipeline's.
        var v2 = await ai.Models.PublishAsync("ae", new MemoryStream(TrainableNetwork.Autoencoder(5, 2, seed: 1).ToOnnx("ae", 2).ToArray()), new(2));
        await ai.Models.RollOutAsync(v2, new() { CanaryPercent = [100] });
        await follower.RefreshAsync();
        Assert.Equal(1, ai.Models["ae"].Current!.Version);
        var status = await follower.RefreshAsync();
        Assert.Equal((1L, null), (status.Stable!.Version, status.Candidate));
        Assert.Contains("version 2 failed", Assert.Single(status.Stops), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spectrum-1", "raw-1", false)]
    [InlineData("raw-1", "raw-1", true)]
    [InlineData("", "raw-1", true)]
    [InlineData("spectrum-1", null, true)]
    public async Task Version_for_other_features_than_the_pipeline_names_is_refused(string ofModel, string? ofPipeline, bool serves)
    {
        await using var replicas = await Replicas.OpenAsync(1);
        await using var ai = EdgeInference.Create(replicas[0]);
        await RollOutAsync(ai, Scaled(1, factor: 0), RolloutPlan.AtOnce);
        await using var follower = await ai.Models.FollowAsync("ae");
        await using var health = await BuildAsync(ai, ofPipeline);
        var v2 = await ai.Models.PublishAsync("ae", new MemoryStream(Scaled(2, factor: 0.5f)), new(2, ofModel));
        await ai.Models.RollOutAsync(v2, RolloutPlan.AtOnce);
        // The follower may have been there first: what counts is where it stands after two rounds.
        await follower.RefreshAsync();
        var status = await follower.RefreshAsync();
        Assert.Equal(serves ? 2 : 1, ai.Models["ae"].Current!.Version);
        if (serves)
        {
            Assert.Null(follower.Fault);
            return;
        }
        Assert.Contains("version 2 failed", Assert.Single(status.Stops), StringComparison.Ordinal);
        var error = Assert.Throws<EdgeModelException>(() => ai.Models.Serve(ModelContent.FromBytes("ae", Scaled(2, factor: 0.5f), 2, ofModel)));
        Assert.Equal(("ae", 2L), (error.Model, error.Version));
        Assert.Contains($"features '{ofModel}', and the pipeline makes '{ofPipeline}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_that_says_in_its_file_what_features_it_was_made_for_is_held_to_it()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        await using var ai = EdgeInference.Create(replicas[0]);
        var graph = new OnnxGraph("ae", 1);
        graph.Output("output", graph.Mul(graph.Input("features", 1), [1]));
        graph.Metadata(ModelMetadataKeys.FeatureSet, "spectrum-1");
        ai.Models.Serve(ModelContent.FromBytes("ae", graph.ToArray()));
        var error = await Assert.ThrowsAsync<EdgeModelException>(() => BuildAsync(ai, "raw-1"));
        Assert.Contains("'spectrum-1', and the pipeline makes 'raw-1'", error.Message, StringComparison.Ordinal);
        await using var fits = await BuildAsync(ai, "spectrum-1");
    }

    [Fact]
    public async Task Follower_hears_of_a_version_by_itself()
    {
        await using var replicas = await Replicas.OpenAsync(2);
        await using var gateway = EdgeInference.Create(replicas[0]);
        await using var device = EdgeInference.Create(replicas[1]);
        await using var follower = await device.Models.FollowAsync("ae");
        Assert.Null(device.Models["ae"].Current);
        await RollOutAsync(gateway, Scaled(1, factor: 0), new() { CanaryPercent = [100] });
        await replicas.ConvergeAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (device.Models["ae"].Current is null)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        Assert.Equal(1, device.Models["ae"].Current!.Version);
        Assert.Null(follower.Fault);
    }

    private static Task<InferencePipeline<Reading, Alarm>> BuildAsync(EdgeInference ai, string? featureSet = null)
    {
        var features = ai
            .From(PipelineFixture.Stream())
            .Sliding(key: static r => r.Press, at: static r => r.At, count: 1)
            .Features(1, PipelineFixture.Values);
        return (featureSet is null ? features : features.Named(featureSet))
            .Model("ae")
            .Decide(static (in Inference<Reading, string> r) => r.Score > 1e9f ? new Alarm(r.Key, r.Last.At, r.Score) : null)
            .BuildAsync();
    }

    private static void Play(InferencePipeline<Reading, Alarm> health, int count, ref int played)
    {
        for (var i = 0; i < count; i++)
            health.TryInfer(Reading.Of("press-1", played++, 5), out _);
    }

    private static async Task RollOutAsync(EdgeInference ai, byte[] onnx, RolloutPlan plan)
    {
        var version = OnnxFile.TryRead(onnx)!.Version!.Value;
        await ai.Models.RollOutAsync(await ai.Models.PublishAsync("ae", new MemoryStream(onnx), new(version)), plan);
    }

    // With the greatest factor, rows that are far from zero overflow; those of the warm-up may not.
    private static byte[] Scaled(long version, float factor)
    {
        var graph = new OnnxGraph("ae", version);
        graph.Output("output", graph.Mul(graph.Input("features", 1), [factor]));
        return graph.ToArray();
    }
}
