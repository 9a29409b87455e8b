using Wasmtime;

namespace Edge.Sync.Inference.Wasm;

/// <summary>A module that was checked and compiled: instances of it are quick to make. Safe for several threads.</summary>
internal sealed class WasmCode : IDisposable
{
    private const int AbiVersion = 1;

    private WasmCode(string name, long? version, WasmLimits limits, WasmEngine engine, Module module) =>
        (Name, Version, Limits, Engine, Module) = (name, version, limits, engine, module);

    public string Name { get; }

    public long? Version { get; }

    public WasmLimits Limits { get; }

    public WasmEngine Engine { get; }

    public Module Module { get; }

    /// <summary>Whether bytes say that they are a WebAssembly module.</summary>
    public static bool IsWasm(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\0asm"u8);

    /// <exception cref="EdgeModelException">The module is too large, damaged, has imports, or lacks an export.</exception>
    public static WasmCode Compile(string name, ReadOnlySpan<byte> bytes, WasmLimits limits, WasmCache? cache, long? version = null)
    {
        limits.Validate();
        if (bytes.Length > limits.ModuleBytesMax)
            throw Fault(name, version, $"is {bytes.Length} bytes long; the limit is {limits.ModuleBytesMax}: {nameof(WasmLimits)}.{nameof(WasmLimits.ModuleBytesMax)}");
        // Text is accepted by the engine too; what arrives on a device is binary.
        if (!IsWasm(bytes))
            throw Fault(name, version, "is no WebAssembly module: it does not begin with its magic number");
        var engine = WasmEngine.For(limits);
        Module module;
        try
        {
            module = Load(name, bytes, engine, cache);
        }
        catch (WasmtimeException e)
        {
            throw Fault(name, version, $"is damaged, or uses what is not allowed here (threads, several or 64-bit memories). The engine says: {e.Message}", e);
        }
        if (FindFault(module) is { } fault)
        {
            module.Dispose();
            throw Fault(name, version, fault);
        }
        return new(name, version, limits, engine, module);
    }

    public static EdgeModelException Fault(string name, long? version, string what, Exception? inner = null) => new(name, version, $"The WebAssembly module '{name}' {what}.", inner);

    public EdgeModelException Fault(string what, Exception? inner = null) => Fault(Name, Version, what, inner);

    public void Dispose() => Module.Dispose();

    private static Module Load(string name, ReadOnlySpan<byte> bytes, WasmEngine engine, WasmCache? cache)
    {
        if (cache is null)
            return Module.FromBytes(engine.Engine, name, bytes);
        var hash = ModelHash.Of(bytes);
        if (cache.TryRead(hash, engine.Name) is { } code)
            try
            {
                return Module.Deserialize(engine.Engine, name, code);
            }
            catch (WasmtimeException)
            {
                // Compiled by another build of the engine, or for another processor.
            }
        var module = Module.FromBytes(engine.Engine, name, bytes);
        cache.Write(hash, engine.Name, module.Serialize());
        return module;
    }

    private static string? FindFault(Module module)
    {
        if (module.Imports.Count > 0)
        {
            var import = module.Imports[0];
            return $"imports '{import.ModuleName}.{import.Name}'; a stage imports nothing, so that it can do nothing but compute. Build it without WASI and without host functions";
        }
        var memory = module.Exports.OfType<MemoryExport>().FirstOrDefault(static e => e.Name == "memory");
        if (memory is null || memory.Is64Bit)
            return "exports no 32-bit memory named 'memory'";
        if (!HasFunction(module, "edge_alloc", parameters: 1, results: 1) || !HasFunction(module, "edge_process", parameters: 4, results: 1))
            return "does not export edge_alloc(i32) -> i32 and edge_process(i32, i32, i32, i32) -> i32";
        if (module.Exports.OfType<FunctionExport>().Any(static e => e.Name == "edge_reset") && !HasFunction(module, "edge_reset", parameters: 0, results: 0))
            return "exports an edge_reset that takes or answers something";
        return module.Exports.OfType<GlobalExport>().Any(static e => e.Name == "edge_abi" && e.Kind == ValueKind.Int32)
            ? null
            : $"exports no global edge_abi of i32; this version of the library speaks {AbiVersion}";
    }

    private static bool HasFunction(Module module, string name, int parameters, int results) =>
        module.Exports.OfType<FunctionExport>().FirstOrDefault(e => e.Name == name) is { } function
        && function.Parameters.Count == parameters && function.Results.Count == results
        && function.Parameters.Concat(function.Results).All(static kind => kind == ValueKind.Int32);

    internal static bool IsSpoken(int abi) => abi == AbiVersion;
}
