namespace Edge.Sync.Inference.Sources;

/// <summary>Points of a series, each that is appended once a run has begun.</summary>
internal sealed class SeriesReadings<T>(TelemetrySeries<T> series) : IAsyncEnumerable<T> where T : struct, IEdgeSeries<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => series.WatchAsync(cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
}
