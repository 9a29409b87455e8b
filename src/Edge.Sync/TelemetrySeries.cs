using Edge.Sync.Series;

namespace Edge.Sync;

/// <summary>
/// Measurements by key and time, which stay on this device: appended, queried by range, put together as they grow old, and in the end gone. Safe for use by several threads at once.
/// </summary>
/// <typeparam name="T">A record struct with <see cref="EdgeSeriesAttribute"/>.</typeparam>
/// <remarks>
/// <para>A key has one point an instant (100 ns): a second one replaces the first, so appending again does no harm. Points may come in any order.</para>
/// <para>What was appended survives the end of the process. A power cut may take the newest appends, but never one before them, and none of before the last <see cref="FlushAsync"/>.</para>
/// <para>Nothing of it is in the log: it is not synced and has no history. Backups have it.</para>
/// </remarks>
public sealed class TelemetrySeries<T> : SeriesQuery<T>, ISeriesWatched where T : struct, IEdgeSeries<T>
{
    private readonly Lock _lock = new();
    private readonly List<SeriesWatch<T>> _watches = [];
    private bool _ended;

    internal TelemetrySeries(EdgeDatabase database, SeriesOptions options) : base(database) => Options = options;

    /// <summary>How long points are kept.</summary>
    public SeriesOptions Options { get; internal set; }

    /// <summary>Appends a point.</summary>
    /// <exception cref="ArgumentException">Its key is null, no well-formed text, or of more than 256 bytes.</exception>
    /// <exception cref="EdgeStorageException">It could not be stored, or too many points wait already.</exception>
    /// <exception cref="EdgeDataException">Its key is one too many (<see cref="SeriesOptions.KeysMax"/>).</exception>
    public Task AppendAsync(T point, CancellationToken cancellationToken = default) => AppendAsync(new ReadOnlyMemory<T>([point]), cancellationToken);

    /// <summary>Appends points, 16,384 of them in one commit: where it fails halfway, those of the commits before stay, and appending all of them again does no harm.</summary>
    /// <param name="points">Of any keys, in any order. They are not used any more once the task is done.</param>
    /// <param name="cancellationToken">Looked at before each commit.</param>
    /// <exception cref="ArgumentException">A key is null, no well-formed text, or of more than 256 bytes.</exception>
    /// <exception cref="EdgeStorageException">They could not be stored, or too many points wait already.</exception>
    /// <exception cref="EdgeDataException">There are too many keys (<see cref="SeriesOptions.KeysMax"/>).</exception>
    public async Task AppendAsync(ReadOnlyMemory<T> points, CancellationToken cancellationToken = default)
    {
        for (var start = 0; start < points.Length; start += SeriesAppender.BatchPointsMax)
        {
            var part = points.Slice(start, Math.Min(SeriesAppender.BatchPointsMax, points.Length - start));
            await Database.AppendAsync(Encode(part.Span), IsWatched ? Publishing(part.ToArray()) : null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes all that was appended before survive a power cut: one sync of the disk.</summary>
    /// <exception cref="EdgeStorageException">The medium failed.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Database.FlushSeriesAsync(cancellationToken);

    /// <summary>The keys that have points, or what became of them, in ordinal order.</summary>
    public Task<IReadOnlyList<string>> GetKeysAsync(CancellationToken cancellationToken = default) =>
        QueryAsync<IReadOnlyList<string>>(static reader => reader?.Keys.ConvertAll(static key => key.Name) ?? [], cancellationToken);

    /// <summary>Every point that is appended from this call on, in the order of commits, to be enumerated once. Ends quietly when the database is disposed.</summary>
    /// <param name="pendingMax">How many points may wait for a slow reader. With one more, the enumeration throws behind those that it has: appending never waits for readers, and no point is left out without a word.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EdgeStorageException">The reader was too slow (<see cref="EdgeErrorCode.TooManyPending"/>).</exception>
    public IAsyncEnumerable<T> WatchAsync(int pendingMax = 65_536, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pendingMax);
        var watch = new SeriesWatch<T>(Database.Scheduler, pendingMax, T.Schema.Name, Forget, cancellationToken);
        lock (_lock)
        {
            if (_ended) watch.End();
            else _watches.Add(watch);
        }
        return watch;
    }

    void ISeriesWatched.End()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var watch in _watches) watch.End();
            _watches.Clear();
        }
    }

    private bool IsWatched
    {
        get { lock (_lock) return _watches.Count > 0; }
    }

    private Action Publishing(T[] points) => () =>
    {
        lock (_lock)
            foreach (var watch in _watches) watch.Add(points);
    };

    private SeriesBatch Encode(ReadOnlySpan<T> points)
    {
        Span<long> values = stackalloc long[SeriesSchema.ValuesMax];
        var batch = new SeriesBatch(T.Schema, Options);
        foreach (ref readonly var point in points)
            batch.Add(point, values);
        return batch;
    }

    private void Forget(SeriesWatch<T> watch)
    {
        lock (_lock) _watches.Remove(watch);
    }
}
