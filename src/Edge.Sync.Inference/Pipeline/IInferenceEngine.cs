using Edge.Sync.Inference.Decisions;

namespace Edge.Sync.Inference.Pipeline;

/// <summary>The synchronous heart of a pipeline, without its key's type. Safe for several threads, one at a time.</summary>
internal interface IInferenceEngine<T, TDecision>
    where TDecision : class
{
    /// <summary>Takes a reading in and appends the decisions that follow, oldest first.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="arrivedAt">When it came: a timestamp of the clock.</param>
    /// <param name="isExpired">It came too late to be judged: it enters its windows, and the model is not asked.</param>
    /// <param name="mayWait">Windows may wait for more to make a batch, until <see cref="Complete"/>.</param>
    /// <param name="decisions">Where decisions go.</param>
    /// <exception cref="EdgeModelException">The model, or a stage around it, failed. The reading is in its windows, and counted.</exception>
    void Accept(T reading, long arrivedAt, bool isExpired, bool mayWait, Queue<Decided<TDecision>> decisions);

    /// <summary>Judges what waits for a batch.</summary>
    void Complete(Queue<Decided<TDecision>> decisions);

    /// <summary>Says that no reading before an instant will come: what waited for it goes on.</summary>
    void MoveTo(DateTimeOffset instant, Queue<Decided<TDecision>> decisions);

    /// <summary>Lets go what is held back for late readings, and closes all windows of time: none will come.</summary>
    void Flush(Queue<Decided<TDecision>> decisions);

    /// <summary>The next alarm about drift, if there is one.</summary>
    bool TryTakeDrift(out DriftAlarm alarm);

    InferenceMetrics Metrics { get; }

    /// <summary>From now on, nothing is accepted.</summary>
    void Stop();
}
