namespace Edge.Sync.Series;

/// <summary>What a value of a point is.</summary>
internal enum SeriesColumnType { Single = 0, Double = 1, Integer = 2 }

/// <summary>A value of a point.</summary>
internal readonly record struct SeriesColumn(string Name, SeriesColumnType Type);

/// <summary>The values of points, by name and type. Points are stored with the shape that their struct had then, and read into the one that it has now.</summary>
/// <remarks><c>shape = name TAB type LF ...    type: 0 float, 1 double, 2 integer</c></remarks>
internal sealed class SeriesShape(SeriesColumn[] columns)
{
    private readonly SeriesColumnType[] _points = Array.ConvertAll(columns, static column => column.Type), _buckets = SeriesBuckets.TypesOf(columns.Length);

    public SeriesColumn[] Columns => columns;

    public string Text { get; } = string.Concat(columns.Select(static column => $"{column.Name}\t{(int)column.Type}\n"));

    /// <summary>The types of the columns of points, or of the buckets that they become.</summary>
    public SeriesColumnType[] Types(bool areBuckets) => areBuckets ? _buckets : _points;

    /// <exception cref="EdgeDataException">It is not what <see cref="Text"/> gives.</exception>
    public static SeriesShape Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 2 || lines.Length > SeriesSchema.ValuesMax + 1 || lines[^1].Length > 0) throw Malformed();
        return new(Array.ConvertAll(lines[..^1], static line =>
            line.Length > 2 && line[^2] == '\t' && line[^1] is >= '0' and <= '2' ? new SeriesColumn(line[..^2], (SeriesColumnType)(line[^1] - '0')) : throw Malformed()));
    }

    /// <summary>Points or buckets of this shape as ones of another: values go by name, and one that is missing is NaN, or 0 where it is an integer.</summary>
    public PointColumns Convert(PointColumns from, SeriesShape to, bool areBuckets)
    {
        if (Text == to.Text) return from;
        var converted = new PointColumns(to.Types(areBuckets).Length, from.Count) { Count = from.Count };
        Array.Copy(from.Times, converted.Times, from.Count);
        if (areBuckets)
            for (var i = 0; i < SeriesBuckets.Fixed; i++)
                Array.Copy(from.Values[i], converted.Values[i], from.Count);
        for (var i = 0; i < to.Columns.Length; i++)
        {
            var source = Array.FindIndex(columns, column => column.Name == to.Columns[i].Name);
            if (areBuckets) SeriesBuckets.CopyColumn(from, source, converted, i);
            else
                for (var row = 0; row < from.Count; row++)
                    converted.Values[i][row] = source < 0 ? Pack(to.Columns[i].Type, double.NaN)
                        : columns[source].Type == to.Columns[i].Type ? from.Values[source][row] : Pack(to.Columns[i].Type, ToDouble(columns[source].Type, from.Values[source][row]));
        }
        return converted;
    }

    public static double ToDouble(SeriesColumnType type, long value) => type switch
    {
        SeriesColumnType.Single => SeriesValue.ToSingle(value),
        SeriesColumnType.Double => SeriesValue.ToDouble(value),
        _ => value,
    };

    private static long Pack(SeriesColumnType type, double value) => type switch
    {
        SeriesColumnType.Single => SeriesValue.Of((float)value),
        SeriesColumnType.Double => SeriesValue.Of(value),
        _ => double.IsNaN(value) ? 0 : (long)value, // saturates
    };

    private static EdgeDataException Malformed() => new("Malformed series.shape: it has a line for each value, of a name and a type.", "series.shape", 0);
}
