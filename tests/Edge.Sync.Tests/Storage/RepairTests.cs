using Edge.Sync.Storage;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class RepairTests
{
    private const int PageBytes = SqliteSchema.PageBytes;

    [Fact]
    public async Task Repair_of_a_sound_file_saves_all_and_says_so()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["a.db"]);
        var before = File.ReadAllBytes(folder["a.db"]);
        var report = await EdgeDatabase.RepairAsync(folder["a.db"]);
        Assert.True(report.IsComplete);
        Assert.Equal((62, 62, 0, 0, 9), (report.SavedCount, report.SavedOwnCount, report.StrandedCount, report.UnsealedCount, report.DocumentCount));
        Assert.Equal(before, File.ReadAllBytes(report.DamagedPath));
        await AssertWorksAsync(folder["a.db"], 62);
        await AssertSendsAllAsync(folder, 62);
    }

    [Fact]
    public async Task Every_page_may_be_lost_and_every_change_that_is_not_on_it_and_follows_none_that_was_is_saved()
    {
        using var folder = new TempFolder();
        await MakeLargeAsync(folder["sound.db"]);
        var sound = File.ReadAllBytes(folder["sound.db"]);
        var (complete, partial) = (0, 0);
        for (var page = 0; page < sound.Length / PageBytes; page++)
        {
            var bytes = (byte[])sound.Clone();
            new Random(page).NextBytes(bytes.AsSpan(page * PageBytes, PageBytes));
            var path = folder[$"{page}.db"];
            File.WriteAllBytes(path, bytes);
            var report = await EdgeDatabase.RepairAsync(path);
            // Rows lie in order, some 10 to 30 a page: what is before the lost ones is saved, what is behind is set aside.
            Assert.InRange(report.SavedCount + report.StrandedCount, 400 - 60, 400);
            if (report.SavedCount == 400) complete++;
            else
            {
                partial++;
                Assert.False(report.IsComplete);
                Assert.True(report.StrandedCount > 0 || report.Losses.Count > 0);
            }
            Assert.Equal(report.StrandedCount, report.StrandedPath is null ? 0 : File.ReadLines(report.StrandedPath).Count());
            await AssertWorksAsync(path, report.SavedCount);
        }
        Assert.True(complete > 0 && partial > 0, $"{complete} complete, {partial} in part");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Flipped_bytes_cost_no_more_than_what_they_are_in(int seed)
    {
        using var folder = new TempFolder();
        await MakeLargeAsync(folder["a.db"]);
        var bytes = File.ReadAllBytes(folder["a.db"]);
        var random = new Random(seed);
        for (var n = 0; n < 3; n++)
            bytes[random.Next(100, bytes.Length)] ^= (byte)(1 << random.Next(8));
        File.WriteAllBytes(folder["a.db"], bytes);
        var report = await EdgeDatabase.RepairAsync(folder["a.db"]);
        Assert.InRange(report.SavedCount + report.StrandedCount, 397, 400);
        await AssertWorksAsync(folder["a.db"], report.SavedCount);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task File_that_is_cut_off_gives_what_is_before_the_cut(double share)
    {
        using var folder = new TempFolder();
        await MakeLargeAsync(folder["a.db"]);
        using (var file = File.OpenWrite(folder["a.db"]))
            file.SetLength((long)(file.Length * share) / PageBytes * PageBytes);
        var report = await EdgeDatabase.RepairAsync(folder["a.db"]);
        if (share > 0.4) Assert.True(report.SavedCount > 80, $"{report.SavedCount}");
        await AssertWorksAsync(folder["a.db"], report.SavedCount);
    }

    [Fact]
    public async Task Changes_that_are_in_the_write_ahead_log_alone_are_saved_beside_a_lost_first_page()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["live.db"]);
        await using (var db = await EdgeDatabase.OpenAsync(folder["live.db"]))
        {
            for (var i = 0; i < 50; i++)
                await db.Documents<Job>().EditAsync(DocumentId.Named("late"), static job => job.Minutes.Add(1));
            File.Copy(folder["live.db"], folder["a.db"]);
            File.Copy(folder["live.db-wal"], folder["a.db-wal"]);
        }
        using (var file = File.OpenWrite(folder["a.db"]))
            file.Write(new byte[PageBytes]);
        var report = await EdgeDatabase.RepairAsync(folder["a.db"]);
        Assert.Equal(112, report.SavedCount);
        await AssertWorksAsync(folder["a.db"], 112);
        await AssertSendsAllAsync(folder, 112);
    }

    [Fact]
    public async Task Lost_write_ahead_log_costs_only_what_was_in_it_and_forks_no_feed()
    {
        using var folder = new TempFolder();
        await using var peer = await EdgeDatabase.OpenAsync(folder["peer.db"]);
        await VerifyTests.MakeAsync(folder["live.db"]);
        await using (var db = await EdgeDatabase.OpenAsync(folder["live.db"]))
        {
            for (var i = 0; i < 50; i++)
                await db.Documents<Job>().EditAsync(DocumentId.Named("late"), static job => job.Minutes.Add(1));
            await Exchange.PushAsync(db, peer);
            File.Copy(folder["live.db"], folder["a.db"]); // without its write-ahead log
        }
        await EdgeDatabase.RepairAsync(folder["a.db"]);
        await using var repaired = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await repaired.Documents<Job>().EditAsync(DocumentId.Named("late"), static job => job.Minutes.Add(1000));
        // What peers had seen comes back, and nothing bears a name twice.
        await Exchange.MergeAsync(repaired, peer);
        Assert.Equal(1050, (await peer.Documents<Job>().FindAsync(DocumentId.Named("late")))!.Minutes.Value);
    }

    [Fact]
    public async Task Stranded_changes_are_taken_once_a_peer_has_given_what_they_follow()
    {
        using var folder = new TempFolder();
        await using var peer = await EdgeDatabase.OpenAsync(folder["peer.db"]);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            for (var i = 0; i < 10; i++)
                await db.Documents<Job>().EditAsync(DocumentId.Named("x"), static job => job.Minutes.Add(1));
            await Exchange.PushAsync(db, peer);
            await db.Documents<Job>().EditAsync(DocumentId.Named("x"), static job => job.Minutes.Add(100)); // never sent
            await (await Exchange.LogOf(db)).SyncAsync(default);
        }
        PlainSql.Execute(folder["a.db"], "DELETE FROM edge_changes WHERE sequence = 5");
        var report = await EdgeDatabase.RepairAsync(folder["a.db"]);
        Assert.Equal((4, 6), (report.SavedCount, report.StrandedCount));
        Assert.Equal([(8L, 22L)], report.Losses.Select(static loss => (loss.SavedLast, loss.KnownLast)));
        await using var repaired = await EdgeDatabase.OpenAsync(folder["a.db"]);
        Assert.Equal(6, (await repaired.ImportAsync(report.StrandedPath!)).WaitingCount);
        await Exchange.PushAsync(peer, repaired);
        var imported = await repaired.ImportAsync(report.StrandedPath!);
        Assert.Equal((1, 5, 0), (imported.TakenCount, imported.KnownCount, imported.WaitingCount));
        Assert.Equal(110, (await repaired.Documents<Job>().FindAsync(DocumentId.Named("x")))!.Minutes.Value);
        await Exchange.MergeAsync(repaired, peer);
    }

    [Fact]
    public async Task File_with_nothing_of_ours_is_left_as_it_is()
    {
        using var folder = new TempFolder();
        var bytes = new byte[100_000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(folder["a.db"], bytes);
        Assert.Equal(EdgeErrorCode.NotADatabase, (await Assert.ThrowsAsync<EdgeStorageException>(() => EdgeDatabase.RepairAsync(folder["a.db"]))).Code);
        Assert.Equal(bytes, File.ReadAllBytes(folder["a.db"]));
        Assert.Equal(EdgeErrorCode.StorageUnreachable, (await Assert.ThrowsAsync<EdgeStorageException>(() => EdgeDatabase.RepairAsync(folder["none.db"]))).Code);
        await using var db = await EdgeDatabase.OpenAsync(folder["open.db"]);
        Assert.Equal(EdgeErrorCode.StorageLocked, (await Assert.ThrowsAsync<EdgeStorageException>(() => EdgeDatabase.RepairAsync(folder["open.db"]))).Code);
    }

    private static async Task MakeLargeAsync(string path)
    {
        await using var db = await EdgeDatabase.OpenAsync(path);
        for (var i = 0; i < 400; i++)
            await db.Documents<Job>().EditAsync(DocumentId.Named($"{i % 20}"), job => (job.Title, job.Due) = (i % 40 == 0 ? new('x', 9000) : $"{i}", DateTimeOffset.UnixEpoch.AddDays(i)));
    }

    private static async Task AssertWorksAsync(string path, long changes)
    {
        await using var db = await EdgeDatabase.OpenAsync(path);
        await Rebuilding.AssertEqualAsync(db);
        await LogChain.AssertValidAsync(db);
        Assert.Equal(changes, (await Exchange.ReadAllAsync(db)).Count);
        await db.Documents<Job>().EditAsync(DocumentId.Named("after"), static job => job.Title = "after");
        Assert.Empty((await db.VerifyAsync()).Faults);
    }

    /// <summary>What was never sent leaves the device after all.</summary>
    private static async Task AssertSendsAllAsync(TempFolder folder, long changes)
    {
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var peer = await EdgeDatabase.OpenAsync(folder["receiver.db"]);
        await Exchange.PushAsync(db, peer);
        Assert.Equal(changes + 1, (await Exchange.ReadAllAsync(peer)).Count);
    }
}
