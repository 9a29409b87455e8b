using System.Globalization;
using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Series;

/// <summary>Takes what can be read of series from a damaged file into a new one.</summary>
internal static class SeriesSalvage
{
    /// <summary>Copies rows, from both ends of each table towards a page that cannot be read; then removes what is not what was written.</summary>
    /// <param name="path">The damaged file.</param>
    /// <param name="to">The new file, outside of transactions.</param>
    /// <returns>How many points and buckets were saved.</returns>
    public static long Copy(string path, SqliteConnection to)
    {
        try
        {
            using var from = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            from.Open();
            if (!SeriesTables.Exist(from)) return 0;
            SqliteStore.InTransaction(to, () =>
            {
                SqliteStore.Execute(to, SeriesTables.CreateSql);
                foreach (var table in SeriesTables.Names)
                {
                    if (!TryCopy(from, to, table, "ASC")) TryCopy(from, to, table, "DESC");
                }
                foreach (var (table, row) in SeriesCheck.FindDamaged(to))
                    SqliteStore.Execute(to, $"DELETE FROM {table} WHERE rowid = {row.ToString(CultureInfo.InvariantCulture)}");
            });
            return SeriesCheck.Check(to, static (_, _, _) => { });
        }
        // The log is what a repair is for: without its series a file is still whole.
        catch (Exception e) when (e is SqliteException || SqliteErrors.IsForeignValue(e)) { return 0; }
    }

    private static bool TryCopy(SqliteConnection from, SqliteConnection to, string table, string direction)
    {
        try
        {
            using var read = from.CreateCommand();
            read.CommandText = $"SELECT * FROM {table} ORDER BY rowid {direction}";
            using var rows = read.ExecuteReader();
            using var write = to.CreateCommand();
            write.CommandText = $"INSERT OR IGNORE INTO {table} VALUES ({string.Join(", ", Enumerable.Range(0, rows.FieldCount).Select(static i => $"${i}"))})";
            for (var i = 0; i < rows.FieldCount; i++)
                write.Parameters.AddWithValue($"${i}", DBNull.Value);
            while (rows.Read())
            {
                for (var i = 0; i < rows.FieldCount; i++)
                    write.Parameters[i].Value = rows.GetValue(i);
                write.ExecuteNonQuery();
            }
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode != SQLitePCL.raw.SQLITE_FULL) { return false; }
    }
}
