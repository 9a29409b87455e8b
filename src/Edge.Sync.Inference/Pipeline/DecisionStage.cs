using System.Collections.Immutable;
using System.ComponentModel;
using System.Threading.Channels;
using Edge.Sync.Inference.Decisions;
using Edge.Sync.Inference.Pipeline;

namespace Edge.Sync.Inference;

/// <summary>Last stage: decisions, and where they are kept.</summary>
public sealed class DecisionStage<T, TKey, TDecision>
    where TKey : notnull
    where TDecision : class
{
    private readonly PipelinePlan<T, TKey> _plan;
    private readonly DecisionRule<T, TKey, TDecision> _decide;
    private readonly ImmutableArray<IDecisionSink<TDecision>> _sinks;
    private readonly DecisionExplainer<TDecision>? _explain;

    internal DecisionStage(PipelinePlan<T, TKey> plan, DecisionRule<T, TKey, TDecision> decide, ImmutableArray<IDecisionSink<TDecision>> sinks, DecisionExplainer<TDecision>? explain) =>
        (_plan, _decide, _sinks, _explain) = (plan, decide, sinks, explain);

    private EdgeDatabase Database => _plan.Host.Database ?? throw new InvalidOperationException("There is no database to save to.");

    /// <summary>Puts into each decision which features made its score. See <see cref="Explanation"/> for how, and for what it costs.</summary>
    public DecisionStage<T, TKey, TDecision> Explain(DecisionExplainer<TDecision> explain)
    {
        ArgumentNullException.ThrowIfNull(explain);
        return new(_plan, _decide, _sinks, explain);
    }

    /// <summary>
    /// Keeps each decision of <see cref="InferencePipeline{T, TDecision}.RunAsync"/> in a document, and in the same change which model said so on which input
    /// (<see cref="EdgeInference.Results"/>): only insights are replicated.
    /// </summary>
    /// <param name="documents">Where: of the database that this inference runs beside.</param>
    /// <param name="id">The document of a decision. Make it of what the decision is about, so that deciding twice is one document.</param>
    /// <param name="edit">Writes the decision into the document; runs on the database's writer.</param>
    /// <param name="options">How the change is written.</param>
    public DecisionStage<T, TKey, TDecision> SaveTo<TDocument>(
        DocumentSet<TDocument> documents, Func<TDecision, DocumentId> id, Action<TDocument, TDecision> edit, EditOptions? options = null)
        where TDocument : class, IEdgeDocument<TDocument>
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(edit);
        return SaveTo(new DocumentSink<TDocument, TDecision>(Database, id, edit, options ?? new(), _plan.Host.Options.TimeProvider));
    }

    /// <summary>Not for use: the callback must be synchronous. Await what you need first, then edit.</summary>
    [Obsolete("The edit callback must be synchronous: await first, then edit.", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public DecisionStage<T, TKey, TDecision> SaveTo<TDocument>(
        DocumentSet<TDocument> documents, Func<TDecision, DocumentId> id, Func<TDocument, TDecision, Task> edit, EditOptions? options = null)
        where TDocument : class, IEdgeDocument<TDocument> => throw new NotSupportedException("The edit callback must be synchronous: await first, then edit.");

    /// <summary>
    /// Appends an event for each decision of <see cref="InferencePipeline{T, TDecision}.RunAsync"/>, and in the same change which model said so on which input (<see cref="EdgeInference.Results"/>, the stream being the subject).
    /// An event is never taken for another: deciding twice is two events. Where that matters, save to a document.
    /// </summary>
    /// <param name="events">Where: of the database that this inference runs beside.</param>
    /// <param name="stream">The stream of a decision, such as what it is about. All of a stream is read by who appends to it: make it no longer than a job.</param>
    /// <param name="toEvent">Makes the event.</param>
    /// <param name="options">How the change is written.</param>
    public DecisionStage<T, TKey, TDecision> AppendTo<TEvent>(
        EventStreams<TEvent> events, Func<TDecision, DocumentId> stream, Func<TDecision, TEvent> toEvent, EditOptions? options = null)
        where TEvent : class, IEdgeEvent<TEvent>
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(toEvent);
        return SaveTo(new EventSink<TEvent, TDecision>(Database, stream, toEvent, options ?? new(), _plan.Host.Options.TimeProvider));
    }

    /// <summary>Hands each decision of a run to <paramref name="callback"/>, before the next reading is taken. Called again with the same decision if it threw.</summary>
    public DecisionStage<T, TKey, TDecision> SendTo(Func<TDecision, Provenance, CancellationToken, ValueTask> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return SaveTo(new CallbackSink<TDecision>(callback));
    }

    /// <summary>Writes each decision of a run to a channel; where that is full, the run waits.</summary>
    public DecisionStage<T, TKey, TDecision> SendTo(ChannelWriter<TDecision> channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return SendTo((decision, _, cancellationToken) => channel.WriteAsync(decision, cancellationToken));
    }

    internal DecisionStage<T, TKey, TDecision> SaveTo(IDecisionSink<TDecision> sink) => new(_plan, _decide, _sinks.Add(sink), _explain);

    /// <summary>Loads the model, checks that it fits, and runs it to warm up.</summary>
    /// <exception cref="EdgeModelException">The model cannot be loaded, or does not fit; the message says what to do.</exception>
    /// <exception cref="ObjectDisposedException">The <see cref="EdgeInference"/> is disposed.</exception>
    public Task<InferencePipeline<T, TDecision>> BuildAsync(CancellationToken cancellationToken = default)
    {
        // Models of this size load synchronously, in milliseconds: nothing is gained by dressing that up.
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
        var host = _plan.Host;
        var slot = _plan.Model!(host);
        var isOwn = !host.Registry.TryGet(slot.Name, out var registered) || registered != slot;
        InferencePipeline<T, TDecision>? pipeline = null;
        try
        {
            var engine = new InferenceEngine<T, TKey, TDecision>(_plan, _decide, _explain, slot, keepsProvenance: _sinks.Any(static sink => sink.KeepsProvenance));
            pipeline = new(host, engine, _plan.Source, _sinks, _plan.Overload, _plan.Drift, _plan.BatchMax, slot, isOwn);
            slot.Attach(engine);
            host.Own(pipeline);
            return pipeline;
        }
        catch
        {
            pipeline?.Release();
            if (isOwn)
                host.Models.Remove(slot);
            throw;
        }
    }
}
