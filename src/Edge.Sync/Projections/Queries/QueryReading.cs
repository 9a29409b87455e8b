using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Projections.Queries;

/// <summary>Runs the SQL of a plan.</summary>
internal static class QueryReading
{
    private const int SqliteError = 1;

    /// <exception cref="EdgeDataException">The app's own search expression is malformed.</exception>
    public static TResult Run<TResult>(ReaderConnection reader, QueryPlan plan, SqlFragment sql, Func<SqliteStatement, TResult> read)
    {
        try
        {
            var statement = reader.Prepare(sql.ToString());
            try
            {
                sql.Bind(statement);
                return read(statement);
            }
            finally { statement.Reset(); }
        }
        // What is wrong in an app's own expression is not the file's fault.
        catch (SqliteException e) when (plan.IsRawSearch && e.SqliteErrorCode == SqliteError)
        {
            throw new EdgeDataException($"The search is no expression of FTS5. SQLite says: {e.Message} Use SearchSyntax.Words for what users type.", "search", innerException: e);
        }
    }
}
