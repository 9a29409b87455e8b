using System.Diagnostics;
using System.Globalization;
using Edge.Sync.Inference;

namespace Edge.Sync.Benchmarks.Inference;

/// <summary>What is left after a model was loaded and unloaded time after time.</summary>
internal static class MemoryBenchmark
{
    private const int Cycles = 300, Windows = 8;

    public static void Run()
    {
        foreach (var (name, configure) in new (string, Action<EdgeInferenceOptions>)[] { ("ONNX Runtime", static o => o.UseOnnxRuntime()), ("managed", static o => o.UseManaged()) })
        {
            var onnx = Networks.Dense(32, 64, 64, 4);
            void Cycle()
            {
                var options = new EdgeInferenceOptions();
                configure(options);
                var ai = new EdgeInference(options);
                ai.Models.Serve(ModelContent.FromBytes("m", onnx));
                ai.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
            // So many that the collector has had all of its first generation's budget before: that is no leak.
            for (var i = 0; i < 3 * Cycles; i++) Cycle();
            var grown = new double[Windows];
            var before = Resident();
            for (var window = 0; window < Windows; window++)
            {
                for (var i = 0; i < Cycles; i++) Cycle();
                var after = Resident();
                (grown[window], before) = ((after - before) / 1024.0, after);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory, {name}: {Cycles} loads and unloads leave {grown.Average():0} kB more resident, by the mean of {Windows} times ({string.Join(", ", grown.Select(static g => g.ToString("0", CultureInfo.InvariantCulture)))})"));
        }
    }

    private static long Resident()
    {
        Timing.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
