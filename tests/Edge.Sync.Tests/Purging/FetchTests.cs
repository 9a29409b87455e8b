using Edge.Sync.Tests.Links;
using static Edge.Sync.Tests.Purging.Evicting;

namespace Edge.Sync.Tests.Purging;

/// <summary>Evicted documents come back over real links, whole and equal, or it is said why not.</summary>
public class FetchTests
{
    [Fact]
    public async Task Evicted_document_reads_as_not_there_and_is_equal_once_fetched()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        await using var link = await Link.OpenAsync(hub, device);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, Pump, "replace the seal ");
        await FillAsync(jobs, Valve, "grease ");
        await link.Dialing.WhenSentAsync(Token);
        var before = await jobs.FindAsync(Pump, Token);

        Assert.True(await jobs.EvictAsync(Pump, Token));
        Assert.Null(await jobs.FindAsync(Pump, Token));
        Assert.Equal([Valve], (await jobs.ToListAsync(Token)).Select(static job => job.Id));
        Assert.Equal(EdgeErrorCode.DocumentIncomplete, await CodeOf(() => jobs.EditAsync(Pump, static job => job.Done = true, Token)));
        Assert.False(await jobs.EvictAsync(Pump, Token));
        Assert.Equal((true, 1), ((await device.GetStorageAsync(Token)).MayEvict, (await device.GetStorageAsync(Token)).EvictedCount));
        Assert.Empty((await device.VerifyAsync(cancellationToken: Token)).Faults);

        var fetched = await jobs.FetchAsync(Pump, Token);
        Assert.Equal((before!.Title, before.Minutes.Value, before.Notes.ToString()), (fetched!.Title, fetched.Minutes.Value, fetched.Notes.ToString()));
        Assert.Equal(await hub.GetStateHashAsync(Token), await device.GetStateHashAsync(Token));
        Assert.Equal(0, (await device.GetStorageAsync(Token)).EvictedCount);
        Assert.Empty((await device.VerifyAsync(cancellationToken: Token)).Faults);
        await jobs.EditAsync(Pump, static job => job.Done = true, Token);
        await link.Dialing.WhenSentAsync(Token);
        Assert.True((await hub.Documents<Job>().FindAsync(Pump, Token))!.Done);
    }

    [Fact]
    public async Task Fetching_says_why_it_cannot_and_the_wish_stands()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, Pump, "far ");
        await using (var link = await Link.OpenAsync(hub, device))
        {
            await link.Dialing.WhenSentAsync(Token);
        }
        Assert.True(await jobs.EvictAsync(Pump, Token));
        Assert.Equal(EdgeErrorCode.NoPeer, await CodeOf(() => jobs.FetchAsync(Pump, Token)));
        // One that got the log from the device itself has the same holes.
        await using var other = await OpenEvictingAsync(folder["other.db"]);
        await using (var link = await Link.OpenAsync(other, device))
        {
            await link.Dialing.WhenSentAsync(Token);
            Assert.Equal(EdgeErrorCode.DocumentUnavailable, await CodeOf(() => jobs.FetchAsync(Pump, Token)));
        }
        Assert.Null(await jobs.FindAsync(Pump, Token));
        // Nobody asks again: it is still wanted.
        await using var back = await Link.OpenAsync(hub, device);
        await device.WhenAsync("pump-7", static job => job.Minutes == 20);
        Assert.NotNull(await jobs.FetchAsync(Pump, Token));
    }

    /// <summary>A keeper that hears of a document from one who has evicted it is no keeper of that document, until it has got it.</summary>
    [Fact]
    public async Task Keeper_that_got_a_hole_counts_for_nothing_and_fills_it_by_itself()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var evicted = await OpenEvictingAsync(folder["evicted.db"]);
        await using var holder = await OpenEvictingAsync(folder["holder.db"]);
        await FillAsync(hub.Documents<Job>(), Pump, "shared ");
        await using (var link = await Link.OpenAsync(hub, evicted)) await link.WhenKeptAsync(Pump);
        await using (var link = await Link.OpenAsync(evicted, holder)) await holder.WhenAsync("pump-7", static job => job.Minutes == 20);
        Assert.True(await evicted.Documents<Job>().EvictAsync(Pump, Token));

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
            await link.WhenKeptAsync(Pump);
        }
        Assert.True(await holder.Documents<Job>().EvictAsync(Pump, Token));
        Assert.Equal(await hub.GetStateHashAsync(Token), await late.GetStateHashAsync(Token));
    }

    [Fact]
    public async Task Sections_leave_packed_changes_and_come_back_into_them()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, Pump, "confidential ");
        await Task.WhenAll(Enumerable.Range(0, 2100).Select(_ => jobs.EditAsync(Valve, static job => job.Minutes.Add(1), Token)));
        await using var link = await Link.OpenAsync(hub, device);
        await link.Dialing.WhenSentAsync(Token);
        Assert.True(await device.PackAsync(cancellationToken: Token) >= 1024);
        var hash = await device.GetStateHashAsync(Token);
        Assert.True(await jobs.EvictAsync(Pump, Token));
        Assert.False(RawBytes.Has(folder["device.db"], "confidential"));
        Assert.Empty((await device.VerifyAsync(cancellationToken: Token)).Faults);
        Assert.Equal(20, (await jobs.FetchAsync(Pump, Token))!.Minutes.Value);
        Assert.Equal(hash, await device.GetStateHashAsync(Token));
        Assert.Empty((await device.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Watched_query_loses_what_is_evicted_and_gets_it_back()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, Pump, "pump ");
        await FillAsync(jobs, Valve, "valve ");
        await using var link = await Link.OpenAsync(hub, device);
        await link.Dialing.WhenSentAsync(Token);
        await using var watched = jobs.OrderBy(static job => job.Title).WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.Equal([Pump, Valve], await NextAsync(watched));
        Assert.True(await jobs.EvictAsync(Pump, Token));
        Assert.Equal([Valve], await NextAsync(watched));
        await jobs.FetchAsync(Pump, Token);
        Assert.Equal([Pump, Valve], await NextAsync(watched));

        static async Task<IEnumerable<DocumentId>> NextAsync(IAsyncEnumerator<IReadOnlyList<Job>> results)
        {
            Assert.True(await results.MoveNextAsync());
            return results.Current.Select(static job => job.Id);
        }
    }

    [Fact]
    public async Task Cancelled_fetch_ends_and_leaves_the_wish()
    {
        using var folder = new TempFolder();
        await using var hub = await EdgeDatabase.OpenAsync(folder["hub.db"], Token);
        await using var device = await OpenEvictingAsync(folder["device.db"]);
        var jobs = device.Documents<Job>();
        await FillAsync(jobs, Pump, "slow ");
        await using (var link = await Link.OpenAsync(hub, device)) await link.Dialing.WhenSentAsync(Token);
        Assert.True(await jobs.EvictAsync(Pump, Token));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs.FetchAsync(Pump, cancelled.Token));
        await using var back = await Link.OpenAsync(hub, device);
        Assert.Equal(20, (await jobs.FetchAsync(Pump, Token))!.Minutes.Value);
    }
}
