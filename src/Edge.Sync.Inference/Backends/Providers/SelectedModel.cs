namespace Edge.Sync.Inference.Backends.Providers;

/// <summary>A model with the reasons why it does not run where it was meant to.</summary>
internal sealed class SelectedModel(ILoadedModel inner, IReadOnlyList<ProviderFallback> fallbacks) : ILoadedModel
{
    public int InputWidth => inner.InputWidth;

    public int OutputWidth => inner.OutputWidth;

    public long? Version => inner.Version;

    public IReadOnlyDictionary<string, string> Metadata => inner.Metadata;

    public string Place => inner.Place;

    public long MemoryBytes => inner.MemoryBytes;

    public IReadOnlyList<ProviderFallback> Fallbacks => fallbacks;

    public IModelRunner CreateRunner(int rows) => inner.CreateRunner(rows);

    public void Dispose() => inner.Dispose();
}
