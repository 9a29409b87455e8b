using System.Diagnostics;
using System.Globalization;

namespace Edge.Sync.Benchmarks.Inference;

/// <summary>Times several ways to do one thing, in turns, so that what else the machine does falls on all alike.</summary>
internal static class Turns
{
    private const int Rounds = 31;

    /// <summary>Prints nanoseconds a call, median and least of many rounds, and bytes a call; answers with the medians and the leasts.</summary>
    public static (double Median, double Least)[] Measure(int calls, params ReadOnlySpan<(string Name, Action<int> Run)> ways)
    {
        var times = new double[ways.Length][];
        var bytes = new long[ways.Length];
        for (var way = 0; way < ways.Length; way++)
        {
            times[way] = new double[Rounds];
            // The runtime compiles for good only after a while.
            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started).TotalMilliseconds < 300) ways[way].Run(calls / 10 + 1);
        }
        for (var round = 0; round < Rounds; round++)
            for (var way = 0; way < ways.Length; way++)
            {
                var (started, allocated) = (Timing.Now, GC.GetAllocatedBytesForCurrentThread());
                ways[way].Run(calls);
                times[way][round] = (Timing.Now - started) * 1e6 / calls;
                bytes[way] = GC.GetAllocatedBytesForCurrentThread() - allocated;
            }
        var results = new (double, double)[ways.Length];
        for (var way = 0; way < ways.Length; way++)
        {
            Array.Sort(times[way]);
            results[way] = (Timing.Median(times[way]), times[way][0]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {ways[way].Name,-58} {results[way].Item1,10:#,0} ns  (least {times[way][0],9:#,0})  {bytes[way] / (double)calls,8:#,0.#} B"));
        }
        return results;
    }
}
