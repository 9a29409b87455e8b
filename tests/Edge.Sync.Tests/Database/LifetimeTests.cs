namespace Edge.Sync.Tests.Database;

public class LifetimeTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Constructor_does_no_io_and_the_first_await_opens()
    {
        using var folder = new TempFolder();
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        var jobs = db.Documents<Job>();
        var query = jobs.Where(static j => !j.Done).OrderBy(static j => j.Title);
        var watch = query.WatchAsync();
        Assert.NotEqual(default, db.NewId());
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        await jobs.EditAsync(s_pump, static job => job.Title = "x");
        Assert.True(File.Exists(folder["a.db"]));
        await foreach (var result in watch)
        {
            Assert.Equal("x", result.Single().Title);
            break;
        }
    }

    [Fact]
    public async Task First_await_may_be_a_query()
    {
        using var folder = new TempFolder();
        await using var db = new EdgeDatabase(new() { Path = folder["a.db"] });
        Assert.Empty(await db.Documents<Job>().ToListAsync());
    }

    [Fact]
    public async Task File_keeps_its_documents_and_its_replica()
    {
        using var folder = new TempFolder();
        ReplicaId replica;
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            replica = (await db.OpenedAsync(default)).ReplicaId;
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(30));
        }
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            Assert.Equal(replica, (await db.OpenedAsync(default)).ReplicaId);
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(12));
            Assert.Equal(42, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
            Assert.Equal([2UL, 4UL], (await Exchange.ReadAllAsync(db)).Select(static change => change.Last.Counter)); // each edit: one delta, and that the document exists
        }
    }

    [Fact]
    public async Task Disposed_twice_is_disposed_once()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.DisposeAsync();
        await db.DisposeAsync();
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"]);
    }

    [Fact]
    public async Task Disposed_without_having_been_opened_leaves_no_file()
    {
        using var folder = new TempFolder();
        await new EdgeDatabase(new() { Path = folder["a.db"] }).DisposeAsync();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Calls_after_dispose_throw_ObjectDisposedException()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var jobs = db.Documents<Job>();
        await jobs.EditAsync(s_pump, static job => job.Done = true);
        await db.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => jobs.EditAsync(s_pump, static job => job.Done = false));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => jobs.AddAsync(new Job()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => jobs.DeleteAsync(s_pump));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => jobs.FindAsync(s_pump));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => jobs.ToListAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => jobs.CountAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => jobs.AnyAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => jobs.FirstOrDefaultAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => db.EditAsync(static change => change.Add(new Job())));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => db.EnsureOpenAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => db.GetStateHashAsync());
        Assert.Throws<ObjectDisposedException>(() => db.StartSync(static _ => { }));
    }

    [Fact]
    public async Task Dispose_lets_the_writer_finish_what_it_has_taken()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().CountAsync();
        Task[] edits;
        Task disposed;
        using (var held = await HeldWriter.HoldAsync(db))
        {
            edits = [.. Enumerable.Range(0, 50).Select(_ => db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1)))];
            disposed = db.DisposeAsync().AsTask();
            Assert.False(disposed.IsCompleted);
            await held.ReleaseAsync();
        }
        await Task.WhenAll(edits);
        await disposed;
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"]);
        Assert.Equal(50, (await again.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
    }

    [Fact]
    public async Task Edits_that_race_with_dispose_are_acknowledged_and_there_or_refused_and_not()
    {
        using var folder = new TempFolder();
        for (var round = 0; round < 10; round++)
        {
            var id = DocumentId.Named($"round {round}");
            var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
            var acknowledged = 0;
            var some = new SemaphoreSlim(0);
            var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                try
                {
                    while (true)
                    {
                        await db.Documents<Job>().EditAsync(id, static job => job.Minutes.Add(1));
                        Interlocked.Increment(ref acknowledged);
                        some.Release();
                    }
                }
                catch (ObjectDisposedException) { /* the end of each writer */ }
            })).ToArray();
            for (var i = 0; i <= round; i++)
                await some.WaitAsync();
            await db.DisposeAsync();
            await Task.WhenAll(writers);
            await using var again = await EdgeDatabase.OpenAsync(folder["a.db"]);
            Assert.Equal(acknowledged, (await again.Documents<Job>().FindAsync(id))!.Minutes.Value);
        }
    }

    public static TheoryData<string> Orders() => ["swd", "sdw", "wsd", "wds", "dsw", "dws"];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Sync_watcher_and_database_are_disposed_in_any_order(string order)
    {
        using var folder = new TempFolder();
        var network = new InMemoryNetwork();
        network.Connect("alice", "bob");
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await using var bobSync = bob.StartSync(s => s.UseInMemory(network, "bob"));
        var db = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        var sync = db.StartSync(s => s.UseInMemory(network, "alice"));
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Done = true);
        await sync.WhenSentAsync();
        var watch = db.Documents<Job>().WatchAsync().GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        foreach (var step in order)
            await (step switch { 's' => sync.DisposeAsync(), 'w' => watch.DisposeAsync(), _ => db.DisposeAsync() });
        await sync.DisposeAsync();
        Assert.True((await bob.Documents<Job>().FindAsync(s_pump))!.Done);
        await using var again = await EdgeDatabase.OpenAsync(folder["alice.db"]);
    }
}
