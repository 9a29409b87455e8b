using Edge.Sync.Tests.Forgetting;
using Edge.Sync.Tests.Links;
using static Edge.Sync.Tests.Purging.Evicting;

namespace Edge.Sync.Tests.Purging;

/// <summary>Evicting over real links: what is durable at a keeper may go; all else stays.</summary>
public class EvictTests
{
    [Fact]
    public async Task Document_with_unsent_changes_is_not_evicted()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, Pump, "alone ");
        Assert.Equal(EdgeErrorCode.UnsentChanges, await CodeOf(() => jobs.EvictAsync(Pump, Token)));
        await using (var link = await Link.OpenAsync(hub, device))
        {
            await link.Dialing.WhenSentAsync(Token);
        }
        await jobs.EditAsync(Pump, static job => job.Minutes.Add(1), Token);
        Assert.Equal(EdgeErrorCode.UnsentChanges, await CodeOf(() => jobs.EvictAsync(Pump, Token)));
        Assert.Equal(21, (await jobs.FindAsync(Pump, Token))!.Minutes.Value);
        await using (var link = await Link.OpenAsync(hub, device))
        {
            await link.Dialing.WhenSentAsync(Token);
        }
        // What the keeper acknowledged is known after it has gone.
        Assert.True(await jobs.EvictAsync(Pump, Token));
    }

    /// <summary>Each holds all that the other has acknowledged: were acknowledgements of those who may evict counted, both could drop it.</summary>
    [Fact]
    public async Task Two_evicting_peers_never_drop_the_last_copy()
    {
        using var folder = new TempFolder();
        await using var first = await OpenEvictingAsync(folder["first.db"]);
        await using var second = await OpenEvictingAsync(folder["second.db"]);
        await using var link = await Link.OpenAsync(first, second);
        await FillAsync(second.Documents<Job>(), Pump, "precious ");
        await link.Dialing.WhenSentAsync(Token);
        await first.WhenAsync("pump-7", static job => job.Minutes == 20);

        // Sent, and durable at the peer; but that may drop it as well.
        Assert.Equal(EdgeErrorCode.UnsentChanges, await CodeOf(() => second.Documents<Job>().EvictAsync(Pump, Token)));
        Assert.Equal(EdgeErrorCode.NoKeeper, await CodeOf(() => first.Documents<Job>().EvictAsync(Pump, Token)));
        Assert.NotNull(await first.Documents<Job>().FindAsync(Pump, Token));
        Assert.NotNull(await second.Documents<Job>().FindAsync(Pump, Token));

        // Once a keeper has it, both may.
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using (var toHub = await Link.OpenAsync(hub, first))
        {
            await hub.WhenAsync("pump-7", static job => job.Minutes == 20);
            await toHub.WhenKeptAsync(Pump);
        }
        Assert.True(await first.Documents<Job>().EvictAsync(Pump, Token));
        // The other one has not met the keeper.
        Assert.Equal(EdgeErrorCode.UnsentChanges, await CodeOf(() => second.Documents<Job>().EvictAsync(Pump, Token)));
    }

    [Fact]
    public async Task Keepers_evict_nothing_whatever_they_are_opened_with()
    {
        using var folder = new TempFolder();
        await using (var keeper = await EdgeDatabase.OpenAsync(folder["keeper.db"], Token))
        {
            await FillAsync(keeper.Documents<Job>(), Pump, "kept ");
            Assert.Equal(EdgeErrorCode.FileKeepsAll, await CodeOf(() => keeper.Documents<Job>().EvictAsync(Pump, Token)));
            Assert.Equal(EdgeErrorCode.FileKeepsAll, await CodeOf(() => keeper.Documents<Job>().Where(static job => !job.Done).EvictAsync(Token)));
        }
        await using var again = await OpenEvictingAsync(folder["keeper.db"]);
        Assert.Equal(EdgeErrorCode.FileKeepsAll, await CodeOf(() => again.Documents<Job>().EvictAsync(Pump, Token)));
        Assert.False((await again.GetStorageAsync(Token)).MayEvict);
    }

    [Fact]
    public async Task Query_evicts_what_it_may_and_tells_the_rest()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        for (var i = 0; i < 150; i++)
        {
            var text = $"job number {i}";
            await jobs.EditAsync(DocumentId.Named($"{i}"), job => (job.Title, job.Done) = (text, true), Token);
        }
        await jobs.EditAsync(Valve, static job => job.Title = "open", Token);
        await using (var link = await Link.OpenAsync(hub, device)) await link.Dialing.WhenSentAsync(Token);
        var full = await device.GetStorageAsync(Token);
        await jobs.EditAsync(DocumentId.Named("7"), static job => job.Minutes.Add(5), Token);

        var report = await jobs.Where(static job => job.Done).EvictAsync(Token);
        Assert.Equal((149, 0), (report.EvictedCount, report.WithoutKeeper.Count));
        Assert.Equal([DocumentId.Named("7")], report.Unsent);
        Assert.Equal([Valve, DocumentId.Named("7")], (await jobs.OrderByDescending(static job => job.Title).ToListAsync(Token)).Select(static job => job.Id));
        var storage = await device.GetStorageAsync(Token);
        Assert.Equal((149, 149), (storage.EvictedCount, storage.IncompleteCount));
        Assert.True(storage.FileBytes < full.FileBytes && storage.LogBytes < full.LogBytes, $"{storage.FileBytes} of {full.FileBytes} bytes");
        Assert.False(RawBytes.Has(folder["device.db"], "job number 12"));
        Assert.True(RawBytes.Has(folder["device.db"], "job number 7"));
        Assert.Equal(0, (await jobs.Where(static job => job.Title == "none").EvictAsync(Token)).EvictedCount);
    }

    [Fact]
    public async Task Bytes_of_an_evicted_document_are_nowhere_in_the_file()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        var path = folder["device.db"];
        await using (var device = await OpenEvictingAsync(path))
        {
            var undo = device.CreateUndoHistory("all");
            var jobs = device.Documents<Job>().With(new() { Undo = undo });
            await FillAsync(jobs, Pump, "confidential ");
            await FillAsync(jobs, Valve, "ordinary ");
            await jobs.EditAsync(Pump, static job => job.Title = "other title", Token);
            Assert.Equal(2, await jobs.CountAsync(Token));
            await using (var link = await Link.OpenAsync(hub, device)) await link.Dialing.WhenSentAsync(Token);
            Assert.True(RawBytes.Has(path, "confidential"));
            Assert.True(await jobs.EvictAsync(Pump, Token));
            Assert.False(RawBytes.Has(path, "confidential"));
            Assert.True(RawBytes.Has(path, "ordinary"));
        }
        Assert.False(RawBytes.Has(path, "confidential"));
        // Nor in a copy, nor in what a repair makes of it.
        await using (var device = await OpenEvictingAsync(path)) await device.BackupAsync(folder["copy.db"], Token);
        await EdgeDatabase.RepairAsync(path, cancellationToken: Token);
        await using var repaired = await OpenEvictingAsync(path);
        await using var copy = await EdgeDatabase.OpenAsync(folder["copy.db"], Token);
        foreach (var database in (EdgeDatabase[])[repaired, copy])
        {
            Assert.Null(await database.Documents<Job>().FindAsync(Pump, Token));
            var storage = await database.GetStorageAsync(Token);
            Assert.Equal((true, 1, 1), (storage.MayEvict, storage.EvictedCount, storage.IncompleteCount));
            Assert.Empty((await database.VerifyAsync(cancellationToken: Token)).Faults);
        }
        await using var again = await Link.OpenAsync(hub, copy);
        Assert.Equal(20, (await copy.Documents<Job>().FetchAsync(Pump, Token))!.Minutes.Value);
    }

    [Fact]
    public async Task Evicted_document_is_deleted_purged_and_written_to_by_others()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var (jobs, third) = (device.Documents<Job>(), DocumentId.Named("third"));
        foreach (var id in (DocumentId[])[Pump, Valve, third]) await FillAsync(jobs, id, "common ");
        await using var link = await Link.OpenAsync(hub, device);
        await link.Dialing.WhenSentAsync(Token);
        Assert.Equal(3, (await jobs.Where(static job => !job.Done).EvictAsync(Token)).EvictedCount);

        // Others write to one: it arrives, is kept, and is not shown.
        await hub.Documents<Job>().EditAsync(third, static job => job.Minutes.Add(7), Token);
        var version = await hub.GetVersionAsync(Token);
        await WhenAsync(async () => (await device.GetVersionAsync(Token)).Equals(version));
        Assert.Null(await jobs.FindAsync(third, Token));
        // A deletion answers all that is known of it here, without its contents.
        var receipt = await jobs.DeleteAsync(Pump, Token);
        Assert.NotNull(receipt.ChangeId);
        await jobs.PurgeAsync(Valve, Token);
        await link.Dialing.WhenSentAsync(Token);
        Assert.Equal([third], (await hub.Documents<Job>().ToListAsync(Token)).Select(static job => job.Id));
        Assert.Null(await jobs.FetchAsync(Pump, Token));
        Assert.Equal(27, (await jobs.FetchAsync(third, Token))!.Minutes.Value);
        Assert.Equal(await hub.GetStateHashAsync(Token), await device.GetStateHashAsync(Token));
        // It was a deletion and nothing else.
        await hub.Documents<Job>().RestoreAsync(Pump, Token);
        Assert.Equal(20, (await hub.Documents<Job>().FindAsync(Pump, Token))!.Minutes.Value);
    }

    [Fact]
    public async Task Evicted_document_is_forgotten_unless_parts_of_it_were_written_plainly()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var (patients, ada, ben) = (device.Documents<Patient>(), DocumentId.Named("ada"), DocumentId.Named("ben"));
        await patients.EditAsync(ada, static patient => patient.Name = "Ada", Token);
        await device.Documents<PlainPatient>().EditAsync(ben, static patient => patient.Name = "Ben", Token);
        await using var link = await Link.OpenAsync(hub, device);
        await link.Dialing.WhenSentAsync(Token);
        Assert.True(await patients.EvictAsync(ada, Token));
        Assert.True(await patients.EvictAsync(ben, Token));
        // Its plain parts lie elsewhere: no destroyed key makes them unreadable.
        Assert.Equal(EdgeErrorCode.DocumentNotEncrypted, await CodeOf(() => patients.ForgetAsync(ben, Token)));
        Assert.Equal("Ben", (await patients.FetchAsync(ben, Token))!.Name);
        await patients.ForgetAsync(ada, Token);
        await link.Dialing.WhenSentAsync(Token);
        Assert.Null(await hub.Documents<Patient>().FindAsync(ada, Token));
        Assert.Null(await patients.FetchAsync(ada, Token));
        Assert.Equal(EdgeErrorCode.DocumentForgotten, await CodeOf(() => patients.EditAsync(ada, static patient => patient.Name = "again", Token)));
        Assert.Equal((0, 0), ((await device.GetStorageAsync(Token)).EvictedCount, (await device.GetStorageAsync(Token)).IncompleteCount));
    }
}
