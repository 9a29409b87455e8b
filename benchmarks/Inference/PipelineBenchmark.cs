using System.Globalization;
using Edge.Sync.Inference;
using Edge.Sync.Inference.Backends.OnnxRuntime;

namespace Edge.Sync.Benchmarks.Inference;

/// <summary>What the way from a reading to a decision costs beyond the model itself.</summary>
internal static class PipelineBenchmark
{
    public static bool Run()
    {
        Console.WriteLine("a reading through window of 24, normalisation, autoencoder 24-8-24, score, rule");
        var onnx = Networks.Dense(24, 8, 24);
        using var session = OnnxSession.Open(ModelContent.FromBytes("bare", onnx));
        using var bare = session.CreateRunner(1);
        var byRuntime = Build(onnx, o => o.UseOnnxRuntime());
        var managed = Build(onnx, o => o.UseManaged());
        var second = 0;
        var results = Turns.Measure(10_000,
            ("bare RunWithBinding", calls => { for (var i = 0; i < calls; i++) bare.Run(1); }
        ),
            ("pipeline over ONNX Runtime", calls => { for (var i = 0; i < calls; i++) byRuntime.TryInfer(new Sample(second++, 0.1f), out _); }
        ),
            ("pipeline over managed code", calls => { for (var i = 0; i < calls; i++) managed.TryInfer(new Sample(second++, 0.1f), out _); }
        ));
        var overhead = results[1].Median - results[0].Median;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  overhead over the bare call: {overhead:0} ns ({overhead / results[0].Median:P1}) by medians, {results[1].Least - results[0].Least:0} ns by leasts"));
        return byRuntime.Metrics is { Failed: 0, NotFinite: 0 };
    }

    private static InferencePipeline<Sample, string> Build(byte[] onnx, Action<EdgeInferenceOptions> configure)
    {
        var options = new EdgeInferenceOptions();
        configure(options);
        return new EdgeInference(options).From(Nothing())
            .Sliding(static r => 0, static r => new DateTimeOffset(r.Second * TimeSpan.TicksPerSecond, TimeSpan.Zero), count: 24)
            .Features(24, static (window, features) => { for (var i = 0; i < window.Length; i++) features[i] = window[i].Value; })
            .Normalize(0.5f, 2)
            .Model(onnx, "ae")
            .Decide(static (in Inference<Sample, int> r) => r.Score > 1e9f ? "alarm" : null)
            .BuildAsync().GetAwaiter().GetResult();
    }

    private static async IAsyncEnumerable<Sample> Nothing()
    {
        await Task.CompletedTask;
        yield break;
    }

    private readonly record struct Sample(long Second, float Value);
}
