namespace Edge.Sync.Transports;

/// <summary>
/// Waits that double from a minimum to a maximum, each drawn at random from the upper half of its range, so that a fleet that lost its hub
/// does not come back in step ("equal jitter": Brooker, "Exponential Backoff and Jitter", 2015).
/// </summary>
/// <remarks>Seeded by the replica and the link: replicas differ, and one replica's waits can be repeated in a test.</remarks>
internal sealed class Backoff
{
    private readonly TimeSpan _minimum;
    private readonly TimeSpan _maximum;
    private readonly Random _random;
    private TimeSpan _ceiling;

    public Backoff(TimeSpan minimum, TimeSpan maximum, int seed)
    {
        (_minimum, _maximum, _random) = (minimum, maximum, new(seed));
        _ceiling = minimum;
    }

    public static Backoff For(ISyncLinkHost host, string link, TimeSpan minimum, TimeSpan maximum) =>
        new(minimum, maximum, SeedOf(host.Replica, link));

    /// <summary>The next wait: between half the ceiling and the ceiling, which then doubles.</summary>
    public TimeSpan Next()
    {
        var wait = _ceiling * (0.5 + 0.5 * _random.NextDouble());
        _ceiling = _ceiling < _maximum / 2 ? _ceiling * 2 : _maximum;
        return wait;
    }

    public void Reset() => _ceiling = _minimum;

    public void JumpToMaximum() => _ceiling = _maximum;

    // FNV-1a. string.GetHashCode differs from process to process.
    private static int SeedOf(ReplicaId replica, string link)
    {
        Span<byte> id = stackalloc byte[ReplicaId.SizeBytes];
        replica.WriteTo(id);
        var hash = 2166136261u;
        foreach (var b in id)
            hash = (hash ^ b) * 16777619;
        foreach (var c in link)
            hash = (hash ^ c) * 16777619;
        return (int)hash;
    }
}
