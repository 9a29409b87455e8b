using Edge.Sync;
using Edge.Sync.Tests;
using Microsoft.Data.Sqlite;

namespace Samples.Tests;

/// <summary>
/// The quick start as its readers run it: two processes, no server. They meet on fixed ports of the loopback interface, so these tests run one after the other.
/// </summary>
/// <remarks><c>EDGE_SYNC_QUICKSTART</c> names another build of the program to run, such as the Native AOT one.</remarks>
public class QuickStartTests
{
    private static readonly string s_program = Environment.GetEnvironmentVariable("EDGE_SYNC_QUICKSTART") ?? ChildProcess.Built("QuickStart");

    [Fact]
    public async Task Two_processes_of_which_one_is_killed_in_mid_edit_end_with_60_minutes()
    {
        using var folder = new TempFolder();
        // Bob's file is there already, with an index whose keys take for ever: his edit stops half-way, after the change went into the log. (Triggers do not run on the writer's connection.)
        await (await EdgeDatabase.OpenAsync(folder["bob.db"], Token)).DisposeAsync();
        await ExecuteAsync(folder["bob.db"], "CREATE INDEX stall ON edge_documents (instr(zeroblob(20000000), zeroblob(10000000) || x'01'))");
        using var alice = ChildProcess.Start(s_program, folder.Path, "alice");
        await alice.WaitForLineAsync(static line => line.Contains("30 min", StringComparison.Ordinal));
        using (var killed = ChildProcess.Start(s_program, folder.Path, "bob"))
        {
            await WhenInsideEditAsync(folder["bob.db"]);
            await killed.KillAsync();
        }
        await ExecuteAsync(folder["bob.db"], "DROP INDEX stall");
        Assert.Equal(0L, await ExecuteAsync(folder["bob.db"], "SELECT count(*) FROM edge_changes"));

        using var bob = ChildProcess.Start(s_program, folder.Path, "bob");
        Assert.True(IsWhole(await bob.WaitForLineAsync(IsWhole), minutes: 60));
        Assert.True(IsWhole(await alice.WaitForLineAsync(IsWhole), minutes: 60));
    }

    [Fact]
    public async Task Process_that_is_killed_after_its_edit_arrived_has_lost_nothing_when_it_starts_again()
    {
        using var folder = new TempFolder();
        using var alice = ChildProcess.Start(s_program, folder.Path, "alice");
        using (var killed = ChildProcess.Start(s_program, folder.Path, "bob"))
        {
            await alice.WaitForLineAsync(IsWhole);
            await killed.KillAsync();
        }

        // Started again, the program adds its half hour again; what the killed one had written is still there.
        using var bob = ChildProcess.Start(s_program, folder.Path, "bob");
        await bob.WaitForLineAsync(static line => IsWhole(line, minutes: 90));
        await alice.WaitForLineAsync(static line => IsWhole(line, minutes: 90));
    }

    private static bool IsWhole(string line) => IsWhole(line, minutes: 60);

    private static bool IsWhole(string line, int minutes) =>
        line.StartsWith($"Replace pump 7: {minutes} min | seal from alice, seal from bob | ", StringComparison.Ordinal)
        && line.Contains("alice was here. ", StringComparison.Ordinal) && line.Contains("bob was here. ", StringComparison.Ordinal);

    // His read model is there, so what he writes now is the edit; and he holds the write lock, so he is in the middle of it.
    private static async Task WhenInsideEditAsync(string database)
    {
        using var watch = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await watch.WaitForNextTickAsync(Token))
            if ((long)(await ExecuteAsync(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'job'"))! == 1 && await IsLockedAsync(database)) return;
    }

    private static async Task<bool> IsLockedAsync(string database)
    {
        await using var connection = await OpenAsync(database);
        return SQLitePCL.raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE") == SQLitePCL.raw.SQLITE_BUSY; // at once; a command would wait
    }

    private static async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Token);
    }

    private static async Task<SqliteConnection> OpenAsync(string database)
    {
        var connection = new SqliteConnection($"Data Source={database};Mode=ReadWrite;Pooling=False");
        await connection.OpenAsync(Token);
        return connection;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
