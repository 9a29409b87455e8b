using System.Diagnostics;
using System.Globalization;
using Edge.Sync.Inference;

namespace Edge.Sync.Benchmarks.Inference;

/// <summary>Ten times as many readings as can be judged, with a deadline of 5 ms; and the same without a bound, for comparison.</summary>
internal static class OverloadBenchmark
{
    private static readonly TimeSpan s_service = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan s_deadline = TimeSpan.FromMilliseconds(5);

    public static async Task<bool> RunAsync()
    {
        var isRight = true;
        foreach (var (name, load) in new[] { ("half of what can be done", 0.5), ("10 times as much", 10.0) })
        {
            await using var ai = new EdgeInference(new());
            await using var pipeline = await ai.From(Paced(load, TimeSpan.FromSeconds(2)))
                .Sliding(static _ => 0, static second => new DateTimeOffset(second * TimeSpan.TicksPerSecond, TimeSpan.Zero), count: 1)
                .Features(1, static (_, features) => features[0] = 1)
                .Model(ModelContent.FromFunction("busy", 1, 1, Busy), ModelScore.FirstOutput)
                .Within(s_deadline, ShedPolicy.DropOldest, capacity: (int)(s_deadline / s_service / 2))
                .Decide(static (in Inference<long, int> r) => r.Score > 1e9f ? "alarm" : null)
                .BuildAsync();
            await pipeline.RunAsync();
            var m = pipeline.Metrics;
            var isExact = m.Offered == m.Done + m.Shed + m.Expired && m.Queued == 0;
            isRight &= isExact;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"overload, {name}: offered {m.Offered} = done {m.Done} + shed {m.Shed} + expired {m.Expired}: {(isExact ? "exactly" : "WRONG")}; accepted p50 {m.LatencyP50.TotalMilliseconds:0.00} ms, p99 {m.LatencyP99.TotalMilliseconds:0.00}, greatest {m.LatencyMax.TotalMilliseconds:0.00}; begun in time and ended late {m.Overruns}"));
        }
        return isRight;
    }

    private static void Busy(ReadOnlySpan<float> input, Span<float> output)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < s_service)
        {
        }
        output[0] = input[0];
    }

    private static async IAsyncEnumerable<long> Paced(double load, TimeSpan duration)
    {
        await Task.Yield();
        var started = Stopwatch.GetTimestamp();
        for (var number = 0L; ; number++)
        {
            while (Stopwatch.GetElapsedTime(started) is var now && now < number * (s_service / load))
                if (now > duration) yield break;
            if (Stopwatch.GetElapsedTime(started) > duration) yield break;
            yield return number;
        }
    }
}
