namespace Edge.Sync.Testing;

/// <summary>What a simulated world does to its replicas. Probabilities are per frame of the sync protocol, drawn from the seed.</summary>
public sealed record SimulationOptions
{
    /// <summary>Where all chance of the first run comes from; the next run takes the next seed.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>How many runs there are, each in a world of its own.</summary>
    /// <value>The default is 20.</value>
    public int Runs { get; init; } = 20;

    /// <summary>How likely a frame is lost, 0 to 1. Sessions send again after 20 seconds what was not acknowledged.</summary>
    /// <value>The default is 0.</value>
    public double Loss { get; init; }

    /// <summary>How likely a frame arrives twice, 0 to 1.</summary>
    /// <value>The default is 0.</value>
    public double Duplicate { get; init; }

    /// <summary>How likely later frames may overtake a frame, 0 to 1: it takes up to three times <see cref="Latency"/>, and the others do not wait for it.</summary>
    /// <value>The default is 0: frames of one direction arrive in order.</value>
    public double Reorder { get; init; }

    /// <summary>How long a frame is under way at most, in virtual time; each takes between 1 ms and this.</summary>
    /// <value>The default is 50 ms.</value>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How far the replicas' clocks are from the true time at most, ahead or behind; each is drawn once.</summary>
    /// <value>The default is 0.</value>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>How long, in virtual time, the scenario may wait for something by itself before the run fails: a live query that never shows what it should, or something outside of the world.</summary>
    /// <value>The default is 10 minutes.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Called before a replica is opened, and again after a power cut, with its name: add projections, say who may evict. Path, name, clock and key are the world's.</summary>
    /// <value>The default is null.</value>
    public Action<string, EdgeDatabaseOptions>? Configure { get; init; }

    /// <summary>Where each event of each run is written, one a line: frames that are sent, lost, doubled and delivered, partitions, power cuts, what each replica holds in the end. Equal seeds give equal text, byte for byte.</summary>
    /// <value>The default is null; an exception holds the last lines all the same.</value>
    public TextWriter? Trace { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Runs);
        Probability(Loss, nameof(Loss));
        Probability(Duplicate, nameof(Duplicate));
        Probability(Reorder, nameof(Reorder));
        ArgumentOutOfRangeException.ThrowIfLessThan(Latency, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(ClockSkew, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Patience, TimeSpan.Zero);
    }

    private static void Probability(double value, string name)
    {
        if (!(value is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(name, value, $"{name} is a probability, from 0 to 1.");
    }
}
