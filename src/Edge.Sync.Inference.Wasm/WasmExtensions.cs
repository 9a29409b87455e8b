using Edge.Sync.Inference.Wasm;

namespace Edge.Sync.Inference;

/// <summary>WebAssembly in pipelines.</summary>
public static class WasmExtensions
{
    /// <summary>Adds a step in WebAssembly before the model.</summary>
    /// <param name="stage">The features so far.</param>
    /// <param name="name">What errors call the module.</param>
    /// <param name="module">The bytes of a <c>.wasm</c> file without imports; they are compiled once, in a few milliseconds, when this is called.</param>
    /// <param name="outputWidth">Floats that it makes of a row; null for as many as go in.</param>
    /// <param name="limits">What it may take; null for the defaults.</param>
    /// <param name="cache">Keeps what was compiled; null for none.</param>
    /// <exception cref="EdgeModelException">The module is damaged, too large, has imports, lacks an export, or fails at its start.</exception>
    public static FeatureStage<T, TKey> Wasm<T, TKey>(
        this FeatureStage<T, TKey> stage, string name, ReadOnlySpan<byte> module, int? outputWidth = null, WasmLimits? limits = null, WasmCache? cache = null) where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (outputWidth is { } width)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, nameof(outputWidth));
        var code = WasmCode.Compile(name, module, limits ?? WasmLimits.Default, cache);
        return stage.Then(inputWidth => new WasmStage(code, inputWidth, outputWidth ?? inputWidth));
    }

    /// <summary>Runs models that are WebAssembly modules. Other models are left to the backends after it, so add those too.</summary>
    public static EdgeInferenceOptions UseWasm(this EdgeInferenceOptions options, WasmLimits? limits = null, WasmCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Use(new WasmBackend(limits ?? WasmLimits.Default, cache));
    }
}
