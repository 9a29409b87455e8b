namespace Edge.Sync.Inference;

/// <summary>Limits and clock of all pipelines of one <see cref="EdgeInference"/>.</summary>
public sealed class EdgeInferenceOptions
{
    /// <summary>The clock that latencies are measured by. Windows go by the readings' own instants.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Keys of one pipeline, each with a window in memory; readings of further keys are dropped and counted.</summary>
    /// <value>The default is 10,000.</value>
    public int KeysMax { get; set; } = 10_000;

    /// <summary>Readings of one key that may wait for earlier ones; beyond that the earliest is taken before its time.</summary>
    /// <value>The default is 4,096.</value>
    public int HeldBackMax { get; set; } = 4_096;

    /// <summary>The largest model file that is loaded, in bytes.</summary>
    /// <value>The default is 256 MiB.</value>
    public long ModelBytesMax { get; set; } = 256L << 20;

    /// <summary>The device keys (X, Y: 64 bytes) that may publish models and roll them out; this device's own always may.</summary>
    /// <value>The default, empty, is whoever may write to the database. A signature must be right in either case.</value>
    public IReadOnlyList<ReadOnlyMemory<byte>> ModelPublishers { get; set; } = [];

    /// <summary>The ring that this device belongs to: rollouts may reach some rings first (<see cref="RolloutPlan.Rings"/>).</summary>
    /// <value>The default, empty, is none.</value>
    public string Ring { get; set; } = "";

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Ring);
        ArgumentNullException.ThrowIfNull(ModelPublishers);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(KeysMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(HeldBackMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ModelBytesMax);
    }
}
