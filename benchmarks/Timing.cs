using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Edge.Sync.Benchmarks;

/// <summary>How time and memory are measured everywhere here.</summary>
internal static class Timing
{
    /// <summary>Whether the processor's time is measured, not the clock's: on a machine that others load, a case of 10 ms is interrupted several times.</summary>
    public static bool IsOfProcessor { get; set; }

    /// <summary>Milliseconds since some moment.</summary>
    public static double Now => IsOfProcessor ? Environment.CpuUsage.TotalTime.TotalMilliseconds : Stopwatch.GetTimestamp() * 1000.0 / Stopwatch.Frequency;

    public static double Time(Action action)
    {
        var start = Now;
        action();
        return Now - start;
    }

    /// <summary>The same with nothing left to collect from before.</summary>
    public static double TimeAlone(Action action)
    {
        Collect();
        return Time(action);
    }

    /// <summary>The least of several, for what takes less than a few milliseconds: the collector and other processes only ever add to it.</summary>
    public static double Least(Action action)
    {
        var least = double.MaxValue;
        for (var i = 0; i < 10; i++) least = Math.Min(least, Time(action));
        return least;
    }

    /// <summary>The middle of three: what the collector had left over from before goes at any time, and would be counted against what is held.</summary>
    public static double Retained(Func<object> load)
    {
        var held = new double[3];
        foreach (ref var bytes in held.AsSpan()) bytes = RetainedOnce(load);
        Array.Sort(held);
        return held[1];
    }

    public static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;

    /// <summary>One line: the median, with the least and the greatest.</summary>
    public static string Line(string name, double[] values)
    {
        var sorted = values.Any(double.IsNaN) ? [double.NaN] : values.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"  {name,-76} {Median(sorted),13:#,0.00}   ({sorted[0]:#,0.00} .. {sorted[^1]:#,0.00})");
    }

    public static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    /// <summary>A method of its own: what a loop's variable held in the round before would stay alive and be counted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double RetainedOnce(Func<object> load)
    {
        Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var loaded = load();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(loaded);
        return after - before;
    }
}
