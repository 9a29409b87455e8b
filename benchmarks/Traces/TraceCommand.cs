using System.Globalization;
using System.Text.Json;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>Replays traces and reports medians, with the least and the greatest of all runs.</summary>
internal static class TraceCommand
{
    /// <summary>The figures of the JSON file, in its order.</summary>
    private static readonly (string Key, Func<TraceRun, double?> Get)[] s_figures =
    [
        ("localMs", r => r.LocalMs),
        ("localOneChangeMs", r => r.LocalOneChangeMs),
        ("localWithDeltasMs", r => r.LocalWithDeltasMs),
        ("remoteUsPerEdit", r => r.RemoteUsPerEdit),
        ("deltaBytes", r => r.DeltaBytes),
        ("historyBytes", r => r.HistoryBytes),
        ("stateBytes", r => r.StateBytes),
        ("loadMs", r => r.LoadMs),
        ("loadAndEditMs", r => r.LoadAndEditMs),
        ("mergeOneByOneMs", r => r.MergeOneByOneMs),
        ("mergeBatchMs", r => r.MergeBatchMs),
        ("retainedBytes", r => r.RetainedBytes),
        ("allocatedBytes", r => r.AllocatedBytes),
    ];

    /// <summary>What is printed beside them.</summary>
    private static readonly (string Key, Func<TraceRun, double?> Get)[] s_more =
    [
        ("floor: a bare gap buffer, ms", r => r.FloorMs),
        ("simulate all agents, ms", r => r.SimulateMs),
        ("history: encode, ms", r => r.HistoryEncodeMs),
        ("history: decode and replay, ms", r => r.HistoryDecodeMs),
        ("state: encode, ms", r => r.StateEncodeMs),
        ("bytes held after the first edit", r => r.EditedRetainedBytes),
        ("canonical state, bytes", r => r.CanonicalBytes),
        ("canonical state: encode, ms", r => r.CanonicalEncodeMs),
        ("canonical state: load, ms", r => r.CanonicalLoadMs),
        ("canonical state: load and edit, ms", r => r.CanonicalLoadAndEditMs),
    ];

    public static int Run(string[] args)
    {
        var files = new List<string>();
        var runs = 7;
        string? json = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--runs" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out runs) && runs > 0:
                    i++;
                    break;
                case "--json" when i + 1 < args.Length:
                    json = args[++i];
                    break;
                case ['-', ..]:
                    return Fail($"{args[i]} is no option, or lacks its value. Usage: trace FILE... [--runs N] [--json FILE]");
                default:
                    files.Add(args[i]);
                    break;
            }
        }
        if (files.Count == 0) return Fail("name at least one file. Usage: trace FILE... [--runs N] [--json FILE]");

        // All files are read before any is measured: a wrong name is said at once, not after minutes.
        var traces = new List<(string File, Trace Trace)>();
        var results = new List<(Trace Trace, List<TraceRun> Runs)>();
        foreach (var file in files)
        {
            try { traces.Add((file, Trace.Load(file))); }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException) { return Fail($"{file}: {e.Message}"); }
        }
        foreach (var (file, trace) in traces)
        {
            try { results.Add((trace, Measure(trace, runs))); }
            catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException) { return Fail($"{file}: a patch does not fit the text before it: {e.Message}"); }
        }
        if (json is not null) WriteJson(json, results);
        return results.TrueForAll(r => r.Runs.TrueForAll(run => run.Ok)) ? 0 : 1;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"trace: {message}");
        return 2;
    }

    private static List<TraceRun> Measure(Trace trace, int runs)
    {
        TraceRun.WarmUp(trace);
        var all = new List<TraceRun>();
        for (var i = 0; i < runs; i++) all.Add(TraceRun.Of(trace));
        Console.WriteLine($"{trace.Name}: {trace.PatchCount:N0} edits, {(all.TrueForAll(r => r.Ok) ? "text right" : "TEXT WRONG")}, "
            + $"{(all.TrueForAll(r => r.ConvergedAfterShuffle) ? "converged" : "NOT CONVERGED")}, median (least .. greatest) of {runs}");
        foreach (var (key, get) in s_figures.Concat(s_more))
            if (Sorted(all, get) is { Length: > 0 } values) Console.WriteLine(Timing.Line(key, values));
        return all;
    }

    private static void WriteJson(string path, List<(Trace, List<TraceRun>)> results)
    {
        using var stream = File.Create(path);
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach (var (trace, runs) in results)
        {
            writer.WriteStartObject();
            writer.WriteString("trace", trace.Name);
            writer.WriteString("kind", trace.IsConcurrent ? "concurrent" : "sequential");
            writer.WriteNumber("edits", trace.PatchCount);
            writer.WriteBoolean("ok", runs.TrueForAll(r => r.Ok));
            foreach (var (key, get) in s_figures)
            {
                if (key == "retainedBytes") writer.WriteBoolean("convergedAfterShuffle", runs.TrueForAll(r => r.ConvergedAfterShuffle));
                if (Sorted(runs, get) is { Length: > 0 } values) writer.WriteNumber(key, Math.Round(Timing.Median(values), 4));
                else writer.WriteNull(key);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static double[] Sorted(List<TraceRun> runs, Func<TraceRun, double?> get) =>
        [.. runs.Select(get).Where(v => v is not null).Select(v => v!.Value).Order()];
}
