using System.Diagnostics.CodeAnalysis;

namespace Edge.Sync.Inference;

/// <summary>What runs models: the seam behind which ONNX Runtime, managed code and others stand. Safe for several threads.</summary>
public interface IInferenceBackend
{
    /// <summary>What reports call it.</summary>
    string Name { get; }

    /// <summary>Opens a model, or declines it with a reason, and the next backend is asked.</summary>
    /// <returns>False where the model is none for this backend.</returns>
    /// <exception cref="EdgeModelException">The model is for this backend and is damaged: no other is asked.</exception>
    bool TryLoad(ModelContent content, [NotNullWhen(true)] out ILoadedModel? model, [NotNullWhen(false)] out string? reason);
}

/// <summary>A model that a backend has opened: rows of floats in, rows of floats out. Safe for several threads; its runners are not.</summary>
public interface ILoadedModel : IDisposable
{
    /// <summary>Floats in a row of the input.</summary>
    int InputWidth { get; }

    /// <summary>Floats in a row of the output.</summary>
    int OutputWidth { get; }

    /// <summary>The version in the model's header; null where it says none.</summary>
    long? Version { get; }

    /// <summary>What the model carries with it; see <see cref="ModelMetadataKeys"/>.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What runs it, such as <c>onnxruntime/cpu</c>.</summary>
    string Place { get; }

    /// <summary>About how much memory it takes, in bytes: what counts against <see cref="EdgeInferenceOptions.MemoryBudget"/>.</summary>
    long MemoryBytes { get; }

    /// <summary>What was preferred and did not serve, in the order in which it was tried.</summary>
    IReadOnlyList<ProviderFallback> Fallbacks { get; }

    /// <summary>Buffers and whatever else one thread needs to run the model. It must be disposed before the model is.</summary>
    /// <param name="rows">Rows that one run may have.</param>
    IModelRunner CreateRunner(int rows);
}

/// <summary>Runs a model in buffers that never move. Not safe for several threads.</summary>
public interface IModelRunner : IDisposable
{
    /// <summary>Rows to be computed, one after another; it stays as it is between runs.</summary>
    Span<float> Input { get; }

    /// <summary>Rows that were computed. Valid until the next run.</summary>
    ReadOnlySpan<float> Output { get; }

    /// <summary>Computes the first <paramref name="rows"/> rows of <see cref="Output"/> from those of <see cref="Input"/>, without allocating.</summary>
    /// <exception cref="EdgeModelException">The model failed.</exception>
    void Run(int rows);
}

/// <summary>A runner around another: the base of what is added by <c>Use</c>.</summary>
public abstract class DelegatingModelRunner(IModelRunner inner) : IModelRunner
{
    /// <summary>The runner inside.</summary>
    protected IModelRunner Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public virtual Span<float> Input => Inner.Input;

    /// <inheritdoc/>
    public virtual ReadOnlySpan<float> Output => Inner.Output;

    /// <inheritdoc/>
    public virtual void Run(int rows) => Inner.Run(rows);

    /// <summary>Disposes the runner inside.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes the runner inside.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            Inner.Dispose();
    }
}
