using Edge.Sync.Inference.Decisions;
using Edge.Sync.Inference.Models;
using Edge.Sync.Inference.Pipeline;

namespace Edge.Sync.Inference;

/// <summary>Last stage: decisions, and where they are kept.</summary>
public sealed class DecisionStage<T, TKey, TDecision>
    where TKey : notnull
    where TDecision : class
{
    private readonly PipelinePlan<T, TKey> _plan;
    private readonly DecisionRule<T, TKey, TDecision> _decide;
    private readonly IDecisionSink<TDecision>? _sink;

    internal DecisionStage(PipelinePlan<T, TKey> plan, DecisionRule<T, TKey, TDecision> decide, IDecisionSink<TDecision>? sink) =>
        (_plan, _decide, _sink) = (plan, decide, sink);

    /// <summary>Keeps each decision of <see cref="InferencePipeline{T, TDecision}.RunAsync"/> in a document: only insights are replicated.</summary>
    /// <param name="documents">Where.</param>
    /// <param name="id">The document of a decision. Make it of what the decision is about, so that deciding twice is one document.</param>
    /// <param name="edit">Writes the decision into the document; runs on the database's writer.</param>
    public DecisionStage<T, TKey, TDecision> SaveTo<TDocument>(DocumentSet<TDocument> documents, Func<TDecision, DocumentId> id, Action<TDocument, TDecision> edit)
        where TDocument : class, IEdgeDocument<TDocument>
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(edit);
        return SaveTo(new DocumentSink<TDocument, TDecision>(documents, id, edit));
    }

    internal DecisionStage<T, TKey, TDecision> SaveTo(IDecisionSink<TDecision> sink) => new(_plan, _decide, sink);

    /// <summary>Loads the model, checks that it fits, and runs it once to warm up.</summary>
    /// <exception cref="EdgeModelException">The model cannot be loaded, or does not fit; the message says what to do.</exception>
    /// <exception cref="ObjectDisposedException">The <see cref="EdgeInference"/> is disposed.</exception>
    public Task<InferencePipeline<T, TDecision>> BuildAsync(CancellationToken cancellationToken = default)
    {
        // ONNX Runtime loads synchronously, in milliseconds for models of this size: nothing is gained by dressing that up.
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<InferencePipeline<T, TDecision>>(cancellationToken);
        try
        {
            return Task.FromResult(Build());
        }
        catch (Exception e) when (e is EdgeSyncException or ObjectDisposedException)
        {
            return Task.FromException<InferencePipeline<T, TDecision>>(e);
        }
    }

    private InferencePipeline<T, TDecision> Build()
    {
        var model = OnnxModel.Load(_plan.Model!, _plan.Owner.Options.ModelBytesMax);
        try
        {
            if (model.Input.Length != _plan.FeatureCount)
                throw model.Invalid($"The model '{model.Name}' takes {model.Input.Length} features and the pipeline makes {_plan.FeatureCount}. Write Features({model.Input.Length}, …), or use a model that was trained on {_plan.FeatureCount}.");
            if (_plan.Score == ModelScore.ReconstructionError && model.Output.Length != model.Input.Length)
                throw model.Invalid($"The model '{model.Name}' answers {model.Input.Length} features with {model.Output.Length} values, so it is no autoencoder. Say how it is scored: Model(…, ModelScore.FirstOutput).");
            var normalization = _plan.Normalize?.Invoke(model);
            model.Run();
            var engine = new InferenceEngine<T, TKey, TDecision>(_plan, _decide, model, normalization);
            return _plan.Owner.Own(new InferencePipeline<T, TDecision>(_plan.Owner, engine, _plan.Source, _sink));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
