using Edge.Sync.Projections;
using Edge.Sync.Projections.ReadModels;
using Edge.Sync.Series;
using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>Counts what a file holds. Reads all of its tables once.</summary>
internal static class StorageReader
{
    public const string ChangeCountSql = $"SELECT (SELECT count(*) FROM edge_changes) + ({PackedCountSql})";

    // Of a large value the length alone is read.
    private const string StateBytesSql = "ifnull(length(d.state), (SELECT length(s.state) FROM edge_states s WHERE s.row = d.row))";

    private const string PackedCountSql = "SELECT coalesce(sum(last - first + 1), 0) FROM edge_segments";

    public static StorageReport Read(SqliteConnection connection, string path)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        var pageBytes = Number(connection, "PRAGMA page_size");
        var fileBytes = Number(connection, "PRAGMA page_count") * pageBytes;
        var freeBytes = Number(connection, "PRAGMA freelist_count") * pageBytes;
        var packedBytes = Number(connection, "SELECT coalesce(sum(length(bytes)), 0) FROM edge_segments");
        var logBytes = Number(connection, "SELECT coalesce(sum(length(bytes)), 0) FROM edge_changes") + packedBytes;
        // What another version made otherwise counts as overhead.
        var areCurrent = SqliteStore.AreDerivedCurrent(connection);
        var historyBytes = !areCurrent ? 0 : Number(connection, "SELECT (SELECT coalesce(sum(length(tail) + length(covered)), 0) FROM edge_documents) + (SELECT coalesce(sum(length(sequences)), 0) FROM edge_history)");
        var tables = ReadTables(connection);
        var collections = ReadCollections(connection, tables, areCurrent ? StateBytesSql : "0");
        var stateBytes = collections.Sum(static collection => collection.StateBytes);
        var tableBytes = tables.Values.Sum();
        var series = ReadSeries(connection);
        var seriesBytes = series.Sum(static series => series.Bytes);
        var conflictBytes = Values(connection, "edge_conflicts");
        var eventBytes = Values(connection, "edge_events");
        var readModelBytes = ReadModelTables(connection).Sum(table => Values(connection, table)) + Values(connection, Projections.ReadModels.FoldJournal.Table);
        var searchBytes = Names(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'edge_search_*_data'").Sum(table => Values(connection, table));
        var undoBytes = Values(connection, "edge_undo");
        return new()
        {
            FileBytes = fileBytes,
            WriteAheadBytes = new FileInfo(path + "-wal") is { Exists: true } wal ? wal.Length : 0,
            LogBytes = logBytes,
            ChangeCount = Number(connection, ChangeCountSql),
            PackedCount = Number(connection, PackedCountSql),
            PackedBytes = packedBytes,
            PurgedCount = Count(connection, "edge_purged", "*"),
            MayEvict = SqliteStore.MayEvictIn(connection),
            EvictedCount = Count(connection, "edge_evicted", "*"),
            IncompleteCount = Count(connection, "edge_holes", "DISTINCT collection || '/' || hex(id)"),
            HoleCount = Count(connection, "edge_holes", "*"),
            StateBytes = stateBytes,
            HistoryBytes = historyBytes,
            TableBytes = tableBytes,
            SeriesBytes = seriesBytes,
            ConflictBytes = conflictBytes,
            EventBytes = eventBytes,
            ReadModelBytes = readModelBytes,
            SearchBytes = searchBytes,
            UndoBytes = undoBytes,
            FreeBytes = freeBytes,
            OverheadBytes = fileBytes - freeBytes - logBytes - historyBytes - stateBytes - tableBytes - seriesBytes - conflictBytes - eventBytes - readModelBytes - searchBytes - undoBytes,
            Collections = collections,
            Series = series,
        };
    }

    private static List<CollectionStorage> ReadCollections(SqliteConnection connection, Dictionary<string, long> tables, string stateBytesSql)
    {
        var collections = new List<CollectionStorage>();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT d.collection, count(*), sum(d.present = 0), coalesce(sum({stateBytesSql}), 0) FROM edge_documents d
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
            tables.Add(definition.Collection, Number(connection, $"SELECT coalesce(sum(length({SqlName.Id}){Row(definition.Fields.Select(static f => f.Name))}), 0) FROM {SqlName.Quote(definition.Collection)}"));
        }
        return tables;
    }

    // Numbers take up to 8 bytes; so they are counted.
    private static string Row(IEnumerable<string> columns) => string.Concat(columns.Select(static name =>
        $" + CASE typeof({SqlName.Quote(name)}) WHEN 'null' THEN 0 WHEN 'integer' THEN 8 WHEN 'real' THEN 8 ELSE length(CAST({SqlName.Quote(name)} AS BLOB)) END"));

    /// <summary>The values in a table; 0 where there is none of that name.</summary>
    private static long Values(SqliteConnection connection, string table)
    {
        var columns = Names(connection, "SELECT name FROM pragma_table_info($1)", table);
        return columns.Count == 0 ? 0 : Number(connection, $"SELECT coalesce(sum(0{Row(columns)}), 0) FROM {SqlName.Quote(table)}");
    }

    private static IEnumerable<string> ReadModelTables(SqliteConnection connection)
    {
        using var rows = new ProjectionRows(connection);
        return rows.Exists() ? [.. rows.Read().Values.SelectMany(static row => row.Tables.Concat(row.NextTables))] : [];
    }

    private static List<string> Names(SqliteConnection connection, string sql, string? parameter = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (parameter is not null) command.Parameters.AddWithValue("$1", parameter);
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
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
