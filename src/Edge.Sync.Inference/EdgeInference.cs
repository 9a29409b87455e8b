using System.Threading.Channels;
using Edge.Sync.Inference.Drift;
using Edge.Sync.Inference.Pipeline;
using Edge.Sync.Inference.Serving;
using Edge.Sync.Inference.Sources;
using Edge.Sync.Inference.Telemetry;

namespace Edge.Sync.Inference;

/// <summary>Models that run beside a database: makes pipelines, and owns them and their models.</summary>
public sealed partial class EdgeInference : IAsyncDisposable, IPipelineHost
{
    private readonly List<IAsyncDisposable> _pipelines = [];
    private readonly Lock _gate = new();
    private readonly EdgeInferenceOptions _options;
    private readonly EdgeDatabase? _database;
    private readonly ModelHost _host;
    private bool _disposed;

    internal EdgeInference(EdgeInferenceOptions options, EdgeDatabase? database = null)
    {
        options.Validate();
        (_options, _database, _host) = (options, database, new(options));
        (Models, Results) = (database is null ? new(_host) : new(_host) { Catalog = new(database, options) }, new(database));
    }

    /// <summary>The models that pipelines name: which version of each serves.</summary>
    public ModelRegistry Models { get; }

    /// <summary>Which model said what, on which input.</summary>
    public InferenceResults Results { get; }

    EdgeInferenceOptions IPipelineHost.Options => _options;

    EdgeDatabase? IPipelineHost.Database => _database;

    ModelHost IPipelineHost.Models => _host;

    ModelRegistry IPipelineHost.Registry => Models;

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

    /// <summary>Starts a pipeline over a series: every point that is appended from the call of <c>RunAsync</c> on, in the order of commits. The run ends with its token, or with the database.</summary>
    /// <remarks>Appending never waits for a model. A run that falls 65,536 points behind ends with an error behind those; with <c>Within</c> it sheds instead, and counts what it shed.</remarks>
    public ReadingSource<T> From<T>(TelemetrySeries<T> series) where T : struct, IEdgeSeries<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        return new(this, new SeriesReadings<T>(series));
    }

    /// <summary>Starts a pipeline over documents: those that a query gives when the run begins, and from then on each whenever it has changed, here or by a sync. The run ends with its token, or with the database.</summary>
    /// <remarks>A document that changes faster than it is judged is judged in its newest state. Instants must differ from one version of a document to the next, or the later one is a duplicate.</remarks>
    public ReadingSource<T> From<T>(DocumentQuery<T> documents) where T : class, IEdgeDocument<T>
    {
        ArgumentNullException.ThrowIfNull(documents);
        return new(this, new DocumentChanges<T>(documents));
    }

    /// <summary>Embeddings by the model of that name in <see cref="Models"/>, of which a version must be there.</summary>
    /// <param name="name">The model.</param>
    /// <param name="inputWidth">Floats in a row of its input.</param>
    /// <param name="write">Makes a row of an input; the row is zeros before.</param>
    /// <param name="normalize">Whether vectors get length 1, as comparing by cosine wants them.</param>
    /// <exception cref="EdgeModelException">No version is here, or it does not fit.</exception>
    public ModelEmbeddingGenerator<TInput> CreateEmbeddingGenerator<TInput>(string name, int inputWidth, Action<TInput, Memory<float>> write, bool normalize = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputWidth);
        ArgumentNullException.ThrowIfNull(write);
        return new(Models[name], _options, inputWidth, write, normalize);
    }

    /// <summary>Whether all pipelines and workers do what they are there for. For a health check, see <see cref="InferenceHealthCheck"/>.</summary>
    public InferenceHealth GetHealth()
    {
        IHealthSource[] pipelines;
        lock (_gate)
            pipelines = [.. _pipelines.OfType<IHealthSource>()];
        var all = pipelines.Select(static pipeline => pipeline.GetHealth()).ToList();
        return new(all.Count == 0 ? InferenceHealthState.Healthy : all.Max(static health => health.State), [.. all.SelectMany(static health => health.Reasons)]);
    }

    /// <summary>The alarms about drift of a model that runs have written, on this replica and on others; the newest first. To be told of them, subscribe to <see cref="ModelDrifted"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no database.</exception>
    public Task<IReadOnlyList<DriftAlarm>> ListDriftAsync(string model, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return DriftLog.ListAsync(_database ?? throw new InvalidOperationException("There is no database to keep alarms in."), model, cancellationToken);
    }

    /// <summary>Disposes the pipelines that are still open, and all models.</summary>
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
        _host.Dispose();
    }

    void IPipelineHost.Own(IAsyncDisposable pipeline)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _pipelines.Add(pipeline);
        }
    }

    void IPipelineHost.Disown(IAsyncDisposable pipeline) => Disown(pipeline);

    private void Disown(IAsyncDisposable pipeline)
    {
        lock (_gate)
            _pipelines.Remove(pipeline);
    }
}
