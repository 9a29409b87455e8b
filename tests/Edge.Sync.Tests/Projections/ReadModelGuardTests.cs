using System.Diagnostics;
using Edge.Sync.Tests.Database;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Projections;

/// <summary>Read models are written by their database alone.</summary>
public class ReadModelGuardTests
{
    private const string Shell = "/usr/bin/sqlite3";

    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    public static TheoryData<string> Writes() => ["INSERT INTO job (id, Title, Done, Priority, Minutes, Parts, Notes) VALUES ('x', '', 0, 0, 0, '[]', '')", "UPDATE job SET Title = 'x'", "DELETE FROM job"];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Plain_connection_is_refused_and_told_what_to_use(string sql)
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "ours");
        using (var connection = PlainSql.Open(folder["a.db"], SqliteOpenMode.ReadWrite))
        {
            var error = Assert.Throws<SqliteException>(() => PlainSql.Execute(connection, sql));
            Assert.Contains("db.Documents<T>().EditAsync", error.Message, StringComparison.Ordinal);
        }
        if (File.Exists(Shell)) Assert.Contains("db.Documents<T>().EditAsync", await InShellAsync(folder["a.db"], sql), StringComparison.Ordinal);
        Assert.Equal("ours", PlainSql.Scalar(folder["a.db"], "SELECT Title FROM job"));
        // Our own writes go on.
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "ours again");
        Assert.Equal("ours again", PlainSql.Scalar(folder["a.db"], "SELECT Title FROM job"));
        await db.Documents<Job>().DeleteAsync(s_pump);
        Assert.Equal(0L, PlainSql.Scalar(folder["a.db"], "SELECT count(*) FROM job"));
    }

    [Fact]
    public async Task Tables_that_were_made_without_a_guard_get_one()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            await db.Documents<Job>().CountAsync();
        PlainSql.Execute(folder["a.db"], "DROP TRIGGER edge_guard_job_INSERT; DROP TRIGGER edge_guard_job_UPDATE; DROP TRIGGER edge_guard_job_DELETE");
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await again.Documents<Job>().CountAsync();
        Assert.Equal(3L, PlainSql.Scalar(folder["a.db"], "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"));
    }

    [Fact]
    public async Task Conflicts_are_guarded_too()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Conflicts.ToListAsync();
        using var connection = PlainSql.Open(folder["a.db"], SqliteOpenMode.ReadWrite);
        var error = Assert.Throws<SqliteException>(() => PlainSql.Execute(connection, "INSERT INTO edge_conflicts VALUES ('job', x'', 0, x'', 0, x'', 0, 0, NULL, NULL)"));
        Assert.Contains("RestoreAsync", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> InShellAsync(string path, string sql)
    {
        using var process = Process.Start(new ProcessStartInfo(Shell, [path, sql]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return error;
    }
}
