using Edge.Sync.Storage;

namespace Edge.Sync.Series;

/// <summary>Reads a series in one moment of the file: its blocks, and the journal over them.</summary>
internal sealed class SeriesReader
{
    private readonly ReaderConnection _reader;
    private readonly SeriesShape _shape;
    private readonly long _series;
    private readonly Dictionary<long, SeriesShape> _shapes = [];
    private readonly Dictionary<long, PointColumns> _journal = [];

    private SeriesReader(ReaderConnection reader, SeriesShape shape, long series, string? key)
    {
        (_reader, _shape, _series) = (reader, shape, series);
        Keys = ReadKeys(key);
        ReadShapes();
        ReadJournal(key is null ? null : Keys.Count == 0 ? -1 : Keys[0].Key);
    }

    /// <summary>Ascending by name (ordinal).</summary>
    public List<(string Name, long Key)> Keys { get; }

    /// <summary>Null where there is no such series. To be used within one moment of <paramref name="reader"/>.</summary>
    /// <param name="reader">The connection.</param>
    /// <param name="schema">The series, and the shape that its points are wanted in.</param>
    /// <param name="key">The only key that is wanted; null for all.</param>
    public static SeriesReader? Open(ReaderConnection reader, SeriesSchema schema, string? key)
    {
        if (!SeriesTables.Exist(reader.Connection)) return null;
        var find = reader.Prepare("SELECT series FROM edge_series WHERE name = ?1").Bind(1, schema.Name);
        long series;
        try
        {
            if (!find.Step()) return null;
            series = find.Int64(0);
        }
        finally { find.Reset(); }
        return new(reader, schema.Shape, series, key);
    }

    /// <summary>Points of a key in order of time, from <paramref name="from"/> to before <paramref name="end"/>; it stops after about <paramref name="countMax"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="from">In ticks of UTC.</param>
    /// <param name="end">In ticks of UTC.</param>
    /// <param name="countMax">Block-wise.</param>
    /// <param name="next">Where to go on; <paramref name="end"/> or later where nothing is left.</param>
    public PointColumns ReadPoints(long key, long from, long end, int countMax, out long next)
    {
        var points = new PointColumns(_shape.Columns.Length, 0);
        next = end;
        foreach (var (columns, _) in ReadBlocks(key, 0, from, end))
        {
            var (start, stop) = (columns.IndexOf(from), columns.IndexOf(end));
            for (var row = start; row < stop; row++)
                points.Add(columns, row);
            if (points.Count < countMax) continue;
            next = columns.Last + 1;
            break;
        }
        if (!_journal.TryGetValue(key, out var newest)) return points;
        var (first, last) = (newest.IndexOf(from), newest.IndexOf(Math.Min(next, end)));
        return last > first ? PointColumns.Merge(points, newest.Slice(first, last - first), areBuckets: false) : points;
    }

    /// <summary>The newest point of a key, as the only one; null where there is none.</summary>
    public PointColumns? ReadLatest(long key)
    {
        var read = _reader.Prepare("SELECT shape, bytes FROM edge_series_blocks WHERE key = ?1 AND bucket = 0 ORDER BY first DESC LIMIT 1").Bind(1, key);
        PointColumns? latest = null;
        try
        {
            if (read.Step())
            {
                var columns = ReadBlock(read.Int64(0), read.Blob(1), 0);
                latest = columns.Slice(columns.Count - 1, 1);
            }
        }
        finally { read.Reset(); }
        return _journal.TryGetValue(key, out var newest) && (latest is null || newest.Last >= latest.Last) ? newest.Slice(newest.Count - 1, 1) : latest;
    }

    /// <summary>All that is kept of a key in a range, put together.</summary>
    public PointColumns ReadBuckets(long key, long from, long end, long ticks)
    {
        var types = _shape.Types(areBuckets: false);
        var points = NewRows();
        for (var at = from; at < end;)
            SeriesBuckets.Roll(ReadPoints(key, at, end, SeriesStore.JournalPointsMax, out at), types, areBuckets: false, ticks, points);
        foreach (var bucket in ReadBucketLengths(key))
        {
            var rows = NewRows();
            foreach (var (columns, _) in ReadBlocks(key, bucket, from, end))
                SeriesBuckets.Roll(columns.Slice(columns.IndexOf(from), columns.IndexOf(end) - columns.IndexOf(from)), types, areBuckets: true, ticks, rows);
            points = PointColumns.Merge(rows, points, areBuckets: true);
        }
        return points;
    }

    private PointColumns NewRows() => new(_shape.Types(areBuckets: true).Length, 16);

    private IEnumerable<(PointColumns Columns, long Block)> ReadBlocks(long key, long bucket, long from, long end)
    {
        // A statement of its own: the caller may stop halfway.
        using var read = new SqliteStatement(_reader.Connection, """
            SELECT shape, bytes, block FROM edge_series_blocks WHERE key = ?1 AND bucket = ?2 AND first < ?4 AND last >= ?3
            AND first >= coalesce((SELECT first FROM edge_series_blocks WHERE key = ?1 AND bucket = ?2 AND first <= ?3 ORDER BY first DESC LIMIT 1), ?3) ORDER BY first
            """);
        read.Bind(1, key).Bind(2, bucket).Bind(3, from).Bind(4, end);
        while (read.Step())
            yield return (ReadBlock(read.Int64(0), read.Blob(1), bucket), read.Int64(2));
    }

    private PointColumns ReadBlock(long shape, ReadOnlySpan<byte> bytes, long bucket)
    {
        var stored = ShapeOf(shape);
        return stored.Convert(SeriesBlock.Read(bytes, stored.Types(bucket > 0)), _shape, bucket > 0);
    }

    private SeriesShape ShapeOf(long shape) => _shapes.TryGetValue(shape, out var known) ? known : throw new InvalidCastException($"Shape {shape} of a series is missing.");

    private List<long> ReadBucketLengths(long key)
    {
        var lengths = new List<long>();
        // One look into the index for each.
        var next = _reader.Prepare("SELECT bucket FROM edge_series_blocks WHERE key = ?1 AND bucket > ?2 ORDER BY bucket LIMIT 1");
        for (var last = 0L; ; lengths.Add(last))
        {
            try
            {
                if (!next.Bind(1, key).Bind(2, last).Step()) return lengths;
                last = next.Int64(0);
            }
            finally { next.Reset(); }
        }
    }

    private List<(string Name, long Key)> ReadKeys(string? only)
    {
        var keys = new List<(string Name, long Key)>();
        var read = only is null ? _reader.Prepare("SELECT name, key FROM edge_series_keys WHERE series = ?1") : _reader.Prepare("SELECT name, key FROM edge_series_keys WHERE series = ?1 AND name = ?2").Bind(2, only);
        try
        {
            read.Bind(1, _series);
            while (read.Step()) keys.Add((read.WholeText(0), read.Int64(1)));
        }
        finally { read.Reset(); }
        keys.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return keys;
    }

    private void ReadShapes()
    {
        var read = _reader.Prepare("SELECT shape, columns FROM edge_series_shapes WHERE series = ?1").Bind(1, _series);
        try
        {
            while (read.Step()) _shapes.Add(read.Int64(0), SeriesShape.Parse(read.WholeText(1)));
        }
        finally { read.Reset(); }
    }

    private void ReadJournal(long? only)
    {
        var read = _reader.Prepare("SELECT shape, bytes FROM edge_series_journal WHERE series = ?1 ORDER BY entry").Bind(1, _series);
        try
        {
            while (read.Step()) SeriesJournal.Read(read.Blob(1), ShapeOf(read.Int64(0)), _shape, only, _journal);
        }
        finally { read.Reset(); }
        foreach (var (key, points) in _journal.ToList())
            _journal[key] = points.InOrder();
    }
}
