using System.Globalization;

namespace Edge.Sync.Benchmarks.Series;

/// <summary>Points a second with their commits, and bytes a point, beside a table of raw SQLite at the same durability in the same run.</summary>
internal static class SeriesCommand
{
    private const int Presses = 10, Rounds = 3;

    public static int Run(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 500_000;
        RunAsync(count).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunAsync(int count)
    {
        foreach (var (name, digits) in ((string, int)[])[("readings with 2 and 1 decimals", 2), ("readings of all digits", 7)])
        {
            Console.WriteLine($"{name}, {count:N0} points of {Presses} presses");
            foreach (var batch in (int[])[1, 100, 1000, 16_384])
                await AppendAsync(Points(batch == 1 ? count / 20 : count, digits), batch);
            await ReadAsync(Points(count, digits));
        }
    }

    private static async Task AppendAsync(Sensor[] points, int batch)
    {
        var (ours, raw, ourBytes, rawBytes) = (new double[Rounds], new double[Rounds], 0L, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var folder = Directory.CreateTempSubdirectory("edge-sync-series").FullName;
            try
            {
                await using (var db = await EdgeDatabase.OpenAsync(Path.Combine(folder, "a.db")))
                {
                    var series = db.Series<Sensor>();
                    var start = Timing.Now;
                    for (var i = 0; i < points.Length; i += batch)
                        await series.AppendAsync(points.AsMemory(i, Math.Min(batch, points.Length - i)));
                    ours[round] = points.Length / (Timing.Now - start) * 1000;
                }
                ourBytes = new FileInfo(Path.Combine(folder, "a.db")).Length;
                using (var rows = new RawPoints(Path.Combine(folder, "raw.db")))
                {
                    var start = Timing.Now;
                    for (var i = 0; i < points.Length; i += batch)
                        rows.Append(points.AsSpan(i, Math.Min(batch, points.Length - i)));
                    raw[round] = points.Length / (Timing.Now - start) * 1000;
                }
                rawBytes = new FileInfo(Path.Combine(folder, "raw.db")).Length;
            }
            finally { Directory.Delete(folder, recursive: true); }
        }
        Show($"{batch:N0} a call", ours, raw, "points/s");
        if (batch > 1) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"",-22} file: {ourBytes / (double)points.Length,6:N2} bytes a point, raw {rawBytes / (double)points.Length:N2}"));
    }

    private static async Task ReadAsync(Sensor[] points)
    {
        var folder = Directory.CreateTempSubdirectory("edge-sync-series").FullName;
        try
        {
            await using var db = await EdgeDatabase.OpenAsync(Path.Combine(folder, "a.db"));
            using var rows = new RawPoints(Path.Combine(folder, "raw.db"));
            var series = db.Series<Sensor>();
            await series.AppendAsync(points);
            rows.Append(points);
            var (from, press) = (points[points.Length / 2].At, points[0].Press);
            var (ours, raw, ourBuckets, rawBuckets) = (new double[Rounds], new double[Rounds], new double[Rounds], new double[Rounds]);
            for (var round = 0; round < Rounds; round++)
            {
                var start = Timing.Now;
                for (var i = 0; i < 20; i++) Assert(await series.Of(press).Between(from, from.AddHours(1)).ToListAsync() is { Count: > 3000 });
                ours[round] = 20 * 3600 / (Timing.Now - start) * 1000;
                start = Timing.Now;
                for (var i = 0; i < 20; i++) Assert(rows.Read(press, from, from.AddHours(1)) > 3000);
                raw[round] = 20 * 3600 / (Timing.Now - start) * 1000;
                start = Timing.Now;
                for (var i = 0; i < 5; i++) Assert((await series.Of(press).DownsampleAsync(TimeSpan.FromMinutes(1))).Count > 100);
                ourBuckets[round] = 5 * points.Length / Presses / (Timing.Now - start) * 1000;
                start = Timing.Now;
                for (var i = 0; i < 5; i++) Assert(rows.Downsample(press, TimeSpan.FromMinutes(1)) > 100);
                rawBuckets[round] = 5 * points.Length / Presses / (Timing.Now - start) * 1000;
            }
            Show("an hour, read", ours, raw, "points/s");
            Show("all, by the minute", ourBuckets, rawBuckets, "points/s");
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static Sensor[] Points(int count, int digits)
    {
        var random = new Random(1);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var names = Enumerable.Range(1, Presses).Select(static i => $"press {i}").ToArray();
        var temperatures = new double[Presses];
        var points = new Sensor[count];
        for (var i = 0; i < count; i++)
        {
            // Once a second, a walk with noise.
            ref var temperature = ref temperatures[i % Presses];
            temperature += (random.NextDouble() - 0.5) * 0.2 - temperature * 0.001;
            points[i] = new(names[i % Presses], start.AddSeconds(i / Presses), (float)Math.Round(0.4 + random.NextDouble() * 0.2, digits), (float)Math.Round(61 + temperature, Math.Max(1, digits - 1)));
        }
        return points;
    }

    private static void Show(string what, double[] ours, double[] raw, string unit)
    {
        Array.Sort(ours);
        Array.Sort(raw);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-22} {ours[Rounds / 2],12:N0} {unit} ({ours[0]:N0} .. {ours[^1]:N0}), raw {raw[Rounds / 2]:N0} ({raw[0]:N0} .. {raw[^1]:N0}), ratio {ours[Rounds / 2] / raw[Rounds / 2]:N2}"));
    }

    private static void Assert(bool condition)
    {
        if (!condition) throw new InvalidOperationException("A query gave something else than it should.");
    }
}
