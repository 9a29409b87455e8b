namespace Edge.Sync.Tests.Database;

public class WatchTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Watch_is_registered_when_called()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var watch = db.Documents<Job>().WatchAsync();
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "x");
        // The first result has the edit already, and the signal that it left behind must not give the same result again.
        await using var results = watch.GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        Assert.Equal("x", results.Current.Single().Title);
        var next = results.MoveNextAsync().AsTask();
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "y");
        Assert.True(await next);
        Assert.Equal("y", results.Current.Single().Title);
    }

    [Fact]
    public async Task Watch_that_is_never_enumerated_does_not_hold_the_database_up()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var watch = db.Documents<Job>().WatchAsync();
        await db.DisposeAsync();
        await foreach (var _ in watch)
            Assert.Fail("The database is disposed.");
    }

    [Fact]
    public async Task Slow_reader_gets_the_newest_result_and_skips_what_it_missed()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var watch = db.Documents<Job>().WatchAsync().GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Empty(watch.Current);
        // Of two readers of one query the older gets each result first, so what the younger has seen waits for the older.
        await using var quick = db.Documents<Job>().WatchAsync().GetAsyncEnumerator();
        for (var i = 1; i <= 20; i++)
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        do Assert.True(await quick.MoveNextAsync());
        while (quick.Current.SingleOrDefault()?.Minutes.Value is not 20);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(20, watch.Current.Single().Minutes.Value);
        // Nothing was kept for it: the next result is of the next commit.
        var next = watch.MoveNextAsync().AsTask();
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        Assert.True(await next);
        Assert.Equal(21, watch.Current.Single().Minutes.Value);
    }

    [Fact]
    public async Task Commits_that_do_not_change_the_result_give_none()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "open");
        await using var watch = db.Documents<Job>().Where(static j => !j.Done).OrderBy(static j => j.Title).WatchAsync().GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Single(watch.Current);

        var next = watch.MoveNextAsync().AsTask();
        // Outside of the query, in another collection, without effect, failed, only looked at: none of these is a new result.
        await db.Documents<Job>().EditAsync(DocumentId.Named("closed"), static job => job.Done = true);
        await db.Documents<Site>().AddAsync(new Site { Name = "yard" });
        await db.Documents<Job>().EditAsync(s_pump, static _ => { });
        await Assert.ThrowsAsync<FormatException>(() => db.Documents<Job>().EditAsync(s_pump, (Action<Job>)(static _ => throw new FormatException())));
        await db.EditAsync(static change => change.Document<Site>(DocumentId.Named("gate")).Name = change.Document<Job>(s_pump).Title);
        await db.Documents<Job>().EditAsync(DocumentId.Named("second"), static job => job.Title = "z");
        Assert.True(await next);
        Assert.Equal(["open", "z"], watch.Current.Select(static job => job.Title));
    }

    [Fact]
    public async Task Documents_that_enter_change_and_leave_give_results()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var watch = db.Documents<Job>().Where(static j => !j.Done).WatchAsync().GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Empty(watch.Current);
        foreach (var (edit, count) in ((Action<Job>, int)[])[(static j => j.Title = "x", 1), (static j => j.Minutes.Add(1), 1), (static j => j.Done = true, 0), (static j => j.Done = false, 1)])
        {
            await db.Documents<Job>().EditAsync(s_pump, edit);
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal(count, watch.Current.Count);
        }
        await db.Documents<Job>().DeleteAsync(s_pump);
        Assert.True(await watch.MoveNextAsync());
        Assert.Empty(watch.Current);
    }

    [Fact]
    public async Task Change_of_order_alone_is_a_new_result()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(DocumentId.Named("a"), static job => job.Title = "a");
        await db.Documents<Job>().EditAsync(DocumentId.Named("b"), static job => job.Title = "b");
        await using var watch = db.Documents<Job>().OrderByDescending(static j => j.Title).WatchAsync().GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        await db.Documents<Job>().EditAsync(DocumentId.Named("a"), static job => job.Title = "c");
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(["c", "b"], watch.Current.Select(static job => job.Title));
    }

    [Fact]
    public async Task Waiting_watcher_ends_quietly_when_the_database_is_disposed()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var watch = db.Documents<Job>().WatchAsync().GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        await db.DisposeAsync();
        Assert.False(await next);
        // And one that was not waiting.
        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public async Task Watchers_that_race_with_dispose_end_quietly()
    {
        using var folder = new TempFolder();
        for (var round = 0; round < 10; round++)
        {
            var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
            var watchers = Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
            {
                await foreach (var _ in db.Documents<Job>().WatchAsync())
                    try { await db.Documents<Job>().EditAsync(DocumentId.Named($"{number}"), static job => job.Minutes.Add(1)); }
                    catch (ObjectDisposedException) { /* its turn came after the end */ }
            })).ToArray();
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Done = true);
            await db.DisposeAsync();
            await Task.WhenAll(watchers);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_ends_a_watch_with_OperationCanceledException(bool tokenOfTheEnumeration)
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        using var cancel = new CancellationTokenSource();
        await using var watch = tokenOfTheEnumeration
            ? db.Documents<Job>().WatchAsync().GetAsyncEnumerator(cancel.Token)
            : db.Documents<Job>().WatchAsync(cancel.Token).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Change_from_a_peer_wakes_a_watch()
    {
        using var folder = new TempFolder();
        var network = new InMemoryNetwork();
        network.Connect("alice", "bob");
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await using var aliceSync = alice.StartSync(s => s.UseInMemory(network, "alice"));
        await using var bobSync = bob.StartSync(s => s.UseInMemory(network, "bob"));
        await using var watch = bob.Documents<Job>().WatchAsync().GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        await alice.Documents<Job>().EditAsync(s_pump, static job => job.Title = "from alice");
        Assert.True(await next);
        Assert.Equal("from alice", watch.Current.Single().Title);
    }

    [Fact]
    public async Task Watch_may_be_enumerated_again()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var watch = db.Documents<Job>().WatchAsync();
        for (var round = 1; round <= 3; round++)
        {
            await using var results = watch.GetAsyncEnumerator();
            Assert.True(await results.MoveNextAsync());
            var next = results.MoveNextAsync().AsTask();
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
            Assert.True(await next);
            Assert.Equal(round, results.Current.Single().Minutes.Value);
        }
        await using var last = watch.GetAsyncEnumerator();
        Assert.True(await last.MoveNextAsync());
        var end = last.MoveNextAsync().AsTask();
        await db.DisposeAsync();
        Assert.False(await end);
    }

    [Fact]
    public async Task Watch_of_a_file_that_cannot_be_opened_throws()
    {
        using var folder = new TempFolder();
        await using var db = new EdgeDatabase(new() { Path = folder["missing/a.db"] });
        await using var watch = db.Documents<Job>().WatchAsync().GetAsyncEnumerator();
        await Assert.ThrowsAsync<EdgeStorageException>(() => watch.MoveNextAsync().AsTask());
    }
}
