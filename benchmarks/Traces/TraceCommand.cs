using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>Replays traces and reports medians, with the least and the greatest of all runs.</summary>
internal static class TraceCommand
{
    private static readonly (string Key, Func<TraceRun, double?> Get)[] s_figures =
    [
        ("localMs", r => r.LocalMs),
        ("localOneChangeMs", r => r.LocalOneChangeMs),
        ("localWithDeltasMs", r => r.LocalWithDeltasMs),
        ("simulateMs", r => r.SimulateMs),
        ("remoteUsPerEdit", r => r.RemoteUsPerEdit),
        ("deltaBytes", r => r.DeltaBytes),
        ("stateBytes", r => r.StateBytes),
        ("compactMs", r => r.CompactMs),
        ("loadMs", r => r.LoadMs),
        ("firstEditMs", r => r.FirstEditMs),
        ("mergeMs", r => r.MergeMs),
        ("retainedBytes", r => r.RetainedBytes),
        ("editedRetainedBytes", r => r.EditedRetainedBytes),
        ("canonicalBytes", r => r.CanonicalBytes),
        ("encodeMs", r => r.EncodeMs),
        ("canonicalLoadMs", r => r.CanonicalLoadMs),
        ("canonicalFirstEditMs", r => r.CanonicalFirstEditMs),
        ("allocatedBytes", r => r.AllocatedBytes),
    ];

    public static int Run(string[] args)
    {
        var files = new List<string>();
        var runs = 7;
        string? json = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--runs" && i + 1 < args.Length) runs = int.Parse(args[++i], CultureInfo.InvariantCulture);
            else if (args[i] == "--json" && i + 1 < args.Length) json = args[++i];
            else files.Add(args[i]);
        }
        if (files.Count == 0)
        {
            Console.Error.WriteLine("trace: name at least one file.");
            return 2;
        }
        var results = files.ConvertAll(file => Measure(Trace.Load(file), runs));
        if (json is not null)
        {
            using var stream = File.Create(json);
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            writer.WriteStartArray();
            foreach (var (trace, all) in results) Write(writer, trace, all);
            writer.WriteEndArray();
        }
        return results.TrueForAll(r => r.Runs.TrueForAll(run => run.Ok)) ? 0 : 1;
    }

    private static (Trace Trace, List<TraceRun> Runs) Measure(Trace trace, int runs)
    {
        // Until the runtime has compiled the hot paths for good, which takes it about a second of use.
        var start = Stopwatch.GetTimestamp();
        do TraceRun.Of(trace);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < 2);

        var all = new List<TraceRun>();
        for (var i = 0; i < runs; i++) all.Add(TraceRun.Of(trace));
        Console.WriteLine($"{trace.Name}: {trace.PatchCount:N0} edits, {(all.TrueForAll(r => r.Ok) ? "text right" : "TEXT WRONG")}, median (least .. greatest) of {runs}");
        foreach (var (key, get) in s_figures)
            if (Sorted(all, get) is { Length: > 0 } values)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {key,-22} {Median(values),14:#,0.###}   ({values[0]:#,0.###} .. {values[^1]:#,0.###})"));
        return (trace, all);
    }

    private static void Write(Utf8JsonWriter writer, Trace trace, List<TraceRun> runs)
    {
        writer.WriteStartObject();
        writer.WriteString("trace", trace.Name);
        writer.WriteString("kind", trace.IsConcurrent ? "concurrent" : "sequential");
        writer.WriteNumber("edits", trace.PatchCount);
        writer.WriteBoolean("ok", runs.TrueForAll(r => r.Ok));
        WriteFigures(writer, runs, Median);
        writer.WriteStartObject("least");
        WriteFigures(writer, runs, values => values[0]);
        writer.WriteEndObject();
        writer.WriteStartObject("greatest");
        WriteFigures(writer, runs, values => values[^1]);
        writer.WriteEndObject();
        writer.WriteNumber("runs", runs.Count);
        writer.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter writer, List<TraceRun> runs, Func<double[], double> pick)
    {
        foreach (var (key, get) in s_figures)
        {
            if (Sorted(runs, get) is { Length: > 0 } values) writer.WriteNumber(key, Math.Round(pick(values), 4));
            else writer.WriteNull(key);
        }
    }

    private static double[] Sorted(List<TraceRun> runs, Func<TraceRun, double?> get) =>
        [.. runs.Select(get).Where(v => v is not null).Select(v => v!.Value).Order()];

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
}
