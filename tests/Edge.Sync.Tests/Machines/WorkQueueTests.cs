using Edge.Sync.Tests.Database;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Machines;

public class WorkQueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static WorkQueue<Press> QueueOf(EdgeDatabase database, string worker) =>
        new(database, worker, static press => press.Work, static presses => presses.Where(static p => !p.Work.IsDone.Value).OrderBy(static p => p.Name));

    [Fact]
    public async Task Items_are_claimed_in_order_once_each_and_are_open_again_when_a_claim_runs_out()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider(new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"], TimeProvider = clock });
        foreach (var name in (string[])["b", "a", "c"]) await db.Documents<Press>().AddAsync(new Press { Name = name }, Token);
        var (alice, bob) = (QueueOf(db, "alice"), QueueOf(db, "bob"));
        var first = (await alice.TryClaimAsync(Token))!;
        var second = (await bob.TryClaimAsync(Token))!;
        var third = (await bob.TryClaimAsync(Token))!;
        Assert.Equal(["a", "b", "c"], new[] { first, second, third }.Select(static p => p.Name));
        Assert.Null(await alice.TryClaimAsync(Token));
        Assert.True(await alice.CompleteAsync(first, Token));
        await bob.ReleaseAsync(third, Token);
        Assert.Equal("c", (await alice.TryClaimAsync(Token))!.Name);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.True(await bob.RenewAsync(second, Token));
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("c", (await bob.TryClaimAsync(Token))!.Name); // alice's claim has run out, bob's was renewed
        Assert.False(await alice.CompleteAsync(third, Token)); // done all the same, and told
        var done = (await db.Documents<Press>().FindAsync(third.Id, Token))!.Work;
        Assert.True(done.IsDone.Value);
        Assert.Equal(3, done.Attempts.Value);
        Assert.Equal(["alice"], done.CompletedBy);
        Assert.False(await bob.RenewAsync(third, Token));
    }

    [Fact]
    public async Task Item_that_was_deleted_is_not_brought_back_by_a_claim()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Documents<Press>().AddAsync(new Press { Name = "a" }, Token);
        var queue = QueueOf(db, "alice");
        var item = (await queue.TryClaimAsync(Token))!;
        await db.Documents<Press>().DeleteAsync(item.Id, Token);
        Assert.False(await queue.RenewAsync(item, Token));
        Assert.Null(await db.Documents<Press>().FindAsync(item.Id, Token));
    }

    [Fact]
    public async Task Workers_who_do_not_hear_of_each_other_do_each_item_at_least_once_and_twice_is_seen()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed);
            using var folder = new TempFolder();
            var clock = new FakeTimeProvider(new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
            var replicas = Enumerable.Range(0, 2).Select(i => new EdgeDatabase(new() { Path = folder[$"{i}.db"], TimeProvider = clock })).ToArray();
            for (var i = 0; i < 4; i++) await replicas[0].Documents<Press>().AddAsync(new Press { Name = $"{i}" }, Token);
            await replicas[1].Documents<Press>().CountAsync(Token);
            await Exchange.MergeAsync(replicas[0], replicas[1]);
            var queues = new[] { QueueOf(replicas[0], "alice"), QueueOf(replicas[1], "bob") };
            var doneBy = new Dictionary<DocumentId, HashSet<string>>(); // the model
            for (var step = 0; step < 60; step++)
            {
                var at = random.Next(2);
                clock.Advance(TimeSpan.FromMinutes(random.Next(3)));
                if (random.Next(4) == 0) await Exchange.MergeAsync(replicas[0], replicas[1]);
                else if (await queues[at].TryClaimAsync(Token) is { } item && random.Next(3) > 0) // else it crashed in mid-work
                {
                    await queues[at].CompleteAsync(item, Token);
                    if (!doneBy.TryGetValue(item.Id, out var workers)) doneBy.Add(item.Id, workers = []);
                    workers.Add(at == 0 ? "alice" : "bob");
                }
            }
            await Exchange.MergeAsync(replicas[0], replicas[1]);
            clock.Advance(TimeSpan.FromHours(1));
            while (await queues[0].TryClaimAsync(Token) is { } item)
            {
                await queues[0].CompleteAsync(item, Token);
                if (!doneBy.TryGetValue(item.Id, out var workers)) doneBy.Add(item.Id, workers = []);
                workers.Add("alice");
            }
            var all = await replicas[0].Documents<Press>().ToListAsync(Token);
            Assert.True(doneBy.Count == 4 && all.All(static p => p.Work.IsDone.Value), $"seed {seed}: {doneBy.Count} of 4 items were done");
            foreach (var press in all)
                Assert.True(doneBy[press.Id].SetEquals(press.Work.CompletedBy), $"seed {seed}: {press.Name} was done by {string.Join(", ", doneBy[press.Id])}, not {string.Join(", ", press.Work.CompletedBy)}");
            foreach (var replica in replicas) await replica.DisposeAsync();
        }
    }
}
