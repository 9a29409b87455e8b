using Edge.Sync.Storage;

namespace Edge.Sync.Projections;

/// <summary>Refuses to let other programs write into read models, whose rows would differ from the log until they are made again.</summary>
/// <remarks>
/// Triggers that always fail. The writer's own connection has triggers turned off (<see cref="SqliteStore"/>), so they cost it nothing; whoever else writes meets them, the sqlite3 shell
/// included. Dropping a table is no writing: it is made again at the next use.
/// </remarks>
internal static class ReadModelGuard
{
    private static readonly string[] s_writes = ["INSERT", "UPDATE", "DELETE"];

    /// <summary>Makes the triggers of a table where they are missing. They go with the table.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="use">What to use instead.</param>
    public static string CreateSql(string table, string use)
    {
        var message = $"{table} is a read model of Edge.Sync, made from its log: what is written here would be lost. Use {use} instead.".Replace("'", "''", StringComparison.Ordinal);
        return string.Concat(s_writes.Select(write =>
            $"CREATE TRIGGER IF NOT EXISTS {SqlName.Quote($"edge_guard_{table}_{write}")} BEFORE {write} ON {SqlName.Quote(table)} BEGIN SELECT RAISE(ABORT, '{message}'); END;"));
    }
}
