using Edge.Sync.Inference.Onnx;

namespace Edge.Sync.Inference.Tests.Models.Distribution;

public class PublishAsyncTests
{
    [Fact]
    public async Task Published_version_arrives_whole_at_another_replica()
    {
        await using var replicas = await Replicas.OpenAsync(2);
        await using var ai = EdgeInference.Create(replicas[0]);
        var file = Dense(width: 200, version: 8);
        Assert.True(file.Length > 256 << 10 && file.Length % (128 << 10) != 0, "the file takes several pieces, and the last is shorter");
        var reference = ScoreHistogram.Of([0.1f, 0.25f, 1e-30f, 3, 3, 3, 7.5f], bins: 4);
        var expires = new DateTimeOffset(2100, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)).AddTicks(9);
        var published = await ai.Models.PublishAsync("press-ae", new MemoryStream(file), new(8, "vibration-24") { VersionFloor = 3, Expires = expires, Scores = reference });

        await replicas.ConvergeAsync();
        await using var other = EdgeInference.Create(replicas[1]);
        var arrived = Assert.Single(await other.Models.ListAsync("press-ae"));
        Assert.Equal(file, await other.Models.ReadAsync(arrived));
        Assert.Equal(published.Id, arrived.Id);
        Assert.Equal(("press-ae", 8L, 3L, "vibration-24"), (arrived.Name, arrived.Version, arrived.Manifest.VersionFloor, arrived.Manifest.FeatureSet));
        Assert.Equal((200, 200, (long)file.Length), (arrived.InputWidth, arrived.OutputWidth, arrived.SizeBytes));
        Assert.Equal(expires.UtcTicks - 9, arrived.Manifest.Expires!.Value.UtcTicks);
        Assert.Equal(reference.Edges, arrived.Manifest.Scores!.Edges);
        Assert.Equal(reference.Counts, arrived.Manifest.Scores.Counts);
        Assert.Empty(await other.Models.VerifyAsync("press-ae"));
        Assert.Empty(await other.Models.ListAsync("press"));
    }

    [Fact]
    public async Task Publishing_the_same_again_writes_nothing()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        await using var ai = EdgeInference.Create(replicas[0]);
        var first = await ai.Models.PublishAsync("ae", new MemoryStream(Dense(8, 1)), new(1));
        var before = await replicas[0].GetVersionAsync();
        var again = await ai.Models.PublishAsync("ae", new MemoryStream(Dense(8, 1)), new(1));
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(before, await replicas[0].GetVersionAsync());
    }

    [Fact]
    public async Task Version_is_one_file_for_ever()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        await using var ai = EdgeInference.Create(replicas[0]);
        await ai.Models.PublishAsync("ae", new MemoryStream(Dense(8, 1)), new(1));
        var error = await Assert.ThrowsAsync<EdgeModelException>(() => ai.Models.PublishAsync("ae", new MemoryStream(Dense(8, 2)), new(1)));
        Assert.Equal(("ae", 1L), (error.Model, error.Version));
        Assert.Contains("higher version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_that_cannot_run_is_not_published()
    {
        await using var replicas = await Replicas.OpenAsync(1);
        await using var ai = EdgeInference.Create(replicas[0], static o => o.ModelBytesMax = 100_000);
        await Assert.ThrowsAsync<EdgeModelException>(() => ai.Models.PublishAsync("ae", new MemoryStream(Dense(8, 1)[..^40]), new(1)));
        var error = await Assert.ThrowsAsync<EdgeModelException>(() => ai.Models.PublishAsync("ae", new MemoryStream(Dense(200, 1)), new(1)));
        Assert.Contains(nameof(EdgeInferenceOptions.ModelBytesMax), error.Message, StringComparison.Ordinal);
        Assert.Empty(await ai.Models.ListAsync("ae"));
        await Assert.ThrowsAsync<ArgumentException>(() => ai.Models.PublishAsync("ae", new MemoryStream(Dense(8, 1)), new(0)));
        await Assert.ThrowsAsync<ArgumentException>(() => ai.Models.PublishAsync("ae", new MemoryStream(Dense(8, 1)), new(2) { VersionFloor = 3 }));
    }

    [Fact]
    public async Task Two_devices_that_publish_one_version_apart_have_one_document()
    {
        await using var replicas = await Replicas.OpenAsync(2);
        await using var alice = EdgeInference.Create(replicas[0]);
        await using var bob = EdgeInference.Create(replicas[1]);
        var one = await alice.Models.PublishAsync("ae", new MemoryStream(Dense(8, 1)), new(1));
        var same = await bob.Models.PublishAsync("ae", new MemoryStream(Dense(8, 1)), new(1));
        Assert.Equal(one.Id, same.Id);
        await replicas.ConvergeAsync();
        Assert.Equal(one.Id, Assert.Single(await alice.Models.ListAsync("ae")).Id);
        Assert.Empty(await bob.Models.VerifyAsync("ae"));
    }

    internal static byte[] Dense(int width, long version)
    {
        var random = new Random((int)version);
        var graph = new OnnxGraph("ae", version);
        var (weights, bias) = TestModels.Layer(random, width, width);
        var row = graph.Gemm(graph.Input("x", width), weights, bias);
        (weights, bias) = TestModels.Layer(random, width, width);
        graph.Output("y", graph.Gemm(graph.Tanh(row), weights, bias));
        return graph.ToArray();
    }
}
