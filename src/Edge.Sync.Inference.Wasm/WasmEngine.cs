using System.Globalization;
using System.Runtime.InteropServices;
using Wasmtime;

namespace Edge.Sync.Inference.Wasm;

/// <summary>The two engines of a process: one that stops calls by time, and one that counts instructions as well.</summary>
internal sealed class WasmEngine
{
    /// <summary>What a module's stack may take, in bytes.</summary>
    private const int StackBytes = 256 << 10;

    private static readonly Lazy<WasmEngine> s_timed = new(static () => new(isFuelled: false));
    private static readonly Lazy<WasmEngine> s_fuelled = new(static () => new(isFuelled: true));

    private WasmEngine(bool isFuelled)
    {
        using var config = new Config()
            .WithEpochInterruption(true)
            .WithFuelConsumption(isFuelled)
            .WithCraneliftNaNCanonicalization(isFuelled)
            .WithMaximumStackSize(StackBytes)
            .WithWasmThreads(false)
            .WithRelaxedSIMD(false, true)
            .WithMultiMemory(false)
            .WithMemory64(false)
            .WithOptimizationLevel(OptimizationLevel.Speed);
        Engine = new(config);
        Epochs = new(Engine.IncrementEpoch);
        var assembly = typeof(Engine).Assembly.GetName().Version;
        Name = string.Create(CultureInfo.InvariantCulture, $"wasmtime-{assembly}-{RuntimeInformation.RuntimeIdentifier}-{(isFuelled ? "fuel" : "time")}");
    }

    public Engine Engine { get; }

    public EpochClock Epochs { get; }

    /// <summary>What compiled code depends on. The engine itself refuses code for a processor that lacks what it was compiled for.</summary>
    public string Name { get; }

    public static WasmEngine For(WasmLimits limits) => (limits.Fuel is null ? s_timed : s_fuelled).Value;
}
