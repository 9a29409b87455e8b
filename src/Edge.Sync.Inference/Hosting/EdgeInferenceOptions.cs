using Edge.Sync.Inference.Backends;
using Edge.Sync.Inference.Backends.Managed;
using Edge.Sync.Inference.Backends.OnnxRuntime;

namespace Edge.Sync.Inference;

/// <summary>Backends, limits and clock of all pipelines of one <see cref="EdgeInference"/>.</summary>
public sealed class EdgeInferenceOptions
{
    private readonly List<Func<IInferenceBackend>> _backends = [];

    /// <summary>The clock that latencies and idle times are measured by. Windows go by the readings' own instants.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Keys of one pipeline, each with a window in memory; readings of further keys are dropped and counted.</summary>
    /// <value>The default is 10,000.</value>
    public int KeysMax { get; set; } = 10_000;

    /// <summary>Readings of one key that may wait for earlier ones; beyond that the earliest is taken before its time.</summary>
    /// <value>The default is 4,096.</value>
    public int HeldBackMax { get; set; } = 4_096;

    /// <summary>Readings in one window of time or session; further ones are left out and counted.</summary>
    /// <value>The default is 65,536.</value>
    public int WindowReadingsMax { get; set; } = 65_536;

    /// <summary>The largest model that is loaded, in bytes.</summary>
    /// <value>The default is 256 MiB.</value>
    public long ModelBytesMax { get; set; } = 256L << 20;

    /// <summary>The device keys (X, Y: 64 bytes) that may publish models and roll them out; this device's own always may.</summary>
    /// <value>The default, empty, is whoever may write to the database. A signature must be right in either case.</value>
    public IReadOnlyList<ReadOnlyMemory<byte>> ModelPublishers { get; set; } = [];

    /// <summary>How often a device that tries a version out reports what it has seen of it (<see cref="ModelRegistry.FollowAsync"/>).</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The ring that this device belongs to: rollouts may reach some rings first (<see cref="RolloutPlan.Rings"/>).</summary>
    /// <value>The default, empty, is none.</value>
    public string Ring { get; set; } = "";

    /// <summary>What all loaded models may take together, in bytes; the one that was idle longest is unloaded for another, and loaded again when it is asked.</summary>
    /// <value>The default is 1 GiB. A model that alone is larger is refused.</value>
    public long MemoryBudget { get; set; } = 1L << 30;

    /// <summary>How long a model may be idle before it is unloaded. The next reading loads it again.</summary>
    /// <value>The default is never, <see cref="Timeout.InfiniteTimeSpan"/>.</value>
    public TimeSpan UnloadAfter { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>After so many inferences in a row that failed or whose score was not finite, a model's last good version serves again, where there is one.</summary>
    /// <value>The default is 8.</value>
    public int FallBackAfter { get; set; } = 8;

    /// <summary>After so many readings in a row that ended in an error, a run ends with the last of them.</summary>
    /// <value>The default is 100.</value>
    public int FaultsInARowMax { get; set; } = 100;

    /// <summary>Runs small dense networks in managed code, which needs no native library and is faster for them.</summary>
    /// <param name="parametersMax">Weights and biases; larger networks are left to the next backend.</param>
    /// <remarks>Backends are asked in the order in which they were added. Without any, it is this one and then ONNX Runtime.</remarks>
    public EdgeInferenceOptions UseManaged(int parametersMax = ManagedBackend.ParametersMaxDefault)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parametersMax);
        return Use(() => new ManagedBackend(parametersMax));
    }

    /// <summary>Runs ONNX models by ONNX Runtime.</summary>
    public EdgeInferenceOptions UseOnnxRuntime(Action<OnnxRuntimeOptions>? configure = null)
    {
        var options = new OnnxRuntimeOptions();
        configure?.Invoke(options);
        options.Validate();
        return Use(() => new OnnxRuntimeBackend(options, TimeProvider));
    }

    /// <summary>Adds a backend of one's own.</summary>
    public EdgeInferenceOptions Use(IInferenceBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return Use(() => backend);
    }

    // Made last, when the clock is settled. Code is always run: it is asked for by name only.
    internal IReadOnlyList<IInferenceBackend> CreateBackends()
    {
        if (_backends.Count == 0)
            UseManaged().UseOnnxRuntime();
        return [new FunctionBackend(), .. _backends.Select(static create => create())];
    }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Ring);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ReportEvery, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(ModelPublishers);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(KeysMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(HeldBackMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(WindowReadingsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ModelBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MemoryBudget);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FallBackAfter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FaultsInARowMax);
        if (UnloadAfter != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(UnloadAfter, TimeSpan.Zero);
    }

    private EdgeInferenceOptions Use(Func<IInferenceBackend> create)
    {
        _backends.Add(create);
        return this;
    }
}
