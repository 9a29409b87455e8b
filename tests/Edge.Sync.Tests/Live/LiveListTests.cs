using System.Collections;
using System.Collections.Specialized;
using System.ComponentModel;

namespace Edge.Sync.Tests.Live;

public sealed class LiveListTests : IAsyncLifetime
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    private readonly TempFolder _folder = new();
    private readonly UiThread _ui = new();
    private EdgeDatabase _db = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DocumentSet<Job> Jobs => _db.Documents<Job>();

    public async ValueTask InitializeAsync() => _db = await EdgeDatabase.OpenAsync(_folder["a.db"], Token);

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Events_applied_to_the_old_list_give_the_new_list(int seed)
    {
        var random = new Random(seed);
        await using var list = Jobs.Where(static j => !j.Done).OrderBy(static j => j.Priority).ThenBy(static j => j.Title).ToLiveList(_ui);
        var mirror = new Mirror<Job>(list, _ui);
        for (var step = 0; step < 60; step++)
        {
            await _db.EditAsync(change =>
            {
                for (var edits = random.Next(1, 5); edits > 0; edits--) FeedTests.EditRandomly(change, random);
            }, Token);
            if (random.Next(3) > 0) continue; // several commits become one update
            var expected = Shown(await Jobs.Where(static j => !j.Done).OrderBy(static j => j.Priority).ThenBy(static j => j.Title).ToListAsync(Token));
            await _ui.RunUntilAsync(() => list.IsLoaded && Shown(list) == expected);
            Assert.Equal(list, mirror.Items);
        }
        Assert.Null(list.Error);
        Assert.True(_ui.Posts <= 2 * 60, $"{_ui.Posts} posts");
    }

    [Fact]
    public async Task Commits_that_come_while_the_ui_is_busy_are_one_update()
    {
        await using var list = Jobs.OrderBy(static j => j.Title).ToLiveList(_ui);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        var (posts, changes) = (_ui.Posts, 0);
        list.CollectionChanged += (_, _) => changes++;
        for (var i = 0; i < 50; i++) await Jobs.EditAsync(DocumentId.Named($"{i % 10}"), i, static (job, i) => job.Title = $"{i}", Token);
        Assert.InRange(_ui.Posts - posts, 0, 1);
        await _ui.RunUntilAsync(() => list.Count == 10 && list.Any(static job => job.Title == "49"));
        Assert.InRange(_ui.Posts - posts, 1, 3);
        Assert.InRange(changes, 10, 30); // ten insertions, and at most a few moves of a second update
    }

    [Fact]
    public async Task List_loads_in_the_background_and_tells_it()
    {
        await Jobs.EditAsync(s_pump, static job => job.Title = "x", Token);
        await using var list = Jobs.ToLiveList(_ui);
        var told = new List<string?>();
        list.PropertyChanged += (_, e) => told.Add(e.PropertyName);
        Assert.False(list.IsLoaded);
        Assert.Empty(list);
        var loaded = list.WhenLoadedAsync(Token);
        Assert.False(loaded.IsCompleted);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        await loaded;
        Assert.Equal("x", list.Single().Title);
        Assert.Equal(["Count", "Item[]", "IsLoaded"], told);
    }

    [Fact]
    public async Task Context_is_taken_where_the_list_is_made()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_ui);
        LiveList<Job> list;
        try { list = Jobs.ToLiveList(); }
        finally { SynchronizationContext.SetSynchronizationContext(before); }
        await _ui.RunUntilAsync(() => list.IsLoaded);
        await list.DisposeAsync();
    }

    [Fact]
    public async Task Item_stays_the_same_object_and_tells_what_changed()
    {
        await Jobs.EditAsync(s_pump, static job => job.Title = "b", Token);
        await Jobs.EditAsync(DocumentId.Named("other"), static job => job.Title = "c", Token);
        await using var list = Jobs.OrderBy(static j => j.Title).ToLiveList(_ui);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        var mirror = new Mirror<Job>(list, _ui);
        mirror.Items.AddRange(list);
        var item = list[0];
        var told = new List<string?>();
        ((INotifyPropertyChanged)item).PropertyChanged += (sender, e) =>
        {
            Assert.Same(item, sender);
            Assert.True(_ui.IsRunning);
            told.Add(e.PropertyName);
        };
        await Jobs.EditAsync(s_pump, static job =>
        {
            job.Minutes.Add(5);
            job.Due = DateTimeOffset.UnixEpoch;
        }, Token);
        await _ui.RunUntilAsync(() => item.Minutes == 5);
        Assert.Equal(["Due", "Minutes"], told);
        Assert.Empty(mirror.Actions);
        await Jobs.EditAsync(s_pump, static job => job.Title = "d", Token);
        await _ui.RunUntilAsync(() => list[1].Title == "d");
        Assert.Same(item, list[1]);
        Assert.Equal([NotifyCollectionChangedAction.Move], mirror.Actions);
        Assert.Equal(["Due", "Minutes", "Title"], told);
    }

    [Fact]
    public async Task Ten_thousand_rows_load_as_one_reset_and_change_by_single_steps()
    {
        await _db.EditAsync(static change =>
        {
            for (var i = 0; i < 10_000; i++) change.Document<Job>(DocumentId.Named($"{i}")).Title = $"{i:D5}";
        }, Token);
        await using var list = Jobs.OrderBy(static j => j.Title).ToLiveList(_ui);
        var mirror = new Mirror<Job>(list, _ui);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        Assert.Equal(10_000, list.Count);
        Assert.Equal([NotifyCollectionChangedAction.Reset], mirror.Actions);
        var selected = list[5000];
        mirror.Actions.Clear();
        await Jobs.EditAsync(DocumentId.Named("5000"), static job => job.Title = "00000 first", Token);
        await _ui.RunUntilAsync(() => list[1].Title == "00000 first");
        Assert.Same(selected, list[1]);
        await Jobs.EditAsync(DocumentId.Named("new"), static job => job.Title = "07000 new", Token);
        await _ui.RunUntilAsync(() => list.Count == 10_001);
        await Jobs.DeleteAsync(DocumentId.Named("42"), Token);
        await _ui.RunUntilAsync(() => list.Count == 10_000);
        Assert.Equal([NotifyCollectionChangedAction.Move, NotifyCollectionChangedAction.Add, NotifyCollectionChangedAction.Remove], mirror.Actions);
        Assert.Equal(list, mirror.Items);
        // More than a hundred steps: one reset, which keeps the items.
        await _db.EditAsync(static change =>
        {
            for (var i = 0; i < 200; i++) change.Document<Job>(DocumentId.Named($"{9000 + i}")).Title = $"00001 {i:D3}";
        }, Token);
        await _ui.RunUntilAsync(() => list[3].Title.StartsWith("00001 ", StringComparison.Ordinal));
        Assert.Equal(NotifyCollectionChangedAction.Reset, mirror.Actions[^1]);
        Assert.Equal(4, mirror.Actions.Count);
        Assert.Same(selected, list[1]);
        Assert.Equal((await Jobs.OrderBy(static j => j.Title).ToListAsync(Token)).Select(static j => j.Id), list.Select(static j => j.Id));
        Assert.Equal(1, _db.Feeds.Work.Runs - 1); // the list's own, and one for the two hundred
    }

    [Fact]
    public async Task Handler_that_throws_stops_nothing_and_is_told()
    {
        await using var list = Jobs.OrderBy(static j => j.Title).ToLiveList(_ui);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        list.CollectionChanged += static (_, _) => throw new FormatException("handler");
        var mirror = new Mirror<Job>(list, _ui);
        await Jobs.EditAsync(s_pump, static job => job.Title = "a", Token);
        await _ui.RunUntilAsync(() => list.Count == 1);
        Assert.IsType<FormatException>(list.Error);
        Assert.Equal(list, mirror.Items);
        ((INotifyPropertyChanged)list[0]).PropertyChanged += static (_, _) => throw new InvalidOperationException("item");
        await Jobs.EditAsync(s_pump, static job => job.Title = "b", Token);
        await _ui.RunUntilAsync(() => list[0].Title == "b");
        Assert.Equal("item", Assert.IsType<InvalidOperationException>(list.Error).Message);
        await Jobs.EditAsync(DocumentId.Named("other"), static job => job.Title = "c", Token);
        await _ui.RunUntilAsync(() => list.Count == 2);
        Assert.Equal("handler", list.Error?.Message);
        Assert.Equal(list, mirror.Items);
    }

    [Fact]
    public async Task Query_that_fails_is_told_and_tried_again()
    {
        using var folder = new TempFolder();
        await using var db = new EdgeDatabase(new() { Path = folder["missing/a.db"] });
        await using var list = db.Documents<Job>().ToLiveList(_ui);
        await _ui.RunUntilAsync(() => list.Error is not null);
        Assert.IsType<EdgeStorageException>(list.Error);
        Assert.False(list.IsLoaded);
        await Assert.ThrowsAsync<EdgeStorageException>(() => list.WhenLoadedAsync(Token));

        Directory.CreateDirectory(folder["missing"]);
        await db.EnsureOpenAsync(Token);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        Assert.Equal((0, null), (list.Count, list.Error));
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "x", Token);
        await _ui.RunUntilAsync(() => list.Count == 1);
    }

    [Fact]
    public async Task No_event_comes_after_disposal()
    {
        var list = Jobs.ToLiveList(_ui);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        var events = 0;
        list.CollectionChanged += (_, _) => events++;
        list.PropertyChanged += (_, _) => events++;
        await Jobs.EditAsync(s_pump, static job => job.Title = "a", Token);
        await _ui.RunUntilAsync(() => list.Count == 1);
        Assert.NotEqual(0, events);
        events = 0;
        await Jobs.EditAsync(s_pump, static job => job.Done = true, Token);
        await Jobs.EditAsync(DocumentId.Named("b"), static job => job.Title = "b", Token);
        // Whatever is posted by now, or was about to be.
        await list.DisposeAsync();
        await list.DisposeAsync();
        _ui.Run();
        await Jobs.EditAsync(DocumentId.Named("c"), static job => job.Title = "c", Token);
        _ui.Run();
        Assert.Equal(0, events);
        Assert.Equal(0, _db.Feeds.Count);
    }

    [Fact]
    public async Task List_disposed_by_its_own_handler_raises_nothing_more()
    {
        var list = Jobs.ToLiveList(_ui);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        var events = 0;
        list.CollectionChanged += (_, _) =>
        {
            events++;
            Assert.True(list.DisposeAsync().AsTask().IsCompletedSuccessfully);
        };
        await _db.EditAsync(static change =>
        {
            change.Document<Job>(DocumentId.Named("a")).Title = "a";
            change.Document<Job>(DocumentId.Named("b")).Title = "b";
        }, Token);
        await _ui.RunUntilAsync(() => events > 0);
        Assert.Equal(1, events);
    }

    [Fact]
    public async Task Either_order_of_disposal_is_safe()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var list = db.Documents<Job>().ToLiveList(_ui);
        var count = db.Documents<Job>().ToLiveCount(_ui);
        var document = db.Documents<Job>().ToLive(s_pump, _ui);
        var status = db.ToLiveStatus(_ui);
        var conflicts = db.Conflicts.ToLiveList(_ui);
        await _ui.RunUntilAsync(() => list.IsLoaded && count.IsLoaded && document.IsLoaded && status.IsLoaded && conflicts.IsLoaded);
        await db.DisposeAsync();
        _ui.Run();
        Assert.Null(list.Error);
        foreach (var live in (IAsyncDisposable[])[list, count, document, status, conflicts]) await live.DisposeAsync();
        // And made after the end: it stays empty.
        await using var late = db.Documents<Job>().ToLiveList(_ui);
        _ui.Run();
        Assert.False(late.IsLoaded);
    }

    [Fact]
    public async Task Change_between_two_steps_of_an_enumeration_throws_as_lists_do()
    {
        await Jobs.EditAsync(s_pump, static job => job.Title = "a", Token);
        await using var list = Jobs.ToLiveList(_ui);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        using var items = list.GetEnumerator();
        Assert.True(items.MoveNext());
        await Jobs.EditAsync(DocumentId.Named("b"), static job => job.Title = "b", Token);
        await _ui.RunUntilAsync(() => list.Count == 2);
        Assert.Throws<InvalidOperationException>(() => items.MoveNext());
    }

    [Fact]
    public async Task Without_a_context_an_enumeration_gives_one_moment()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        await using var list = Jobs.OrderBy(static j => j.Title).ToLiveList();
        SynchronizationContext.SetSynchronizationContext(before);
        await list.WhenLoadedAsync(Token);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++) await Jobs.EditAsync(DocumentId.Named($"{i}"), i, static (job, i) => job.Title = $"{i:D3}", Token);
        }, Token);
        while (list.Count < 100)
        {
            var titles = list.Select(static j => j.Id).ToList();
            Assert.Equal(titles.Distinct().Count(), titles.Count);
        }
        await writing;
    }

    [Fact]
    public async Task List_cannot_be_changed_by_hand()
    {
        await using var list = Jobs.ToLiveList(_ui);
        IList plain = list;
        Assert.True(plain.IsReadOnly);
        Assert.Throws<NotSupportedException>(() => plain.Add(new Job()));
        Assert.Throws<NotSupportedException>(plain.Clear);
        Assert.Equal(-1, plain.IndexOf(new Job()));
    }

    [Fact]
    public async Task Count_follows()
    {
        await using var open = Jobs.Where(static j => !j.Done).ToLiveCount(_ui);
        await _ui.RunUntilAsync(() => open.IsLoaded);
        Assert.Equal(0, open.Value);
        await Jobs.EditAsync(s_pump, static job => job.Title = "a", Token);
        await _ui.RunUntilAsync(() => open.Value == 1);
        var before = _db.Feeds.Work;
        await Jobs.EditAsync(s_pump, static job => job.Minutes.Add(1), Token);
        Assert.Equal(before, _db.Feeds.Work);
        await Jobs.EditAsync(s_pump, static job => job.Done = true, Token);
        await _ui.RunUntilAsync(() => open.Value == 0);
    }

    private static string Shown(IEnumerable<Job> jobs) =>
        string.Join('\n', jobs.Select(static j => $"{j.Id} {j.Title} {j.Done} {j.Due} {j.Priority} {j.Minutes} {string.Join(',', j.Parts)} {j.Notes}"));
}
