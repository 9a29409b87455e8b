using Edge.Sync.Inference.Backends.OnnxRuntime;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Sync.Inference.Backends.Providers;

/// <summary>An execution provider of ONNX Runtime.</summary>
/// <param name="name">What reports call it.</param>
/// <param name="accelerator">The hardware.</param>
/// <param name="append">Adds it to a session's options; null for the processor, which every session has. Providers that are not in a build throw here.</param>
internal sealed class OnnxProvider(string name, Accelerator accelerator, Action<SessionOptions>? append) : IExecutionProvider
{
    // What ONNX Runtime calls a kind of hardware differs by vendor; the first that opens a session serves.
    private static readonly (string Registered, Accelerator Accelerator)[] s_known =
    [
        ("QNN", Accelerator.Npu), ("VitisAI", Accelerator.Npu), ("OpenVINO", Accelerator.Npu), ("CoreML", Accelerator.Npu),
        ("DML", Accelerator.Gpu), ("CUDA", Accelerator.Gpu), ("WebGPU", Accelerator.Gpu),
    ];

    public string Name => name;

    public Accelerator Accelerator => accelerator;

    /// <summary>Those that ONNX Runtime has for a kind of hardware, wherever one is built in.</summary>
    public static IEnumerable<IExecutionProvider> Of(Accelerator accelerator) =>
        from provider in s_known
        where provider.Accelerator == accelerator
        select new OnnxProvider($"onnxruntime/{provider.Registered.ToLowerInvariant()}", accelerator, options => options.AppendExecutionProvider(provider.Registered));

    public string? Probe()
    {
        if (append is null)
            return null;
        try
        {
            using var options = new SessionOptions();
            append(options);
            return null;
        }
        // Newer providers are refused by the runtime; older ones are entry points that the library lacks.
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
        {
            return $"it is not in this build of ONNX Runtime, or its driver is missing: {e.Message}";
        }
    }

    public ILoadedModel Load(ModelContent content) => OnnxSession.Open(content, name, append);
}
