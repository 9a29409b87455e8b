using Edge.Sync;
using Microsoft.Data.Sqlite;

namespace Samples.Tests;

/// <summary>
/// The quick start as its readers run it: two processes, no server. They meet on fixed ports of the loopback interface, so these tests run one after the other.
/// </summary>
/// <remarks><c>EDGE_SYNC_QUICKSTART</c> names another build of the program to run, such as the Native AOT one.</remarks>
public class QuickStartTests
{
    private static readonly string s_program = Environment.GetEnvironmentVariable("EDGE_SYNC_QUICKSTART") ?? SampleProcess.PathOf("QuickStart");

    [Fact]
    public async Task Two_processes_of_which_one_is_killed_in_mid_edit_end_with_60_minutes()
    {
        using var folder = new TempFolder();
        await using var alice = new SampleProcess(s_program, folder.Path, "alice");
        await alice.ReadUntilAsync(static line => line.Contains("30 min", StringComparison.Ordinal));

        // Bob is killed in the middle of his edit: his file exists, and its write lock is held elsewhere, so that his commit has to wait.
        await (await EdgeDatabase.OpenAsync(folder["bob.db"], Token)).DisposeAsync();
        await using (var holder = new SqliteConnection($"Data Source={folder["bob.db"]};Pooling=False"))
        {
            await holder.OpenAsync(Token);
            await using var transaction = holder.BeginTransaction(deferred: false);
            await using var killed = new SampleProcess(s_program, folder.Path, "bob");
            await WhenOpenedAsync(folder["bob.db"]);
            await killed.KillAsync();
        }
        Assert.Equal(0, await CountChangesAsync(folder["bob.db"]));

        await using var bob = new SampleProcess(s_program, folder.Path, "bob");
        Assert.True(IsWhole((await bob.ReadUntilAsync(IsWhole))[^1], minutes: 60));
        Assert.True(IsWhole((await alice.ReadUntilAsync(IsWhole))[^1], minutes: 60));
    }

    [Fact]
    public async Task Process_that_is_killed_after_its_edit_arrived_has_lost_nothing_when_it_starts_again()
    {
        using var folder = new TempFolder();
        await using var alice = new SampleProcess(s_program, folder.Path, "alice");
        await using (var killed = new SampleProcess(s_program, folder.Path, "bob"))
        {
            await alice.ReadUntilAsync(IsWhole);
            await killed.KillAsync();
        }

        // Started again, the program adds its half hour again; what the killed one had written is still there.
        await using var bob = new SampleProcess(s_program, folder.Path, "bob");
        await bob.ReadUntilAsync(static line => IsWhole(line, minutes: 90));
        await alice.ReadUntilAsync(static line => IsWhole(line, minutes: 90));
    }

    private static bool IsWhole(string line) => IsWhole(line, minutes: 60);

    private static bool IsWhole(string line, int minutes) =>
        line.StartsWith($"Replace pump 7: {minutes} min | seal from alice, seal from bob | ", StringComparison.Ordinal)
        && line.Contains("alice was here. ", StringComparison.Ordinal) && line.Contains("bob was here. ", StringComparison.Ordinal);

    // The program holds its side file's lock from the opening of the database on; the first thing that it then writes has to wait.
    private static async Task WhenOpenedAsync(string database)
    {
        using var watch = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await watch.WaitForNextTickAsync(Token))
        {
            try { await using var _ = new FileStream(database + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) { return; }
        }
    }

    private static async Task<long> CountChangesAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM edge_changes";
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
