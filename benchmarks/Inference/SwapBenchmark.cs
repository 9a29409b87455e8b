using System.Diagnostics;
using System.Globalization;
using Edge.Sync.Inference;

namespace Edge.Sync.Benchmarks.Inference;

/// <summary>300 versions, one after another, under a pipeline that infers without pause.</summary>
internal static class SwapBenchmark
{
    public static bool Run()
    {
        const int Swaps = 300;
        var isRight = true;
        foreach (var (name, widths) in new (string, int[])[] { ("2 kB", [24, 8, 24]), ("100 kB", [24, 480, 24]) })
        {
            var onnx = Networks.Dense(widths);
            var ai = new EdgeInference(new EdgeInferenceOptions().UseOnnxRuntime());
            ai.Models.Serve(ModelContent.FromBytes("m", onnx, version: 1));
            var (last, regressions) = (0L, 0);
            var pipeline = ai.From(Nothing())
                .Sliding(static _ => 0, static second => new DateTimeOffset(second * TimeSpan.TicksPerSecond, TimeSpan.Zero), count: 1)
                .Features(24, static (_, features) => features.Fill(0.1f))
                .Model("m")
                .Decide((in Inference<long, int> r) =>
                {
                    if (r.Model.Version < last) regressions++;
                    last = r.Model.Version!.Value;
                    return "done";
                })
                .BuildAsync().GetAwaiter().GetResult();
            using var stop = new CancellationTokenSource();
            var (offered, decided) = (0L, 0L);
            var load = Task.Factory.StartNew(() =>
            {
                while (!stop.IsCancellationRequested)
                    decided += pipeline.TryInfer(offered++, out _) ? 1 : 0;
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var times = new double[Swaps];
            for (var swap = 0; swap < Swaps; swap++)
            {
                var started = Stopwatch.GetTimestamp();
                ai.Models.Serve(ModelContent.FromBytes("m", onnx.ToArray(), version: swap + 2));
                times[swap] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
            stop.Cancel();
            load.GetAwaiter().GetResult();
            Array.Sort(times);
            var m = pipeline.Metrics;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Swaps} swaps of a model of {name} ({onnx.Length} bytes) under load: {offered} readings, {offered - decided} lost, {regressions} by an older version, {m.Failed + m.NotFinite} failed, {m.Swaps} swaps; serving {Timing.Median(times):0.00} ms after arrival (least {times[0]:0.00}, p95 {times[(int)(0.95 * Swaps)]:0.00}); reading p99 {m.LatencyP99.TotalMicroseconds:0.0} µs"));
            isRight &= offered == decided && regressions == 0 && m.Swaps == Swaps && m.Failed == 0;
            ai.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        return isRight;
    }

    private static async IAsyncEnumerable<long> Nothing()
    {
        await Task.CompletedTask;
        yield break;
    }
}
