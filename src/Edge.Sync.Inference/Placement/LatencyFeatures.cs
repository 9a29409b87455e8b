using System.Runtime.CompilerServices;

namespace Edge.Sync.Inference;

/// <summary>What latency is predicted from, each of about the size of 1.</summary>
[InlineArray(Count)]
internal struct LatencyFeatures
{
    public const int Count = 8;

    private const double TensOfMs = 0.1;

    private double _first;

    public static LatencyFeatures Of(in PlacementRequest request, in PlaceConditions at, double residualMs)
    {
        var features = new LatencyFeatures();
        features[0] = 1;
        features[1] = request.Megabytes;
        features[2] = request.Gigaflops;
        features[3] = TensOfMs * at.RoundTrip.TotalMilliseconds;
        features[4] = at.Load * request.Gigaflops;
        features[5] = at.MegabytesPerSecond > 0 ? TensOfMs * 1_000 * request.Megabytes / at.MegabytesPerSecond : 0;
        features[6] = TensOfMs * at.Backlog.TotalMilliseconds;
        features[7] = TensOfMs * residualMs;
        return features;
    }
}
