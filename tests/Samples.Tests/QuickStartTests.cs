using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests;

/// <summary>
/// Runs the quick start as its reader does: two processes, a folder, no server. <c>EDGE_SYNC_QUICKSTART</c> names another executable, such as the one
/// compiled ahead of time; the built one is the default.
/// </summary>
/// <remarks>The program meets its peers on fixed ports of this machine, so its tests run one after the other: they are one class.</remarks>
public class QuickStartTests
{
    private static readonly string s_executable = Environment.GetEnvironmentVariable("EDGE_SYNC_QUICKSTART") is { Length: > 0 } path ? path : ChildProcess.Built("QuickStart");

    [Fact]
    public async Task Process_killed_in_the_middle_of_its_edit_and_started_again_ends_with_exactly_one_edit_of_each()
    {
        using var folder = new TempFolder();
        // Bob's file is there already, with a trigger that never ends on the table of changes: his edit stops half-way, after the insert.
        await (await EdgeDatabase.OpenAsync(folder["bob.db"])).DisposeAsync();
        await ExecuteAsync(folder["bob.db"], """
            CREATE TABLE numbers (n); INSERT INTO numbers SELECT value FROM json_each('[' || substr(replace(hex(zeroblob(1000)), '00', ',1'), 2) || ']');
            CREATE TRIGGER stall AFTER INSERT ON edge_changes BEGIN SELECT count(*) FROM numbers a, numbers b, numbers c, numbers d, numbers e WHERE a.n + b.n + c.n + d.n + e.n = 0; END;
            """);
        using var alice = ChildProcess.Start(s_executable, folder.Path, "alice");
        Assert.Equal("Replace pump 7: 30 min | seal from alice | alice was here. ", await alice.ReadLineAsync());

        using (var killed = ChildProcess.Start(s_executable, folder.Path, "bob"))
        {
            await WaitUntilInsideEditAsync(folder["bob.db"]);
            Assert.Empty(await killed.KillAsync());
        }
        await ExecuteAsync(folder["bob.db"], "DROP TRIGGER stall; DROP TABLE numbers;");
        Assert.Equal(0L, await ScalarAsync(folder["bob.db"], "SELECT count(*) FROM edge_changes"));

        using var bob = ChildProcess.Start(s_executable, folder.Path, "bob");
        var (byAlice, byBob) = (await alice.WaitForLineAsync(Minutes(60)), await bob.WaitForLineAsync(Minutes(60)));
        Assert.Equal(byAlice, byBob);
        Assert.Contains(byBob, (string[])[
            "Replace pump 7: 60 min | seal from alice, seal from bob | alice was here. bob was here. ",
            "Replace pump 7: 60 min | seal from alice, seal from bob | bob was here. alice was here. "]);
        Assert.Empty(await alice.KillAsync());
        Assert.Empty(await bob.KillAsync());
        await AssertFilesEqualAsync(folder, 60, 2);
    }

    [Fact]
    public async Task Process_killed_after_its_commit_was_seen_and_started_again_loses_nothing()
    {
        using var folder = new TempFolder();
        using var alice = ChildProcess.Start(s_executable, folder.Path, "alice");
        await alice.WaitForLineAsync(Minutes(30));
        using (var killed = ChildProcess.Start(s_executable, folder.Path, "bob"))
        {
            await alice.WaitForLineAsync(Minutes(60));
            await killed.KillAsync();
        }

        using var bob = ChildProcess.Start(s_executable, folder.Path, "bob");
        var (byAlice, byBob) = (await alice.WaitForLineAsync(Minutes(90)), await bob.WaitForLineAsync(Minutes(90)));
        Assert.Equal(byAlice, byBob);
        Assert.StartsWith("Replace pump 7: 90 min | seal from alice, seal from bob | ", byBob, StringComparison.Ordinal);
        Assert.Equal(3, byBob.Split("was here. ").Length - 1);
        await alice.KillAsync();
        await bob.KillAsync();
        await AssertFilesEqualAsync(folder, 90, 3);
    }

    [Fact]
    public async Task Processes_that_were_never_up_together_merge_when_they_meet()
    {
        using var folder = new TempFolder();
        foreach (var name in (string[])["alice", "bob"])
        {
            using var alone = ChildProcess.Start(s_executable, folder.Path, name);
            Assert.Equal($"Replace pump 7: 30 min | seal from {name} | {name} was here. ", await alone.ReadLineAsync());
            await alone.KillAsync();
        }
        using var alice = ChildProcess.Start(s_executable, folder.Path, "alice");
        using var bob = ChildProcess.Start(s_executable, folder.Path, "bob");
        var (byAlice, byBob) = (await alice.WaitForLineAsync(Minutes(120)), await bob.WaitForLineAsync(Minutes(120)));
        Assert.Equal(byAlice, byBob);
        await alice.KillAsync();
        await bob.KillAsync();
        await AssertFilesEqualAsync(folder, 120, 4);
    }

    private static Func<string, bool> Minutes(int minutes) => line => line.Contains($": {minutes} min", StringComparison.Ordinal);

    // His table is there, so what he writes now is the edit; and he holds the write lock, so he is in the middle of it.
    private static async Task WaitUntilInsideEditAsync(string path)
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        while ((long)(await ScalarAsync(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'job'"))! == 0 || !await IsLockedAsync(path))
            await Task.Delay(5, patience.Token);
    }

    private static async Task<bool> IsLockedAsync(string path)
    {
        await using var connection = await OpenAsync(path);
        var result = SQLitePCL.raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE"); // fails at once; a command would wait
        return result == SQLitePCL.raw.SQLITE_BUSY;
    }

    private static async Task ExecuteAsync(string path, string sql) => await ScalarAsync(path, sql);

    private static async Task<object?> ScalarAsync(string path, string sql)
    {
        await using var connection = await OpenAsync(path);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    private static async Task<SqliteConnection> OpenAsync(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await connection.OpenAsync();
        return connection;
    }

    private static async Task AssertFilesEqualAsync(TempFolder folder, long minutes, long changes)
    {
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        foreach (var (db, path) in ((EdgeDatabase, string)[])[(alice, folder["alice.db"]), (bob, folder["bob.db"])])
        {
            var job = (await db.Documents<Job>().ToListAsync()).Single();
            Assert.Equal(minutes, job.Minutes.Value);
            Assert.Equal(["seal from alice", "seal from bob"], job.Parts);
            Assert.Equal(changes, await ScalarAsync(path, "SELECT count(*) FROM edge_changes"));
        }
        Assert.Equal(await alice.GetStateHashAsync(), await bob.GetStateHashAsync());
    }
}
