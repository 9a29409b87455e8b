using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference.Pipeline;

/// <summary>What a pipeline needs of the <c>EdgeInference</c> that owns it.</summary>
internal interface IPipelineHost
{
    EdgeInferenceOptions Options { get; }

    /// <summary>Where decisions are saved; null in a test without one.</summary>
    EdgeDatabase? Database { get; }

    ModelHost Models { get; }

    ModelRegistry Registry { get; }

    /// <summary>Takes a pipeline in, to be disposed with it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed itself.</exception>
    void Own(IAsyncDisposable pipeline);

    void Disown(IAsyncDisposable pipeline);
}
