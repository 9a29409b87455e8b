namespace Edge.Sync.Inference;

/// <summary>What a decision is made from. Its spans are valid only inside the callback, which is why it cannot leave it.</summary>
public readonly ref struct Inference<T, TKey>
{
    private readonly ReadOnlySpan<float> _raw;

    internal Inference(TKey key, ReadOnlySpan<T> window, ReadOnlySpan<float> raw, ReadOnlySpan<float> features, ReadOnlySpan<float> output, float score, ServedModel model)
    {
        Key = key;
        Window = window;
        _raw = raw;
        Features = features;
        Output = output;
        Score = score;
        Model = model;
    }

    /// <summary>The key whose window this is.</summary>
    public TKey Key { get; }

    /// <summary>The window's readings, oldest first.</summary>
    public ReadOnlySpan<T> Window { get; }

    /// <summary>The newest reading of the window.</summary>
    public ref readonly T Last => ref Window[^1];

    /// <summary>What the model was given: the features after normalising.</summary>
    public ReadOnlySpan<float> Features { get; }

    /// <summary>What the model answered.</summary>
    public ReadOnlySpan<float> Output { get; }

    /// <summary>The score of the answer, divided by <see cref="ModelMetadataKeys.ScoreScale"/> if the model has one; always finite.</summary>
    public float Score { get; }

    /// <summary>The version that answered.</summary>
    public ServedModel Model { get; }

    /// <summary>What the model was asked about; computed when it is asked for, in about a microsecond and without allocating.</summary>
    public InputVersion InputVersion => InputVersion.Of(_raw);
}

/// <summary>Writes a window's features. It fills all of <paramref name="features"/> (they are 0 before) and keeps neither span.</summary>
/// <param name="window">The readings, oldest first.</param>
/// <param name="features">To be filled.</param>
public delegate void FeatureExtractor<T>(ReadOnlySpan<T> window, Span<float> features);

/// <summary>Makes a decision of an inference, or null. It must be quick and must not call the pipeline.</summary>
public delegate TDecision? DecisionRule<T, TKey, TDecision>(in Inference<T, TKey> inference) where TDecision : class;

/// <summary>Looks at an inference, for instance to keep it for later. It must be quick and must not call the pipeline.</summary>
public delegate void InferenceObserver<T, TKey>(in Inference<T, TKey> inference);
