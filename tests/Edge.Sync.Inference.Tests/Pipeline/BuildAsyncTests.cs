using Edge.Sync.Inference.Onnx;
using Edge.Sync.Inference.Tests.Models;

namespace Edge.Sync.Inference.Tests.Pipeline;

public class BuildAsyncTests
{
    [Fact]
    public async Task Model_of_another_width_is_refused_with_both_widths()
    {
        var error = await FailAsync(s => s.Features(3, PipelineFixture.Values).Model(TestModels.Zero(4), "press"));

        Assert.Equal((EdgeErrorCode.InvalidModel, "press", 1L), (error.Code, error.Model, error.Version));
        Assert.Contains("takes 4 features and the pipeline makes 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_file_is_an_error_of_building_not_of_writing_the_pipeline_down()
    {
        var error = await FailAsync(s => s.Features(3, PipelineFixture.Values).Model(ModelContent.FromFile("nowhere/press.onnx")));
        Assert.Contains("nowhere/press.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_that_is_no_autoencoder_needs_a_score()
    {
        var graph = new OnnxGraph("classifier");
        graph.Output("y", graph.Sigmoid(graph.Gemm(graph.Input("x", 3), new float[3], [5f])));
        var bytes = graph.ToArray();
        Assert.Contains("FirstOutput", (await FailAsync(s => s.Features(3, PipelineFixture.Values).Model(bytes, "c"))).Message, StringComparison.Ordinal);

        await using var ai = PipelineFixture.Create();
        await using var pipeline = await Windows(ai).Features(3, PipelineFixture.Values).Model(bytes, "c", ModelScore.FirstOutput).Above(0.9f).BuildAsync(TestContext.Current.CancellationToken);
        Assert.True(pipeline.TryInfer(Reading.Of("a", 1), out var alarm));
        Assert.Equal(0.9933f, alarm.Score, 1e-4f);
    }

    [Fact]
    public async Task Normalisation_by_metadata_equals_that_by_the_same_numbers()
    {
        await using var ai = PipelineFixture.Create();
        var carrying = TestModels.Zero(2, g =>
        {
            g.Metadata(ModelMetadataKeys.Mean, [1f, 2f]);
            g.Metadata(ModelMetadataKeys.Scale, [0.5f, 4f]);
        });
        await using var carried = await Windows(ai, 2).Features(2, PipelineFixture.Values).Normalize().Model(carrying, "m").Above(-1).BuildAsync(TestContext.Current.CancellationToken);
        await using var given = await Windows(ai, 2).Features(2, PipelineFixture.Values).Normalize([1f, 2f], [0.5f, 4f]).Model(TestModels.Zero(2), "m").Above(-1).BuildAsync(TestContext.Current.CancellationToken);
        carried.TryInfer(Reading.Of("a", 1, 3), out _);
        given.TryInfer(Reading.Of("a", 1, 3), out _);
        carried.TryInfer(Reading.Of("a", 2, 10), out var one);
        given.TryInfer(Reading.Of("a", 2, 10), out var other);

        // (3 - 1) / 0.5 = 4 and (10 - 2) / 4 = 2, so the root mean square is √10.
        Assert.Equal(Math.Sqrt(10), one!.Score, 1e-6);
        Assert.Equal(one, other);
    }

    [Theory]
    [InlineData(null, "1", "no metadata 'edge.features.mean'")]
    [InlineData("0", null, "no metadata 'edge.features.scale'")]
    [InlineData("0,x", "1", "entry 2 is 'x'")]
    [InlineData("0,0,0", "1", "3 means and 2 scales for 2 features")]
    [InlineData("0", "0", "a scale is 0")]
    [InlineData("NaN", "1", "a mean is NaN")]
    [InlineData("0", "1,Infinity", "a scale is Infinity")]
    public async Task Bad_metadata_are_named(string? mean, string? scale, string expected)
    {
        var bytes = TestModels.Zero(2, g =>
        {
            if (mean is not null)
                g.Metadata(ModelMetadataKeys.Mean, mean);
            if (scale is not null)
                g.Metadata(ModelMetadataKeys.Scale, scale);
        });
        var error = await FailAsync(s => s.Features(2, PipelineFixture.Values).Normalize().Model(bytes, "m"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scores_are_told_in_the_unit_that_the_model_carries()
    {
        await using var ai = PipelineFixture.Create();
        var model = TestModels.Zero(1, static g => g.Metadata(ModelMetadataKeys.ScoreScale, "0.5"));
        await using var pipeline = await Windows(ai).Features(1, PipelineFixture.Values).Model(model, "m").Above(-1).BuildAsync(TestContext.Current.CancellationToken);

        Assert.True(pipeline.TryInfer(Reading.Of("a", 1, 3), out var alarm));
        Assert.Equal(6, alarm.Score);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("1,2")]
    [InlineData("one")]
    public async Task Bad_unit_of_scores_is_named(string scale)
    {
        var bytes = TestModels.Zero(1, g => g.Metadata(ModelMetadataKeys.ScoreScale, scale));
        var error = await FailAsync(s => s.Features(1, PipelineFixture.Values).Model(bytes, "m"));
        Assert.Contains(ModelMetadataKeys.ScoreScale, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slips_of_the_caller_are_told_at_once()
    {
        var ai = PipelineFixture.Create();
        var source = ai.From(PipelineFixture.Stream());
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Sliding(static r => r.Press, static r => r.At, count: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Sliding(static r => r.Press, static r => r.At, count: 1, TimeSpan.FromTicks(-1)));
        var features = Windows(ai).Features(2, PipelineFixture.Values);
        Assert.Throws<ArgumentException>(() => features.Normalize([1f], [1f]));
        Assert.Throws<ArgumentException>(() => features.Normalize(0, 0));
        Assert.Throws<ArgumentException>(() => features.Model(ModelContent.FromFile("")));
        Assert.Throws<ArgumentOutOfRangeException>(() => PipelineFixture.Create(o => o.KeysMax = 0));
    }

    private static WindowStage<Reading, string> Windows(EdgeInference ai, int count = 1) =>
        ai.From(PipelineFixture.Stream()).Sliding(static r => r.Press, static r => r.At, count);

    private static async Task<EdgeModelException> FailAsync(Func<WindowStage<Reading, string>, ModelStage<Reading, string>> stages)
    {
        await using var ai = PipelineFixture.Create();
        return await Assert.ThrowsAsync<EdgeModelException>(() => stages(Windows(ai)).Above(1).BuildAsync(TestContext.Current.CancellationToken));
    }
}
