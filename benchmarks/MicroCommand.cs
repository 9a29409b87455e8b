using System.Diagnostics;
using System.Globalization;
using Edge.Sync.Benchmarks.Traces;

namespace Edge.Sync.Benchmarks;

/// <summary>All cases that need no file: those of text, and those of the other types.</summary>
internal static class MicroCommand
{
    public static int Run(string[] args, params ReadOnlySpan<Func<int, bool>> suites)
    {
        var runs = 15;
        if (args is not [] && !(args is ["--runs", var n] && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out runs) && runs > 0))
        {
            Console.Error.WriteLine("micro: usage: micro [--runs N]");
            return 2;
        }
        Console.WriteLine($"ms, median (least .. greatest) of {runs}, warmed up; NaN where a result was wrong");
        var isRight = true;
        foreach (var suite in suites) isRight &= suite(runs);
        return isRight ? 0 : 1;
    }

    /// <summary>Measures and prints one case; false where its result was wrong.</summary>
    public static bool Report(string name, int runs, Func<double> action)
    {
        // The runtime compiles the quick paths for good after about a second of use; before, they take several times as long.
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 2 || Stopwatch.GetElapsedTime(start).TotalSeconds < 1.5; i++) action();
        var times = new double[runs];
        foreach (ref var time in times.AsSpan())
        {
            Timing.Collect();
            time = action();
        }
        Console.WriteLine(Timing.Line(name, times));
        return !times.Any(double.IsNaN);
    }
}
