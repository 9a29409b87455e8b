using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Forgetting;
using Edge.Sync.Tests.Links;

namespace Edge.Sync.Tests.Purging;

/// <summary>Evicting over real links: what is durable at a keeper may go, and comes back; all else stays.</summary>
public class EvictTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");
    private static readonly DocumentId s_valve = DocumentId.Named("valve-1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evicted_document_reads_as_not_there_and_is_equal_once_fetched()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        await using var link = await Link.OpenAsync(hub, device);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, s_pump, "replace the seal ");
        await FillAsync(jobs, s_valve, "grease ");
        await link.Dialing.WhenSentAsync(Token);
        var before = await jobs.FindAsync(s_pump, Token);

        Assert.True(await jobs.EvictAsync(s_pump, Token));
        Assert.Null(await jobs.FindAsync(s_pump, Token));
        Assert.Equal([s_valve], (await jobs.ToListAsync(Token)).Select(static job => job.Id));
        Assert.Equal(EdgeErrorCode.DocumentIncomplete, await CodeOf(() => jobs.EditAsync(s_pump, static job => job.Done = true, Token)));
        Assert.False(await jobs.EvictAsync(s_pump, Token));
        Assert.Equal((true, 1), ((await device.GetStorageAsync(Token)).MayEvict, (await device.GetStorageAsync(Token)).EvictedCount));
        Assert.Empty((await device.VerifyAsync(cancellationToken: Token)).Faults);

        var fetched = await jobs.FetchAsync(s_pump, Token);
        Assert.Equal((before!.Title, before.Minutes.Value, before.Notes.ToString()), (fetched!.Title, fetched.Minutes.Value, fetched.Notes.ToString()));
        Assert.Equal(await hub.GetStateHashAsync(Token), await device.GetStateHashAsync(Token));
        Assert.Equal(0, (await device.GetStorageAsync(Token)).EvictedCount);
        Assert.Empty((await device.VerifyAsync(cancellationToken: Token)).Faults);
        await jobs.EditAsync(s_pump, static job => job.Done = true, Token);
        await link.Dialing.WhenSentAsync(Token);
        Assert.True((await hub.Documents<Job>().FindAsync(s_pump, Token))!.Done);
    }

    [Fact]
    public async Task Document_with_unsent_changes_is_not_evicted()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, s_pump, "alone ");
        Assert.Equal(EdgeErrorCode.UnsentChanges, await CodeOf(() => jobs.EvictAsync(s_pump, Token)));
        await using (var link = await Link.OpenAsync(hub, device))
        {
            await link.Dialing.WhenSentAsync(Token);
        }
        await jobs.EditAsync(s_pump, static job => job.Minutes.Add(1), Token);
        Assert.Equal(EdgeErrorCode.UnsentChanges, await CodeOf(() => jobs.EvictAsync(s_pump, Token)));
        Assert.Equal(21, (await jobs.FindAsync(s_pump, Token))!.Minutes.Value);
        await using (var link = await Link.OpenAsync(hub, device))
        {
            await link.Dialing.WhenSentAsync(Token);
        }
        // What the keeper acknowledged is known after it has gone.
        Assert.True(await jobs.EvictAsync(s_pump, Token));
    }

    /// <summary>Each holds all that the other has acknowledged: were acknowledgements of those who may evict counted, both could drop it.</summary>
    [Fact]
    public async Task Two_evicting_peers_never_drop_the_last_copy()
    {
        using var folder = new TempFolder();
        await using var first = await OpenEvictingAsync(folder["first.db"]);
        await using var second = await OpenEvictingAsync(folder["second.db"]);
        await using var link = await Link.OpenAsync(first, second);
        await FillAsync(second.Documents<Job>(), s_pump, "precious ");
        await link.Dialing.WhenSentAsync(Token);
        await first.WhenAsync("pump-7", static job => job.Minutes == 20);

        // Sent, and durable at the peer; but that may drop it as well.
        Assert.Equal(EdgeErrorCode.UnsentChanges, await CodeOf(() => second.Documents<Job>().EvictAsync(s_pump, Token)));
        Assert.Equal(EdgeErrorCode.NoKeeper, await CodeOf(() => first.Documents<Job>().EvictAsync(s_pump, Token)));
        Assert.NotNull(await first.Documents<Job>().FindAsync(s_pump, Token));
        Assert.NotNull(await second.Documents<Job>().FindAsync(s_pump, Token));

        // Once a keeper has it, both may.
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using (var toHub = await Link.OpenAsync(hub, first))
        {
            await hub.WhenAsync("pump-7", static job => job.Minutes == 20);
            await toHub.WhenKeptAsync(s_pump);
        }
        Assert.True(await first.Documents<Job>().EvictAsync(s_pump, Token));
        // The other one has not met the keeper.
        Assert.Equal(EdgeErrorCode.UnsentChanges, await CodeOf(() => second.Documents<Job>().EvictAsync(s_pump, Token)));
    }

    [Fact]
    public async Task Keepers_evict_nothing_whatever_they_are_opened_with()
    {
        using var folder = new TempFolder();
        await using (var keeper = await EdgeDatabase.OpenAsync(folder["keeper.db"], Token))
        {
            await FillAsync(keeper.Documents<Job>(), s_pump, "kept ");
            Assert.Equal(EdgeErrorCode.FileKeepsAll, await CodeOf(() => keeper.Documents<Job>().EvictAsync(s_pump, Token)));
            Assert.Equal(EdgeErrorCode.FileKeepsAll, await CodeOf(() => keeper.Documents<Job>().Where(static job => !job.Done).EvictAsync(Token)));
        }
        await using var again = await OpenEvictingAsync(folder["keeper.db"]);
        Assert.Equal(EdgeErrorCode.FileKeepsAll, await CodeOf(() => again.Documents<Job>().EvictAsync(s_pump, Token)));
        Assert.False((await again.GetStorageAsync(Token)).MayEvict);
    }

    [Fact]
    public async Task Fetching_says_why_it_cannot_and_the_wish_stands()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, s_pump, "far ");
        await using (var link = await Link.OpenAsync(hub, device))
        {
            await link.Dialing.WhenSentAsync(Token);
        }
        Assert.True(await jobs.EvictAsync(s_pump, Token));
        Assert.Equal(EdgeErrorCode.NoPeer, await CodeOf(() => jobs.FetchAsync(s_pump, Token)));
        // One that got the log from the device itself has the same holes.
        await using var other = await OpenEvictingAsync(folder["other.db"]);
        await using (var link = await Link.OpenAsync(other, device))
        {
            await link.Dialing.WhenSentAsync(Token);
            Assert.Equal(EdgeErrorCode.DocumentUnavailable, await CodeOf(() => jobs.FetchAsync(s_pump, Token)));
        }
        Assert.Null(await jobs.FindAsync(s_pump, Token));
        // Nobody asks again: it is still wanted.
        await using var back = await Link.OpenAsync(hub, device);
        await device.WhenAsync("pump-7", static job => job.Minutes == 20);
        Assert.NotNull(await jobs.FetchAsync(s_pump, Token));
    }

    /// <summary>A keeper that hears of a document from one who has evicted it is no keeper of that document, until it has got it.</summary>
    [Fact]
    public async Task Keeper_that_got_a_hole_counts_for_nothing_and_fills_it_by_itself()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var evicted = await OpenEvictingAsync(folder["evicted.db"]);
        await using var holder = await OpenEvictingAsync(folder["holder.db"]);
        await FillAsync(hub.Documents<Job>(), s_pump, "shared ");
        await using (var link = await Link.OpenAsync(hub, evicted)) await link.WhenKeptAsync(s_pump);
        await using (var link = await Link.OpenAsync(evicted, holder)) await holder.WhenAsync("pump-7", static job => job.Minutes == 20);
        Assert.True(await evicted.Documents<Job>().EvictAsync(s_pump, Token));

        await using var late = await EdgeDatabase.OpenAsync(folder["late.db"], Token);
        await using (var link = await Link.OpenAsync(late, evicted))
        {
            var version = await evicted.GetVersionAsync(Token);
            await WhenAsync(async () => (await late.GetVersionAsync(Token)).Equals(version));
        }
        Assert.Equal(1, (await late.GetStorageAsync(Token)).IncompleteCount);
        await using (var link = await Link.OpenAsync(late, holder))
        {
            // Both know the same changes at once; the document comes behind.
            await late.WhenAsync("pump-7", static job => job.Minutes == 20);
            await link.WhenKeptAsync(s_pump);
        }
        Assert.True(await holder.Documents<Job>().EvictAsync(s_pump, Token));
        Assert.Equal(await hub.GetStateHashAsync(Token), await late.GetStateHashAsync(Token));
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
        await jobs.EditAsync(s_valve, static job => job.Title = "open", Token);
        await using (var link = await Link.OpenAsync(hub, device)) await link.Dialing.WhenSentAsync(Token);
        var full = await device.GetStorageAsync(Token);
        await jobs.EditAsync(DocumentId.Named("7"), static job => job.Minutes.Add(5), Token);

        var report = await jobs.Where(static job => job.Done).EvictAsync(Token);
        Assert.Equal((149, 0), (report.EvictedCount, report.WithoutKeeper.Count));
        Assert.Equal([DocumentId.Named("7")], report.Unsent);
        Assert.Equal([s_valve, DocumentId.Named("7")], (await jobs.OrderByDescending(static job => job.Title).ToListAsync(Token)).Select(static job => job.Id));
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
            await FillAsync(jobs, s_pump, "confidential ");
            await FillAsync(jobs, s_valve, "ordinary ");
            await jobs.EditAsync(s_pump, static job => job.Title = "other title", Token);
            Assert.Equal(2, await jobs.CountAsync(Token));
            await using (var link = await Link.OpenAsync(hub, device)) await link.Dialing.WhenSentAsync(Token);
            Assert.True(RawBytes.Has(path, "confidential"));
            Assert.True(await jobs.EvictAsync(s_pump, Token));
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
            Assert.Null(await database.Documents<Job>().FindAsync(s_pump, Token));
            Assert.True((await database.GetStorageAsync(Token)).MayEvict);
            Assert.Empty((await database.VerifyAsync(cancellationToken: Token)).Faults);
        }
        await using var again = await Link.OpenAsync(hub, copy);
        Assert.Equal(20, (await copy.Documents<Job>().FetchAsync(s_pump, Token))!.Minutes.Value);
    }

    [Fact]
    public async Task Evicted_document_is_deleted_purged_and_written_to_by_others()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var (jobs, third) = (device.Documents<Job>(), DocumentId.Named("third"));
        foreach (var id in (DocumentId[])[s_pump, s_valve, third]) await FillAsync(jobs, id, "common ");
        await using var link = await Link.OpenAsync(hub, device);
        await link.Dialing.WhenSentAsync(Token);
        Assert.Equal(3, (await jobs.Where(static job => !job.Done).EvictAsync(Token)).EvictedCount);

        // Others write to one: it arrives, is kept, and is not shown.
        await hub.Documents<Job>().EditAsync(third, static job => job.Minutes.Add(7), Token);
        var version = await hub.GetVersionAsync(Token);
        await WhenAsync(async () => (await device.GetVersionAsync(Token)).Equals(version));
        Assert.Null(await jobs.FindAsync(third, Token));
        // A deletion answers all that is known of it here, without its contents.
        var receipt = await jobs.DeleteAsync(s_pump, Token);
        Assert.NotNull(receipt.ChangeId);
        await jobs.PurgeAsync(s_valve, Token);
        await link.Dialing.WhenSentAsync(Token);
        Assert.Equal([third], (await hub.Documents<Job>().ToListAsync(Token)).Select(static job => job.Id));
        Assert.Null(await jobs.FetchAsync(s_pump, Token));
        Assert.Equal(27, (await jobs.FetchAsync(third, Token))!.Minutes.Value);
        Assert.Equal(await hub.GetStateHashAsync(Token), await device.GetStateHashAsync(Token));
        // It was a deletion and nothing else.
        await hub.Documents<Job>().RestoreAsync(s_pump, Token);
        Assert.Equal(20, (await hub.Documents<Job>().FindAsync(s_pump, Token))!.Minutes.Value);
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

    [Fact]
    public async Task Sections_leave_packed_changes_and_come_back_into_them()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, s_pump, "confidential ");
        await Task.WhenAll(Enumerable.Range(0, 2100).Select(_ => jobs.EditAsync(s_valve, static job => job.Minutes.Add(1), Token)));
        await using var link = await Link.OpenAsync(hub, device);
        await link.Dialing.WhenSentAsync(Token);
        Assert.True(await device.PackAsync(cancellationToken: Token) >= 1024);
        var hash = await device.GetStateHashAsync(Token);
        Assert.True(await jobs.EvictAsync(s_pump, Token));
        Assert.False(RawBytes.Has(folder["device.db"], "confidential"));
        Assert.Empty((await device.VerifyAsync(cancellationToken: Token)).Faults);
        Assert.Equal(20, (await jobs.FetchAsync(s_pump, Token))!.Minutes.Value);
        Assert.Equal(hash, await device.GetStateHashAsync(Token));
        Assert.Empty((await device.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Cancelled_fetch_ends_and_leaves_the_wish()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, s_pump, "slow ");
        await using (var link = await Link.OpenAsync(hub, device)) await link.Dialing.WhenSentAsync(Token);
        Assert.True(await jobs.EvictAsync(s_pump, Token));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs.FetchAsync(s_pump, cancelled.Token));
        await using var back = await Link.OpenAsync(hub, device);
        Assert.Equal(20, (await jobs.FetchAsync(s_pump, Token))!.Minutes.Value);
    }

    private static async Task FillAsync(DocumentSet<Job> jobs, DocumentId id, string word)
    {
        for (var i = 0; i < 20; i++)
            await jobs.EditAsync(id, job =>
            {
                job.Title = word + job.Minutes.Value;
                job.Minutes.Add(1);
                job.Notes.Append(word);
            }, Token);
    }

    private static Task<EdgeDatabase> OpenEvictingAsync(string path) => EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path, MayEvict = true }, Token);

    private static async Task<EdgeErrorCode> CodeOf(Func<Task> act) => (await Assert.ThrowsAsync<EdgeDocumentException>(act)).Code;

    private static async Task WhenAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Two databases that sync over loopback TCP.</summary>
    private sealed class Link(SyncController listening, SyncController dialing, EdgeDatabase evicting) : IAsyncDisposable
    {
        public SyncController Dialing => dialing;

        public static async Task<Link> OpenAsync(EdgeDatabase listener, EdgeDatabase dialer)
        {
            var port = Peers.FreePort();
            var listening = listener.StartSync(s => s.UseTcpListener(port));
            await listening.WhenReadyAsync(Token);
            var dialing = dialer.StartSync(s => s.UseTcp("127.0.0.1", port));
            await WhenAsync(() => Task.FromResult(dialing.Drivers.Any(static driver => driver.IsEstablished)));
            return new(listening, dialing, dialer);
        }

        /// <summary>Waits until the dialing side knows that the listening one keeps a document.</summary>
        public async Task WhenKeptAsync(DocumentId id)
        {
            var writer = (await evicting.OpenedAsync(Token)).Writer;
            await WhenAsync(() => writer.RunAloneAsync(replica => replica.IsKept(new("job", id)), Token));
        }

        public async ValueTask DisposeAsync()
        {
            await dialing.DisposeAsync();
            await listening.DisposeAsync();
        }
    }
}
