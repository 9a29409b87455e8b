using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Database;

public class ReadConnectionTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_reads_what_is_committed()
    {
        using var folder = new TempFolder();
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "first", Token);
        await using var sql = await db.OpenReadConnectionAsync(Token);
        Assert.Equal("first", await ScalarAsync(sql, "SELECT Title FROM job"));
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "second", Token);
        Assert.Equal("second", await ScalarAsync(sql, "SELECT Title FROM job"));
    }

    [Theory]
    [InlineData("UPDATE job SET Title = 'x'")]
    [InlineData("DELETE FROM edge_changes")]
    [InlineData("DROP TABLE job")]
    [InlineData("CREATE TABLE other (x)")]
    [InlineData("CREATE TEMP TABLE other (x)")]
    public async Task Connection_cannot_write(string sql)
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "first", Token);
        await using var connection = await db.OpenReadConnectionAsync(Token);
        await Assert.ThrowsAsync<SqliteException>(() => ScalarAsync(connection, sql));
    }

    [Fact]
    public async Task Transaction_sees_one_moment_while_the_writer_goes_on()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "first", Token);
        await using var sql = await db.OpenReadConnectionAsync(Token);
        await using (var transaction = await sql.BeginTransactionAsync(Token))
        {
            Assert.Equal("first", await ScalarAsync(sql, "SELECT Title FROM job", transaction));
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "second", Token);
            Assert.Equal("first", await ScalarAsync(sql, "SELECT Title FROM job", transaction));
        }
        Assert.Equal("second", await ScalarAsync(sql, "SELECT Title FROM job"));
    }

    [Fact]
    public async Task Disposed_database_gives_no_connection()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => db.OpenReadConnectionAsync(Token));
    }

    private static async Task<object?> ScalarAsync(DbConnection connection, string sql, DbTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return await command.ExecuteScalarAsync(Token);
    }
}
