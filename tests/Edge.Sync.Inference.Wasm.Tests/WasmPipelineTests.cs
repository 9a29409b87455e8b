using System.Runtime.CompilerServices;

namespace Edge.Sync.Inference.Wasm.Tests;

public class WasmPipelineTests
{
    private static readonly ModelContent s_first = ModelContent.FromFunction("first", 1, 1, static (input, output) => output[0] = input[0]);

    // A busy machine may stop a call that does nothing wrong; these are not about that.
    private static readonly WasmLimits s_patient = WasmLimits.Default with { Deadline = TimeSpan.FromSeconds(10) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stage_computes_before_the_model()
    {
        await using var ai = Create();
        await using var pipeline = await Features(ai).Wasm("double", TestModule.Double, limits: s_patient).Model(s_first, ModelScore.FirstOutput).Decide(Tell).BuildAsync(Cancellation);
        Assert.True(pipeline.TryInfer((1, 3.5f), out var told));
        Assert.Equal("7", told);
    }

    [Fact]
    public async Task Row_that_a_stage_drops_is_counted_and_the_model_is_not_asked()
    {
        await using var ai = Create();
        await using var pipeline = await Features(ai).Wasm("drop", TestModule.With("(i32.const 0)"), limits: s_patient).Model(s_first, ModelScore.FirstOutput).Decide(Tell).BuildAsync(Cancellation);
        Assert.False(pipeline.TryInfer((1, 3.5f), out _));
        Assert.Equal((1, 1, 0), (pipeline.Metrics.Inferences, pipeline.Metrics.Dropped, pipeline.Metrics.Failed));
    }

    [Fact]
    public async Task Stage_that_traps_costs_readings_and_not_the_run()
    {
        await using var ai = Create();
        // Odd instants trap.
        await using var pipeline = await Features(ai, Enumerable.Range(1, 10).Select(static i => (i, (float)(i % 2))))
            .Wasm("odd", TestModule.With("(if (f32.eq (f32.load offset=16 (local.get $in)) (f32.const 1)) (then unreachable)) (local.get $inLen)"), limits: s_patient)
            .Model(s_first, ModelScore.FirstOutput)
            .Decide(Tell)
            .BuildAsync(Cancellation);
        await pipeline.RunAsync(Cancellation);

        Assert.Equal((10, 5, 5), (pipeline.Metrics.Inferences, pipeline.Metrics.Failed, pipeline.Metrics.Decisions));
        Assert.Equal("odd", pipeline.LastFault?.Model);
    }

    [Fact]
    public async Task Module_that_says_its_widths_is_a_model()
    {
        await using var ai = Create(o => o.UseWasm(s_patient).UseManaged());
        await using var pipeline = await ai.From(Stream([])).Sliding(static _ => 0, static r => DateTimeOffset.UnixEpoch.AddSeconds(r.Second), count: 4)
            .Values(4, static r => r.Value)
            .Model(TestModule.Sum, "sum", ModelScore.FirstOutput)
            .Decide(Tell)
            .BuildAsync(Cancellation);
        string? told = null;
        for (var i = 1; i <= 4; i++)
            pipeline.TryInfer((i, i), out told);
        Assert.Equal("10", told);
        Assert.Equal("wasm", pipeline.Model.Current!.Place);
    }

    [Fact]
    public async Task Stage_that_is_named_as_a_model_is_told_what_it_lacks()
    {
        await using var ai = Create(o => o.UseWasm());
        var stage = Features(ai).Model(TestModule.Double, "double", ModelScore.FirstOutput).Decide(Tell);
        Assert.Contains("edge_input_width", (await Assert.ThrowsAsync<EdgeModelException>(() => stage.BuildAsync(Cancellation))).Message, StringComparison.Ordinal);
    }

    private static string Tell(in Inference<(int Second, float Value), int> r) => r.Score.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static EdgeInference Create(Action<EdgeInferenceOptions>? configure = null) =>
        EdgeInference.Create(new EdgeDatabase(new EdgeDatabaseOptions { Path = "never-opened.db" }), configure);

    private static FeatureStage<(int Second, float Value), int> Features(EdgeInference ai, IEnumerable<(int, float)>? readings = null) => ai
        .From(Stream(readings ?? []))
        .Sliding(static _ => 0, static r => DateTimeOffset.UnixEpoch.AddSeconds(r.Second), count: 1)
        .Values(1, static r => r.Value);

    private static async IAsyncEnumerable<(int Second, float Value)> Stream(IEnumerable<(int, float)> readings, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var reading in readings)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return reading;
        }
    }
}
