using System.Diagnostics;
using System.Globalization;
using Edge.Sync.Inference;
using Edge.Sync.Inference.Wasm;
using Wasmtime;

namespace Edge.Sync.Benchmarks.Inference;

/// <summary>A row through a module that doubles it, a new instance, and how late an endless loop is stopped.</summary>
internal static class WasmBenchmark
{
    // The deadline goes by the clock, and a machine that others load may not run a call for a while.
    private static readonly WasmLimits s_patient = WasmLimits.Default with { Deadline = TimeSpan.FromSeconds(10) };

    public static void Run()
    {
        Console.WriteLine("WebAssembly: rows through a stage");
        var module = Module.ConvertText(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "double.wat")));
        using var code = WasmCode.Compile("double", module, s_patient, cache: null);
        using var fuelled = WasmCode.Compile("double", module, s_patient with { Fuel = 1_000_000 }, cache: null);
        foreach (var width in new[] { 8, 256 })
        {
            using var instance = new WasmInstance(code, width, width);
            using var metered = new WasmInstance(fuelled, width, width);
            var (input, output) = (new float[width], new float[width]);
            Turns.Measure(2_000,
                ($"{width} floats, deadline by time", calls => { for (var i = 0; i < calls; i++) instance.Process(input, output); }
            ),
                ($"{width} floats, fuel as well", calls => { for (var i = 0; i < calls; i++) metered.Process(input, output); }
            ));
        }
        Turns.Measure(200, ("instantiate and bind", calls =>
        {
            for (var i = 0; i < calls; i++)
            {
                using var instance = new WasmInstance(code, 8, 8);
                instance.Open();
            }
        }
        ));
        Compiling(module);
        Looping();
    }

    private static void Compiling(byte[] module)
    {
        var folder = Directory.CreateTempSubdirectory("edge-wasm").FullName;
        try
        {
            var cache = new WasmCache(folder, new byte[WasmCache.KeyLengthMin]);
            var first = Timing.Time(() => WasmCode.Compile("double", module, WasmLimits.Default, cache).Dispose());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  compile and keep {first:0.00} ms; from the cache, verified, {Timing.Least(() => WasmCode.Compile("double", module, WasmLimits.Default, cache).Dispose()):0.00} ms"));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static void Looping()
    {
        const double Deadline = 5;
        var loop = Module.ConvertText("""
            (module (memory (export "memory") 1) (global (export "edge_abi") i32 (i32.const 1))
              (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
              (func (export "edge_process") (param i32 i32 i32 i32) (result i32) (loop $l (br $l)) (i32.const 0)))
            """);
        using var code = WasmCode.Compile("loop", loop, WasmLimits.Default with { Deadline = TimeSpan.FromMilliseconds(Deadline), TrapsInARowMax = int.MaxValue }, cache: null);
        using var instance = new WasmInstance(code, 8, 8);
        var late = new double[100];
        foreach (ref var over in late.AsSpan())
        {
            // The instance that was stopped is gone; the new one is not part of the call that is measured.
            instance.Open();
            var started = Stopwatch.GetTimestamp();
            try { instance.Process(new float[8], new float[8]); }
            catch (EdgeModelException) { over = Stopwatch.GetElapsedTime(started).TotalMilliseconds - Deadline; }
        }
        Array.Sort(late);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  an endless loop is stopped {Timing.Median(late):0.00} ms after its deadline of {Deadline} ms (least {late[0]:0.00}, p95 {late[94]:0.00}, greatest {late[99]:0.00}) of 100"));
    }
}
