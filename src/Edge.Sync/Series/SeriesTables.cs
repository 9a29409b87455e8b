using Microsoft.Data.Sqlite;

namespace Edge.Sync.Series;

/// <summary>The tables of series. They are made when the first point is appended; the log knows nothing of them.</summary>
internal static class SeriesTables
{
    /// <summary>All of them, those that others refer to first.</summary>
    public static readonly string[] Names = ["edge_series", "edge_series_shapes", "edge_series_keys", "edge_series_journal", "edge_series_blocks"];

    public const string CreateSql = """
        CREATE TABLE IF NOT EXISTS edge_series (series INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

        -- The values of points, by name and type, whenever a struct had other ones. See SeriesShape.
        CREATE TABLE IF NOT EXISTS edge_series_shapes (shape INTEGER PRIMARY KEY, series INTEGER NOT NULL, columns TEXT NOT NULL, UNIQUE (series, columns));

        CREATE TABLE IF NOT EXISTS edge_series_keys (key INTEGER PRIMARY KEY, series INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (series, name));

        -- What was appended last, as it came: one row for each commit. See SeriesJournal.
        CREATE TABLE IF NOT EXISTS edge_series_journal (entry INTEGER PRIMARY KEY, series INTEGER NOT NULL, shape INTEGER NOT NULL, points INTEGER NOT NULL, bytes BLOB NOT NULL);

        -- Packed points, first to last in ticks of UTC; where bucket is not 0, points that were put together, by so many ticks. Blocks of one key and bucket do not overlap. See SeriesBlock.
        CREATE TABLE IF NOT EXISTS edge_series_blocks (
            block INTEGER PRIMARY KEY, series INTEGER NOT NULL, key INTEGER NOT NULL, bucket INTEGER NOT NULL, shape INTEGER NOT NULL,
            first INTEGER NOT NULL, last INTEGER NOT NULL, points INTEGER NOT NULL, bytes BLOB NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS edge_series_blocks_by_key ON edge_series_blocks (key, bucket, first);
        CREATE INDEX IF NOT EXISTS edge_series_blocks_by_time ON edge_series_blocks (series, bucket, first);
        """;

    public static bool Exist(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'edge_series_blocks'";
        return (long)command.ExecuteScalar()! > 0;
    }
}
