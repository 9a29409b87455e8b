namespace Edge.Sync.Series;

/// <summary>
/// Points that were put together: a row for each stretch of time, by its begin. How many points there were, when the last one was, and for each value how many were numbers, their least, greatest and sum, and the last one.
/// </summary>
/// <remarks>
/// Rows of one stretch join into the row of all their points, in any order, so a point that comes late is added to what is there. Stretches are counted from year 1 in UTC: hours begin at the hour.
/// </remarks>
internal static class SeriesBuckets
{
    /// <summary>Columns before those of the values.</summary>
    public const int Fixed = 2;

    private const int Count = 0, LastAt = 1, Width = 5, Numbers = 0, Min = 1, Max = 2, Sum = 3, Last = 4;

    public static SeriesColumnType[] TypesOf(int values)
    {
        var types = new SeriesColumnType[Fixed + values * Width];
        Array.Fill(types, SeriesColumnType.Double);
        types[Count] = types[LastAt] = SeriesColumnType.Integer;
        for (var i = 0; i < values; i++)
            types[Fixed + i * Width + Numbers] = SeriesColumnType.Integer;
        return types;
    }

    /// <summary>Adds points, or finer buckets, to the rows in <paramref name="to"/>, which are ascending.</summary>
    /// <param name="from">In order of time, none before the last row.</param>
    /// <param name="types">Of the points' values.</param>
    /// <param name="areBuckets">Whether they are buckets.</param>
    /// <param name="ticks">How long a stretch is.</param>
    /// <param name="to">The rows.</param>
    public static void Roll(PointColumns from, SeriesColumnType[] types, bool areBuckets, long ticks, PointColumns to)
    {
        for (var row = 0; row < from.Count; row++)
        {
            var start = from.Times[row] - from.Times[row] % ticks;
            var at = to.Count > 0 && to.Last == start ? to.Count - 1 : -1;
            if (areBuckets)
            {
                if (at >= 0) Join(to, at, from, row);
                else
                {
                    to.Add(from, row);
                    to.Times[to.Count - 1] = start;
                }
                continue;
            }
            if (at < 0)
            {
                at = to.Add(start);
                foreach (var column in to.Values) column[at] = 0;
            }
            AddPoint(to, at, from, row, types);
        }
    }

    /// <summary>Joins a row into another one of the same stretch.</summary>
    public static void Join(PointColumns to, int at, PointColumns from, int row)
    {
        var isNewer = from.Values[LastAt][row] >= to.Values[LastAt][at];
        to.Values[Count][at] += from.Values[Count][row];
        if (isNewer) to.Values[LastAt][at] = from.Values[LastAt][row];
        for (var column = Fixed; column < to.Values.Length; column += Width)
        {
            if (from.Values[column + Numbers][row] > 0)
            {
                var isFirst = to.Values[column + Numbers][at] == 0;
                to.Values[column + Numbers][at] += from.Values[column + Numbers][row];
                Set(to, column + Min, at, Math.Min(isFirst ? double.PositiveInfinity : Get(to, column + Min, at), Get(from, column + Min, row)));
                Set(to, column + Max, at, Math.Max(isFirst ? double.NegativeInfinity : Get(to, column + Max, at), Get(from, column + Max, row)));
                Set(to, column + Sum, at, (isFirst ? 0 : Get(to, column + Sum, at)) + Get(from, column + Sum, row));
            }
            if (isNewer) to.Values[column + Last][at] = from.Values[column + Last][row];
        }
    }

    /// <summary>Copies the columns of one value; where there is none, it has no numbers.</summary>
    public static void CopyColumn(PointColumns from, int source, PointColumns to, int target)
    {
        for (var i = 0; i < Width; i++)
        {
            var column = to.Values[Fixed + target * Width + i];
            if (source >= 0) Array.Copy(from.Values[Fixed + source * Width + i], column, from.Count);
            else if (i == Last) Array.Fill(column, SeriesValue.Of(double.NaN), 0, from.Count);
        }
    }

    public static SeriesBucket ToBucket(string key, PointColumns rows, int row, long ticks, SeriesShape shape)
    {
        var values = new SeriesSummary[shape.Columns.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var column = Fixed + i * Width;
            var numbers = rows.Values[column + Numbers][row];
            values[i] = numbers == 0 ? new(0, double.NaN, double.NaN, double.NaN, Get(rows, column + Last, row))
                : new(numbers, Get(rows, column + Min, row), Get(rows, column + Max, row), Get(rows, column + Sum, row), Get(rows, column + Last, row));
        }
        return new(key, new(rows.Times[row], TimeSpan.Zero), TimeSpan.FromTicks(ticks), rows.Values[Count][row], shape, values);
    }

    private static void AddPoint(PointColumns to, int at, PointColumns from, int row, SeriesColumnType[] types)
    {
        var isFirst = to.Values[Count][at]++ == 0;
        var isNewer = isFirst || from.Times[row] >= to.Values[LastAt][at];
        if (isNewer) to.Values[LastAt][at] = from.Times[row];
        for (var i = 0; i < types.Length; i++)
        {
            var (column, value) = (Fixed + i * Width, SeriesShape.ToDouble(types[i], from.Values[i][row]));
            if (isNewer) Set(to, column + Last, at, value);
            if (double.IsNaN(value)) continue;
            var isFirstNumber = to.Values[column + Numbers][at]++ == 0;
            Set(to, column + Min, at, isFirstNumber ? value : Math.Min(Get(to, column + Min, at), value));
            Set(to, column + Max, at, isFirstNumber ? value : Math.Max(Get(to, column + Max, at), value));
            Set(to, column + Sum, at, isFirstNumber ? value : Get(to, column + Sum, at) + value);
        }
    }

    private static double Get(PointColumns rows, int column, int row) => SeriesValue.ToDouble(rows.Values[column][row]);

    private static void Set(PointColumns rows, int column, int row, double value) => rows.Values[column][row] = SeriesValue.Of(value);
}
