using Edge.Sync.Projections;
using Edge.Sync.Series;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>Counts what a file holds. Reads all of its tables once.</summary>
internal static class StorageReader
{
    public const string ChangeCountSql = $"SELECT (SELECT count(*) FROM edge_changes) + ({PackedCountSql})";

    private const string PackedCountSql = "SELECT coalesce(sum(last - first + 1), 0) FROM edge_segments";

    public static StorageReport Read(SqliteConnection connection, string path)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        var pageBytes = Number(connection, "PRAGMA page_size");
        var fileBytes = Number(connection, "PRAGMA page_count") * pageBytes;
        var freeBytes = Number(connection, "PRAGMA freelist_count") * pageBytes;
        var packedBytes = Number(connection, "SELECT coalesce(sum(length(bytes)), 0) FROM edge_segments");
        var logBytes = Number(connection, "SELECT coalesce(sum(length(bytes)), 0) FROM edge_changes") + packedBytes;
        var historyBytes = Number(connection, "SELECT (SELECT coalesce(sum(length(tail)), 0) FROM edge_documents) + (SELECT coalesce(sum(length(sequences)), 0) FROM edge_history)");
        var tables = ReadTables(connection);
        var collections = ReadCollections(connection, tables);
        var stateBytes = collections.Sum(static collection => collection.StateBytes);
        var tableBytes = tables.Values.Sum();
        var series = ReadSeries(connection);
        var seriesBytes = series.Sum(static series => series.Bytes);
        return new()
        {
            FileBytes = fileBytes,
            WriteAheadBytes = new FileInfo(path + "-wal") is { Exists: true } wal ? wal.Length : 0,
            LogBytes = logBytes,
            ChangeCount = Number(connection, ChangeCountSql),
            PackedCount = Number(connection, PackedCountSql),
            PackedBytes = packedBytes,
            PurgedCount = Count(connection, "edge_purged", "*"),
            MayEvict = Storage.SqliteStore.MayEvictIn(connection),
            EvictedCount = Count(connection, "edge_evicted", "*"),
            IncompleteCount = Count(connection, "edge_holes", "DISTINCT collection || '/' || hex(id)"),
            HoleCount = Count(connection, "edge_holes", "*"),
            StateBytes = stateBytes,
            HistoryBytes = historyBytes,
            TableBytes = tableBytes,
            SeriesBytes = seriesBytes,
            FreeBytes = freeBytes,
            OverheadBytes = fileBytes - freeBytes - logBytes - historyBytes - stateBytes - tableBytes - seriesBytes,
            Collections = collections,
            Series = series,
        };
    }

    private static List<CollectionStorage> ReadCollections(SqliteConnection connection, Dictionary<string, long> tables)
    {
        var collections = new List<CollectionStorage>();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT d.collection, count(*), sum(d.present = 0), coalesce(sum(length(s.state)), 0) FROM edge_documents d LEFT JOIN edge_states s ON s.row = d.row
            GROUP BY d.collection ORDER BY d.collection
            """;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            collections.Add(new()
            {
                Collection = reader.GetString(0),
                DocumentCount = reader.GetInt64(1),
                DeletedCount = reader.GetInt64(2),
                StateBytes = reader.GetInt64(3),
                TableBytes = tables.GetValueOrDefault(reader.GetString(0)),
            });
        return collections;
    }

    private static Dictionary<string, long> ReadTables(SqliteConnection connection)
    {
        var tables = new Dictionary<string, long>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT collection, definition FROM edge_projections";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var definition = ProjectionDefinition.Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
            // Numbers take up to 8 bytes; so they are counted.
            var row = string.Concat(definition.Fields.Select(static f => $" + CASE typeof({SqlName.Quote(f.Name)}) WHEN 'null' THEN 0 WHEN 'integer' THEN 8 WHEN 'real' THEN 8 ELSE length(CAST({SqlName.Quote(f.Name)} AS BLOB)) END"));
            tables.Add(definition.Collection, Number(connection, $"SELECT coalesce(sum(length({SqlName.Id}){row}), 0) FROM {SqlName.Quote(definition.Collection)}"));
        }
        return tables;
    }

    private static List<SeriesStorage> ReadSeries(SqliteConnection connection)
    {
        var all = new List<SeriesStorage>();
        if (!SeriesTables.Exist(connection)) return all;
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT s.name, (SELECT count(*) FROM edge_series_keys k WHERE k.series = s.series),
                coalesce(j.points, 0) + coalesce(b.points, 0), coalesce(b.buckets, 0), coalesce(j.bytes, 0) + coalesce(b.bytes, 0)
            FROM edge_series s
            LEFT JOIN (SELECT series, sum(points) AS points, sum(length(bytes)) AS bytes FROM edge_series_journal GROUP BY series) j ON j.series = s.series
            LEFT JOIN (SELECT series, sum(iif(bucket = 0, points, 0)) AS points, sum(iif(bucket = 0, 0, points)) AS buckets, sum(length(bytes)) AS bytes FROM edge_series_blocks GROUP BY series) b ON b.series = s.series
            ORDER BY s.name
            """;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            all.Add(new() { Series = reader.GetString(0), KeyCount = reader.GetInt64(1), PointCount = reader.GetInt64(2), BucketCount = reader.GetInt64(3), Bytes = reader.GetInt64(4) });
        return all;
    }

    // A file that this version has never opened may lack the table.
    private static long Count(SqliteConnection connection, string table, string what) =>
        Number(connection, $"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '{table}'") == 0 ? 0 : Number(connection, $"SELECT count({what}) FROM {table}");

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
