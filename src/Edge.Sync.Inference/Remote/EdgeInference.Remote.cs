namespace Edge.Sync.Inference;

public sealed partial class EdgeInference
{
    /// <summary>Another replica that computes, for a <see cref="PlacedModel"/>: asked through documents of the database, so it needs no link but sync's.</summary>
    /// <param name="place">What its worker was started as, such as <c>gateway</c>.</param>
    /// <param name="model">The model's name there.</param>
    /// <param name="options">Limits, and how far the database is replicated.</param>
    public RemotePlace CreateRemotePlace(string place, string model, RemotePlaceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(place);
        ArgumentException.ThrowIfNullOrEmpty(model);
        return new(RemoteDatabase, _options.TimeProvider, place, model, options ?? new());
    }

    /// <summary>Starts to compute here what other replicas ask <paramref name="place"/> for. It ends when it is disposed, at the latest with this.</summary>
    /// <param name="place">What others call this replica; several replicas of one name share its work, by luck and not by turns.</param>
    /// <param name="model">A model of <see cref="Models"/>, of which a version must be there.</param>
    /// <param name="inputWidth">Floats in a row of its input; requests of another width are dropped.</param>
    /// <param name="rowBytesMax">Larger inputs are dropped. In bytes, four a float.</param>
    /// <exception cref="EdgeModelException">No version is here, or it does not fit.</exception>
    public InferenceWorker StartWorker(string place, string model, int inputWidth, int rowBytesMax = 65_536)
    {
        ArgumentException.ThrowIfNullOrEmpty(place);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputWidth);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowBytesMax, inputWidth * (long)sizeof(float));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowBytesMax, 1 << 20);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var worker = new InferenceWorker(Disown, RemoteDatabase, _options.TimeProvider, Models[model], place, inputWidth, rowBytesMax);
            _pipelines.Add(worker);
            return worker;
        }
    }

    private EdgeDatabase RemoteDatabase => _database ?? throw new InvalidOperationException("There is no database behind this. Make it by EdgeInference.Create(database).");
}
