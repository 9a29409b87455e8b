namespace Edge.Sync.Series;

/// <summary>What the writer knows of a series. It follows from the tables, and is read again after a transaction that failed.</summary>
internal sealed class SeriesState(long id)
{
    public long Id => id;

    public Dictionary<string, long> Keys { get; } = new(StringComparer.Ordinal);

    public Dictionary<long, SeriesShape> Shapes { get; } = [];

    public Dictionary<string, long> ShapeIds { get; } = new(StringComparer.Ordinal);

    /// <summary>In the journal.</summary>
    public int Points { get; set; }

    /// <summary>In the journal.</summary>
    public int Entries { get; set; }

    /// <summary>The begin of the newest block of points, in ticks.</summary>
    public long Newest { get; set; }

    /// <summary>What the blocks of each length of bucket take.</summary>
    public SortedDictionary<long, long> Bytes { get; } = [];

    /// <summary>A shape with the values that any other one of the series has beside its own.</summary>
    public SeriesShape Union(SeriesShape shape)
    {
        var more = Shapes.OrderBy(static known => known.Key).SelectMany(static known => known.Value.Columns).Where(column => !Array.Exists(shape.Columns, own => own.Name == column.Name)).DistinctBy(static column => column.Name).ToList();
        return more.Count == 0 || shape.Columns.Length + more.Count > SeriesSchema.ValuesMax ? shape : new([.. shape.Columns, .. more]);
    }

    /// <summary>The shape that a row names.</summary>
    public SeriesShape ShapeOf(long shape) => Shapes.TryGetValue(shape, out var known) ? known : throw new InvalidCastException($"Shape {shape} of a series is missing.");
}
