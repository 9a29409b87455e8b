using System.Threading.Channels;

namespace Edge.Sync.Inference;

/// <summary>Models that run beside a database: makes pipelines, and owns them.</summary>
public sealed partial class EdgeInference : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _pipelines = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    internal EdgeInference(EdgeInferenceOptions options, EdgeDatabase? database = null)
    {
        options.Validate();
        Options = options;
        _catalog = database is null ? null : new(database, options);
    }

    internal EdgeInferenceOptions Options { get; }

    /// <summary>Inference beside <paramref name="database"/>, which must outlive it.</summary>
    public static EdgeInference Create(EdgeDatabase database, Action<EdgeInferenceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        var options = new EdgeInferenceOptions();
        configure?.Invoke(options);
        return new(options, database);
    }

    /// <summary>Starts a pipeline over a stream of readings, which <c>RunAsync</c> enumerates.</summary>
    public ReadingSource<T> From<T>(IAsyncEnumerable<T> readings)
    {
        ArgumentNullException.ThrowIfNull(readings);
        return new(this, readings);
    }

    /// <summary>Starts a pipeline over a channel of readings, which <c>RunAsync</c> reads to its end.</summary>
    public ReadingSource<T> From<T>(ChannelReader<T> readings)
    {
        ArgumentNullException.ThrowIfNull(readings);
        return new(this, readings.ReadAllAsync());
    }

    internal InferencePipeline<T, TDecision> Own<T, TDecision>(InferencePipeline<T, TDecision> pipeline) where TDecision : class
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _pipelines.Add(pipeline);
            return pipeline;
        }
    }

    internal void Disown(IAsyncDisposable pipeline)
    {
        lock (_gate)
            _pipelines.Remove(pipeline);
    }

    /// <summary>Disposes the pipelines that are still open.</summary>
    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable[] pipelines;
        lock (_gate)
        {
            _disposed = true;
            pipelines = [.. _pipelines];
        }
        foreach (var pipeline in pipelines)
            await pipeline.DisposeAsync().ConfigureAwait(false);
    }
}
