using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Series;

/// <summary>Looks at all that is kept of series. Reads only.</summary>
internal static class SeriesCheck
{
    /// <summary>Rows that are not what was written.</summary>
    public static List<(string Table, long Row)> FindDamaged(SqliteConnection connection)
    {
        var damaged = new List<(string Table, long Row)>();
        Check(connection, (table, row, _) => damaged.Add((table, row)));
        return damaged;
    }

    /// <summary>Tells of each row that is not what was written.</summary>
    /// <returns>How many points there are: those as they came, and buckets.</returns>
    public static long Check(SqliteConnection connection, Action<string, long, string> onDamaged)
    {
        if (!SeriesTables.Exist(connection)) return 0;
        var shapes = new Dictionary<long, (long Series, SeriesShape Shape)>();
        var keys = new Dictionary<long, long>();
        using (var read = new SqliteStatement(connection, "SELECT shape, series, columns FROM edge_series_shapes"))
            while (read.Step())
            {
                try { shapes.Add(read.Int64(0), (read.Int64(1), SeriesShape.Parse(read.WholeText(2)))); }
                catch (EdgeDataException e) { onDamaged("edge_series_shapes", read.Int64(0), e.Message); }
            }
        using (var read = new SqliteStatement(connection, "SELECT key, series FROM edge_series_keys"))
            while (read.Step()) keys.Add(read.Int64(0), read.Int64(1));
        return CheckBlocks(connection, shapes, keys, onDamaged) + CheckJournal(connection, shapes, keys, onDamaged);
    }

    private static long CheckBlocks(SqliteConnection connection, Dictionary<long, (long Series, SeriesShape Shape)> shapes, Dictionary<long, long> keys, Action<string, long, string> onDamaged)
    {
        var total = 0L;
        var before = (Key: 0L, Bucket: 0L, Last: -1L);
        using var read = new SqliteStatement(connection, "SELECT block, series, key, bucket, shape, first, last, points, bytes FROM edge_series_blocks ORDER BY key, bucket, first");
        while (read.Step())
        {
            var (block, bucket) = (read.Int64(0), read.Int64(3));
            try
            {
                if (!shapes.TryGetValue(read.Int64(4), out var shape) || shape.Series != read.Int64(1)) throw new InvalidCastException("its shape is missing");
                if (!keys.TryGetValue(read.Int64(2), out var series) || series != read.Int64(1)) throw new InvalidCastException("its key is missing");
                var points = SeriesBlock.Read(read.Blob(8), shape.Shape.Types(bucket > 0));
                if (points.First != read.Int64(5) || points.Last != read.Int64(6) || points.Count != read.Int64(7)) throw new InvalidCastException("it is filed under other times than its own");
                if ((before.Key, before.Bucket) == (read.Int64(2), bucket) && before.Last >= points.First) throw new InvalidCastException("it overlaps the one before");
                if (bucket < 0 || (bucket > 0 && Array.Exists(points.Times[..points.Count], time => time % bucket != 0))) throw new InvalidCastException("its buckets do not begin where buckets do");
                before = (read.Int64(2), bucket, points.Last);
                total += points.Count;
            }
            catch (Exception e) when (e is EdgeDataException or InvalidCastException) { onDamaged("edge_series_blocks", block, $"block {block} of a series: {e.Message}"); }
        }
        return total;
    }

    private static long CheckJournal(SqliteConnection connection, Dictionary<long, (long Series, SeriesShape Shape)> shapes, Dictionary<long, long> keys, Action<string, long, string> onDamaged)
    {
        var total = 0L;
        using var read = new SqliteStatement(connection, "SELECT entry, series, shape, points, bytes FROM edge_series_journal ORDER BY entry");
        while (read.Step())
        {
            var entry = read.Int64(0);
            try
            {
                if (!shapes.TryGetValue(read.Int64(2), out var shape) || shape.Series != read.Int64(1)) throw new InvalidCastException("its shape is missing");
                var points = new Dictionary<long, PointColumns>();
                SeriesJournal.Read(read.Blob(4), shape.Shape, shape.Shape, null, points);
                if (points.Keys.Any(key => !keys.TryGetValue(key, out var series) || series != read.Int64(1))) throw new InvalidCastException("its key is missing");
                if (points.Values.Sum(static run => run.Count) != read.Int64(3)) throw new InvalidCastException("it has not as many points as it says");
                total += read.Int64(3);
            }
            catch (Exception e) when (e is EdgeDataException or InvalidCastException) { onDamaged("edge_series_journal", entry, $"entry {entry} of a series' journal: {e.Message}"); }
        }
        return total;
    }
}
