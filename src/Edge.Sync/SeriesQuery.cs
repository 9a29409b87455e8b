using System.Runtime.CompilerServices;
using Edge.Sync.Series;

namespace Edge.Sync;

/// <summary>Points of a series, by key and time. Immutable; safe for use by several threads at once.</summary>
/// <typeparam name="T">A record struct with <see cref="EdgeSeriesAttribute"/>.</typeparam>
/// <remarks>Points come key by key (ordinal), each in order of time. Times are instants: they come back in UTC.</remarks>
public class SeriesQuery<T> where T : struct, IEdgeSeries<T>
{
    private const int PagePoints = 8192;

    private readonly EdgeDatabase _database;
    private readonly string? _key;
    private readonly long _from, _end;

    internal SeriesQuery(EdgeDatabase database, string? key = null, long from = 0, long end = long.MaxValue) => (_database, _key, _from, _end) = (database, key, from, end);

    internal EdgeDatabase Database => _database;

    /// <summary>Those of one key.</summary>
    public SeriesQuery<T> Of(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(_database, key, _from, _end);
    }

    /// <summary>Those at or after <paramref name="from"/> and before <paramref name="end"/>.</summary>
    public SeriesQuery<T> Between(DateTimeOffset from, DateTimeOffset end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, end);
        return new(_database, _key, Math.Max(_from, from.UtcTicks), Math.Min(_end, end.UtcTicks));
    }

    /// <summary>All points that are still kept as they came, as of one moment. For many, see <see cref="ReadAsync"/>.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be read.</exception>
    public Task<IReadOnlyList<T>> ToListAsync(CancellationToken cancellationToken = default) => QueryAsync<IReadOnlyList<T>>(reader =>
    {
        var points = new List<T>();
        foreach (var (name, key) in reader?.Keys ?? [])
            Append(points, name, reader!.ReadPoints(key, _from, _end, int.MaxValue, out _));
        return points;
    }, cancellationToken);

    /// <summary>As <see cref="ToListAsync"/>, some thousand at a time: each of these is of one moment, and points that are appended meanwhile are among the later ones.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be read.</exception>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var keys = await QueryAsync(static reader => reader?.Keys.ConvertAll(static key => key.Name) ?? [], cancellationToken).ConfigureAwait(false);
        foreach (var name in keys)
            for (var at = _from; at < _end;)
            {
                var from = at;
                var (page, next) = await new SeriesQuery<T>(_database, name).QueryAsync(reader =>
                {
                    var points = new List<T>();
                    var next = _end;
                    foreach (var (name, key) in reader?.Keys ?? [])
                        Append(points, name, reader!.ReadPoints(key, from, _end, PagePoints, out next));
                    return (points, next);
                }, cancellationToken).ConfigureAwait(false);
                foreach (var point in page)
                    yield return point;
                at = next;
            }
    }

    /// <summary>How many points are still kept as they came.</summary>
    /// <exception cref="EdgeStorageException">The file cannot be read.</exception>
    public Task<long> CountAsync(CancellationToken cancellationToken = default) => QueryAsync(reader =>
    {
        var count = 0L;
        foreach (var (_, key) in reader?.Keys ?? [])
            for (var at = _from; at < _end;)
                count += reader!.ReadPoints(key, at, _end, PagePoints, out at).Count;
        return count;
    }, cancellationToken);

    /// <summary>The newest point; null where none is kept as it came.</summary>
    /// <exception cref="InvalidOperationException">The query is bounded by <see cref="Between"/>.</exception>
    /// <exception cref="EdgeStorageException">The file cannot be read.</exception>
    public Task<T?> LatestAsync(CancellationToken cancellationToken = default)
    {
        if (_from > 0 || _end < long.MaxValue) throw new InvalidOperationException("The latest point is that of all times: ask for it before Between.");
        return QueryAsync(static reader =>
        {
            (string Name, PointColumns Point)? latest = null;
            foreach (var (name, key) in reader?.Keys ?? [])
                if (reader!.ReadLatest(key) is { } point && (latest is null || point.Last > latest.Value.Point.Last)) latest = (name, point);
            if (latest is null) return null;
            var points = new List<T>();
            Append(points, latest.Value.Name, latest.Value.Point);
            return (T?)points[0];
        }, cancellationToken);
    }

    /// <summary>All that is kept, put together by stretches of <paramref name="bucket"/>; stretches without a point are left out. What became coarser than that already counts where it begins.</summary>
    /// <param name="bucket">How long a stretch is. They are counted from year 1 in UTC, so hours begin at the hour.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="EdgeStorageException">The file cannot be read.</exception>
    public Task<IReadOnlyList<SeriesBucket>> DownsampleAsync(TimeSpan bucket, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bucket, TimeSpan.Zero);
        return QueryAsync<IReadOnlyList<SeriesBucket>>(reader =>
        {
            var buckets = new List<SeriesBucket>();
            foreach (var (name, key) in reader?.Keys ?? [])
            {
                var rows = reader!.ReadBuckets(key, _from, _end, bucket.Ticks);
                for (var row = 0; row < rows.Count; row++)
                    buckets.Add(SeriesBuckets.ToBucket(name, rows, row, bucket.Ticks, T.Schema.Shape));
            }
            return buckets;
        }, cancellationToken);
    }

    private protected Task<TResult> QueryAsync<TResult>(Func<SeriesReader?, TResult> read, CancellationToken cancellationToken) => _database.ReadSeriesAsync(T.Schema, _key, read, cancellationToken);

    private static void Append(List<T> points, string key, PointColumns columns)
    {
        Span<long> values = stackalloc long[SeriesSchema.ValuesMax];
        points.EnsureCapacity(points.Count + columns.Count);
        for (var row = 0; row < columns.Count; row++)
        {
            for (var i = 0; i < columns.Values.Length; i++)
                values[i] = columns.Values[i][row];
            points.Add(T.Read(key, new(columns.Times[row], TimeSpan.Zero), values));
        }
    }
}
