using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Inference.Backends.Providers;

namespace Edge.Sync.Inference.Backends.OnnxRuntime;

/// <summary>Runs ONNX models by ONNX Runtime, on the first of the preferred providers that is there, right and quick; in the end on the processor.</summary>
internal sealed class OnnxRuntimeBackend(OnnxRuntimeOptions options, TimeProvider timeProvider) : IInferenceBackend
{
    public string Name => "onnxruntime";

    public bool TryLoad(ModelContent content, [NotNullWhen(true)] out ILoadedModel? model, [NotNullWhen(false)] out string? reason)
    {
        (model, reason) = (null, null);
        if (content.Function is not null)
        {
            reason = "it is no ONNX model";
            return false;
        }
        model = ProviderSelection.Load(content, options.CreateProviders(), new OnnxProvider("onnxruntime/cpu", Accelerator.Cpu, append: null), options, timeProvider);
        return true;
    }
}
