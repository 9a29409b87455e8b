using System.Diagnostics.CodeAnalysis;

namespace Edge.Sync.Inference.Backends.Managed;

/// <summary>Runs small dense networks in managed code: no native library, no call into one, which for such models is most of the time.</summary>
/// <param name="parametersMax">Larger networks are left to the next backend.</param>
internal sealed class ManagedBackend(int parametersMax) : IInferenceBackend
{
    /// <summary>Below this, managed code was measured to be faster than ONNX Runtime.</summary>
    public const int ParametersMaxDefault = 8_192;

    public string Name => "managed";

    public bool TryLoad(ModelContent content, [NotNullWhen(true)] out ILoadedModel? model, [NotNullWhen(false)] out string? reason)
    {
        model = null;
        // Names and metadata aside, so many parameters take so many bytes; what is far larger need not be read.
        if (content.Function is not null || content.GetSize() > 64 * 1024 + (long)parametersMax * 8)
        {
            reason = $"it is larger than {parametersMax} parameters, or no ONNX model";
            return false;
        }
        if (!DenseNetwork.TryRead(content.Read()!.Value.Span, out var network, out reason))
            return false;
        if (network.Parameters > parametersMax)
        {
            reason = $"it has {network.Parameters} parameters, and the limit of the managed backend is {parametersMax}";
            return false;
        }
        model = network;
        return true;
    }
}
