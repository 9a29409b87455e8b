using System.Diagnostics;
using System.Globalization;

namespace Edge.Sync.Benchmarks.Store;

/// <summary>The store beside raw SQLite that writes the same bytes, in turns within one run.</summary>
internal static class StoreCommand
{
    public static int Run(string[] args)
    {
        var only = args.Length > 0 ? args[0] : "";
        var folder = Directory.CreateTempSubdirectory("edge-sync-store").FullName;
        try
        {
            if (only is "" or "commit") CommitBenchmark.RunAsync(folder).GetAwaiter().GetResult();
            if (only is "" or "replay") ReplayBenchmark.RunAsync(folder).GetAwaiter().GetResult();
            if (only is "" or "past") PastBenchmark.Run();
            if (only is "opened") OpenBenchmark.ShowAsync(args[1], int.Parse(args[2], CultureInfo.InvariantCulture)).GetAwaiter().GetResult();
            if (only is "" or "open") OpenBenchmark.RunAsync(folder, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000).GetAwaiter().GetResult();
            return 0;
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    public static string Format(double value) => value.ToString(value >= 100 ? "N0" : value >= 10 ? "N1" : "N2", CultureInfo.InvariantCulture);

    public static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
