using Edge.Sync.Inference.Backends.Providers;

namespace Edge.Sync.Inference;

/// <summary>Which hardware ONNX Runtime uses, and when it is not trusted with a model.</summary>
/// <remarks>
/// Of this package's own tests, those of providers other than the processor run against fakes: no such hardware was at hand. What is proven is the choice
/// (what is missing, fails, answers wrongly or is slow is left out, with its reason), not the speed of any accelerator.
/// </remarks>
public sealed class OnnxRuntimeOptions
{
    private readonly List<IExecutionProvider> _preferred = [];

    /// <summary>How far answers may be from those of the processor, as a share of the greatest magnitude of a row.</summary>
    /// <value>The default is 0.01: accelerators compute in half precision.</value>
    public float Tolerance { get; set; } = 0.01f;

    /// <summary>How many times as long as the processor a provider may take.</summary>
    /// <value>The default is 1: it must not be slower.</value>
    public double LatencyRatioMax { get; set; } = 1;

    /// <summary>Adds kinds of hardware, the best first. The processor is always last, whether named or not.</summary>
    public OnnxRuntimeOptions Prefer(params ReadOnlySpan<Accelerator> accelerators)
    {
        foreach (var accelerator in accelerators)
            _preferred.AddRange(OnnxProvider.Of(accelerator));
        return this;
    }

    /// <summary>Adds providers, the best first.</summary>
    public OnnxRuntimeOptions Prefer(params IExecutionProvider[] providers)
    {
        ArgumentNullException.ThrowIfNull(providers);
        _preferred.AddRange(providers);
        return this;
    }

    internal IReadOnlyList<IExecutionProvider> CreateProviders() => _preferred;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Tolerance);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LatencyRatioMax);
    }
}
