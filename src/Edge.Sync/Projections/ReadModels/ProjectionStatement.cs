using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>Which statements a projection may run: those that cannot end the commit's transaction, and one at a time, for SQLite would run the first of several and say nothing.</summary>
internal static class ProjectionStatement
{
    private static readonly string[] s_reading = ["SELECT", "WITH"], s_writing = ["INSERT", "UPDATE", "DELETE", "REPLACE"];

    /// <exception cref="InvalidOperationException">It may not run.</exception>
    /// <exception cref="SqliteException">It is no SQL.</exception>
    public static void Verify(SqliteConnection connection, string sql, bool isCreating)
    {
        var first = FirstWord(sql);
        if (!s_reading.Contains(first, StringComparer.OrdinalIgnoreCase) && !s_writing.Contains(first, StringComparer.OrdinalIgnoreCase) && !(isCreating && first.Equals("CREATE", StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException($"A projection does not run {first.ToUpperInvariant()}: in Apply it inserts, updates and deletes rows of its tables, in CreateTables it makes tables and indexes.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, sql, out var statement, out var rest), connection.Handle);
        statement.Dispose();
        if (rest.AsSpan().Trim(" \t\r\n;").Length > 0)
            throw new InvalidOperationException($"One statement at a time: behind the first one stands '{rest.Trim()}'. Call Execute for each.");
    }

    private static string FirstWord(string sql)
    {
        var start = sql.AsSpan().TrimStart();
        var length = 0;
        while (length < start.Length && char.IsAsciiLetter(start[length])) length++;
        return start[..length].ToString();
    }
}
