using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Links;
using Edge.Sync.Tests.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Copies;

/// <summary>Files that are copied by other means than a backup, or rolled back: nothing is lost, nothing counts twice, and their owners are told.</summary>
public class CopiedFileTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Two_files_of_one_open_database_born_apart_merge()
    {
        using var folder = new TempFolder();
        await using var first = await OpenAsync(folder, "first", 1);
        await using var second = await OpenAsync(folder, "second", 2);
        await Meeting.MeetAllAsync(first, second);
        Assert.Equal(3, await MinutesAsync(first));
        Assert.Empty((await (await Exchange.LogOf(first)).SyncAsync(default)).Forks);
    }

    [Fact]
    public async Task Backup_restored_to_before_what_was_published_goes_on_with_all_of_it()
    {
        using var folder = new TempFolder();
        await using var hub = await OpenAsync(folder, "hub");
        await using (await OpenAsync(folder, "device", 9)) { }
        File.Copy(folder["device.db"], folder["backup.db"]);
        await using (var device = await OpenAsync(folder, "device", 20))
            await Meeting.MeetAsync(device, hub);
        File.Copy(folder["backup.db"], folder["device.db"], overwrite: true);
        await using var restored = await OpenAsync(folder, "device", 300);
        Assert.Equal(309, await MinutesAsync(restored));
        await Meeting.MeetAsync(restored, hub);
        Assert.Equal(329, await MinutesAsync(restored));
        await restored.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(4000), Token);
        await Meeting.MeetAllAsync(restored, hub);
        Assert.Equal(4329, await MinutesAsync(hub));
    }

    [Fact]
    public async Task Backup_restored_that_has_written_nothing_yet_takes_its_own_work_back_and_another_id()
    {
        using var folder = new TempFolder();
        await using var hub = await OpenAsync(folder, "hub");
        await using (await OpenAsync(folder, "device", 9)) { }
        File.Copy(folder["device.db"], folder["backup.db"]);
        ReplicaId before;
        await using (var device = await OpenAsync(folder, "device", 20))
        {
            before = await device.GetReplicaIdAsync(Token);
            await Meeting.MeetAsync(device, hub);
        }
        File.Copy(folder["backup.db"], folder["device.db"], overwrite: true);
        await using var restored = await OpenAsync(folder, "device");
        await Meeting.MeetAsync(restored, hub);
        Assert.Equal(29, await MinutesAsync(restored));
        Assert.NotEqual(before, await restored.GetReplicaIdAsync(Token));
        await restored.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1), Token);
        await Meeting.MeetAllAsync(restored, hub);
        Assert.Equal(30, await MinutesAsync(hub));
    }

    [Fact]
    public async Task Backup_restored_to_before_what_was_only_local_loses_that_and_nothing_else()
    {
        using var folder = new TempFolder();
        await using var hub = await OpenAsync(folder, "hub");
        await using (var device = await OpenAsync(folder, "device", 9))
            await Meeting.MeetAsync(device, hub);
        File.Copy(folder["device.db"], folder["backup.db"]);
        await using (await OpenAsync(folder, "device", 20)) { }
        File.Copy(folder["backup.db"], folder["device.db"], overwrite: true);
        await using var restored = await OpenAsync(folder, "device", 300);
        await Meeting.MeetAllAsync(restored, hub);
        Assert.Equal(309, await MinutesAsync(hub));
    }

    [Fact]
    public async Task Copy_of_a_copy_of_a_copy_counts_once_what_each_wrote_in_every_order_of_meeting()
    {
        for (var order = 0; order < 24; order++)
        {
            using var folder = new TempFolder();
            await using (await OpenAsync(folder, "0", 1)) { }
            for (var copy = 1; copy < 4; copy++)
            {
                File.Copy(folder[$"{copy - 1}.db"], folder[$"{copy}.db"]);
                await using (await OpenAsync(folder, $"{copy - 1}", 1000 * (int)Math.Pow(10, copy))) { }
                await using (await OpenAsync(folder, $"{copy}", (int)Math.Pow(10, copy))) { }
            }
            var files = new List<EdgeDatabase>();
            try
            {
                for (var i = 0; i < 4; i++)
                    files.Add(await OpenAsync(folder, $"{i}"));
                // Chains, stars and rings, from each end: which fork is found first, and by whom, differs.
                var order1 = Enumerable.Range(0, 4).OrderBy(i => (i * 7 + order * 5 + order / 4) % 11).ToArray();
                foreach (var i in Enumerable.Range(0, 3))
                    await Meeting.MeetAsync(files[order1[i]], files[order1[i + 1]]);
                await Meeting.MeetAllAsync([.. files]);
                foreach (var file in files)
                    Assert.Equal(1 + 10 + 100 + 1000 + 10_000 + 100_000 + 1_000_000, await MinutesAsync(file));
            }
            finally
            {
                foreach (var file in files)
                    await file.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Copy_that_is_started_while_its_original_goes_on_merges()
    {
        using var folder = new TempFolder();
        await using var hub = await OpenAsync(folder, "hub");
        await using var original = await OpenAsync(folder, "original", 9);
        await CopyLiveAsync(folder["original.db"], folder["copy.db"]);
        await original.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(10), Token);
        await Meeting.MeetAsync(original, hub);
        await using var copy = await OpenAsync(folder, "copy", 100);
        await original.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1000), Token);
        await Meeting.MeetAsync(copy, hub);
        await original.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(10_000), Token);
        await Meeting.MeetAllAsync(original, copy, hub);
        Assert.Equal(11_119, await MinutesAsync(hub));
    }

    [Fact]
    public async Task Two_live_copies_at_one_hub_at_once_merge_and_are_told_so()
    {
        using var folder = new TempFolder();
        await using (await OpenAsync(folder, "a", 9)) { }
        File.Copy(folder["a.db"], folder["b.db"]);
        await using var hub = await OpenAsync(folder, "hub");
        await using var a = await OpenAsync(folder, "a", 1);
        await using var b = await OpenAsync(folder, "b", 2);
        var network = new InMemoryNetwork();
        network.Connect("hub", "a");
        network.Connect("hub", "b");
        await using var serving = hub.StartSync(s => s.UseInMemory(network, "hub"));
        await using var syncA = a.StartSync(s => s.UseInMemory(network, "a"));
        await using var syncB = b.StartSync(s => s.UseInMemory(network, "b"));
        foreach (var database in (EdgeDatabase[])[a, b, hub])
            await database.WhenAsync("pump-7", static job => job.Minutes == 12);
        await a.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(100), Token);
        await b.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(200), Token);
        await syncA.WhenSentAsync(Token);
        await syncB.WhenSentAsync(Token);
        foreach (var database in (EdgeDatabase[])[a, b, hub])
            await database.WhenAsync("pump-7", static job => job.Minutes == 312);
        Assert.NotEqual(await a.GetReplicaIdAsync(Token), await b.GetReplicaIdAsync(Token));
        Assert.Equal((0, 0), (syncA.GetStatus().Unsent, syncB.GetStatus().Unsent));
        var own = Assert.Single(syncA.GetStatus().Forks);
        Assert.True(own.IsOwn);
        Assert.Equal(2, own.BranchCount);
        Assert.Contains("BackupAsync", own.Reason, StringComparison.Ordinal);
        Assert.False(Assert.Single(serving.GetStatus().Forks).IsOwn);
        foreach (var sync in (SyncController[])[serving, syncA, syncB])
            Assert.Null(sync.GetStatus().LastFault);
    }

    [Fact]
    public async Task Two_live_copies_that_meet_directly_merge()
    {
        using var folder = new TempFolder();
        await using (await OpenAsync(folder, "a", 9)) { }
        File.Copy(folder["a.db"], folder["b.db"]);
        await using var a = await OpenAsync(folder, "a", 1);
        await using var b = await OpenAsync(folder, "b", 2);
        var network = new InMemoryNetwork();
        network.Connect("a", "b");
        await using var syncA = a.StartSync(s => s.UseInMemory(network, "a"));
        await using var syncB = b.StartSync(s => s.UseInMemory(network, "b"));
        foreach (var database in (EdgeDatabase[])[a, b])
            await database.WhenAsync("pump-7", static job => job.Minutes == 12);
    }

    [Fact]
    public async Task File_copied_before_it_ever_wrote_forks_at_its_first_change()
    {
        using var folder = new TempFolder();
        await using (await OpenAsync(folder, "a")) { }
        File.Copy(folder["a.db"], folder["b.db"]);
        await using var a = await OpenAsync(folder, "a", 1);
        await using var b = await OpenAsync(folder, "b", 2);
        await using var hub = await OpenAsync(folder, "hub");
        await Meeting.MeetAsync(a, hub);
        await Meeting.MeetAllAsync(a, b, hub);
        Assert.Equal(3, await MinutesAsync(hub));
    }

    [Fact]
    public async Task Unsent_work_of_a_copy_is_sealed_and_sent_after_it_has_taken_another_id()
    {
        using var folder = new TempFolder();
        await using (await OpenAsync(folder, "a", 9)) { }
        File.Copy(folder["a.db"], folder["b.db"]);
        await using var a = await OpenAsync(folder, "a", 1);
        await using var b = await OpenAsync(folder, "b", 2);
        await using var hub = await OpenAsync(folder, "hub");
        // b hears of a without saying anything itself: what b wrote has no seal yet when b leaves its feed.
        await Meeting.GiveAsync(a, b);
        await b.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(100), Token);
        await b.DisposeAsync();
        await using var again = await OpenAsync(folder, "b", 1000);
        await Meeting.MeetAllAsync(again, hub);
        Assert.Equal(1112, await MinutesAsync(hub));
    }

    [Fact]
    public async Task Forked_log_is_exported_imported_backed_up_and_repaired_whole()
    {
        using var folder = new TempFolder();
        await using (await OpenAsync(folder, "a", 9)) { }
        File.Copy(folder["a.db"], folder["b.db"]);
        await using (var a = await OpenAsync(folder, "a", 1))
        await using (var b = await OpenAsync(folder, "b", 2))
        {
            for (var i = 0; i < 3; i++)
                foreach (var file in (EdgeDatabase[])[a, b])
                    await file.Documents<Job>().EditAsync(s_pump, job => job.Notes.Append($"{i}"), Token);
            await Meeting.MeetAllAsync(a, b);
            await a.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(100), Token);
            var hash = await a.GetStateHashAsync(Token);

            using (var output = File.Create(folder["lines"]))
                await a.ExportAsync(output, cancellationToken: Token);
            await using var imported = await OpenAsync(folder, "imported");
            Assert.Equal(0, (await imported.ImportAsync(folder["lines"], cancellationToken: Token)).WaitingCount);
            Assert.Equal(hash, await imported.GetStateHashAsync(Token));

            await a.BackupAsync(folder["backup.db"], Token);
            await using var backup = await OpenAsync(folder, "backup", 1000);
            await Meeting.MeetAllAsync(a, b, imported, backup);
            Assert.Equal(1112, await MinutesAsync(b));
        }
        var report = await EdgeDatabase.RepairAsync(folder["a.db"], cancellationToken: Token);
        Assert.Equal((0, 0L), (report.StrandedCount, report.DamagedCount));
        await using var repaired = await OpenAsync(folder, "a");
        await using var other = await OpenAsync(folder, "b");
        await Meeting.MeetAllAsync(repaired, other);
        Assert.Equal(1112, await MinutesAsync(repaired));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1500)]
    public async Task Fork_within_packed_changes_and_before_them_is_held_whole_and_is_packed_again(int before)
    {
        using var folder = new TempFolder();
        await using (var image = await OpenAsync(folder, "a"))
            await WriteManyAsync(image, before, 1);
        File.Copy(folder["a.db"], folder["b.db"]);
        await using (var b = await OpenAsync(folder, "b"))
            await WriteManyAsync(b, 10, 100);
        await using (var a = await OpenAsync(folder, "a"))
        {
            await WriteManyAsync(a, 4000, 1);
            await a.GetStateHashAsync(Token);
            await (await Exchange.LogOf(a)).SyncAsync(default);
            Assert.True(await a.PackAsync(cancellationToken: Token) >= 2 * 1024);
            await using var b = await OpenAsync(folder, "b");
            await Meeting.MeetAllAsync(a, b);
            Assert.Equal(before + 4000 + 1000, await MinutesAsync(a));
            // Until it is synced nothing may be packed; then all is packed again.
            await (await Exchange.LogOf(a)).SyncAsync(default);
            await a.PackAsync(cancellationToken: Token);
            await LogChain.AssertValidAsync(a);
            await Meeting.MeetAllAsync(a, b);
        }
        PlainSql.Execute(folder["a.db"], "UPDATE edge_meta SET value = 0 WHERE key = 'layout'");
        await using var again = await OpenAsync(folder, "a", 1);
        Assert.Equal(before + 4000 + 1000 + 1, await MinutesAsync(again));
        Assert.True((await again.VerifyAsync(cancellationToken: Token)).IsSound);
        await LogChain.AssertValidAsync(again);
    }

    private static Task<Receipt[]> WriteManyAsync(EdgeDatabase database, int count, int minutes) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => database.Documents<Job>().EditAsync(s_pump, job => job.Minutes.Add(minutes), Token)));

    private static async Task<EdgeDatabase> OpenAsync(TempFolder folder, string name, int minutes = 0)
    {
        var database = await EdgeDatabase.OpenAsync(folder[$"{name}.db"], Token);
        if (minutes > 0) await database.Documents<Job>().EditAsync(s_pump, job => job.Minutes.Add(minutes), Token);
        return database;
    }

    private static async Task<long> MinutesAsync(EdgeDatabase database) => (await database.Documents<Job>().FindAsync(s_pump, Token))!.Minutes.Value;

    // As a tool that knows nothing of this library copies a SQLite file in use.
    private static async Task CopyLiveAsync(string path, string copy)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $1";
        command.Parameters.AddWithValue("$1", copy);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
