namespace Edge.Sync.Inference.Pipeline;

/// <summary>The synchronous heart of a pipeline, without its key's type.</summary>
internal interface IInferenceEngine<T, TDecision> : IDisposable
    where TDecision : class
{
    /// <summary>Takes a reading in and appends the decisions that follow, oldest first. Safe for several threads, one at a time.</summary>
    void Accept(T reading, Queue<TDecision> decisions);

    /// <summary>Lets go what is held back for late readings: none will come.</summary>
    void Flush(Queue<TDecision> decisions);

    InferenceMetrics Metrics { get; }
}
