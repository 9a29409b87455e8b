#pragma warning disable ES0001 // Writes to a snapshot, to see it refused.

using System.Collections.Specialized;
using System.ComponentModel;
using Edge.Sync.Documents;

namespace Edge.Sync.Tests.Live;

public sealed class LiveDocumentTests : IAsyncLifetime
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    private readonly TempFolder _folder = new();
    private readonly UiThread _ui = new();
    private EdgeDatabase _db = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DocumentSet<Job> Jobs => _db.Documents<Job>();

    public async ValueTask InitializeAsync()
    {
        _db = await EdgeDatabase.OpenAsync(_folder["a.db"], Token);
        await Jobs.EditAsync(s_pump, static job =>
        {
            job.Title = "Replace pump";
            job.Notes.Append("leaks");
        }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Setters_show_at_once_and_are_written()
    {
        await using var live = await LoadAsync();
        var job = live.Value!;
        var told = new List<string?>();
        ((INotifyPropertyChanged)job).PropertyChanged += (_, e) => told.Add(e.PropertyName);
        job.Title = "Replace seal";
        job.Done = true;
        job.Due = DateTimeOffset.UnixEpoch;
        job.Notes.Value = "leaks a lot";
        Assert.Equal(("Replace seal", true, DateTimeOffset.UnixEpoch, "leaks a lot"), (job.Title, job.Done, job.Due!.Value, job.Notes.Value));
        Assert.Equal(["Title", "Done", "Due", "Notes"], told);
        await live.FlushAsync(Token);
        var stored = (await Jobs.FindAsync(s_pump, Token))!;
        Assert.Equal(("Replace seal", true, DateTimeOffset.UnixEpoch, "leaks a lot"), (stored.Title, stored.Done, stored.Due!.Value, stored.Notes.Value));
        // What was shown already is not told again.
        await DrainAsync(live);
        Assert.Equal(["Title", "Done", "Due", "Notes"], told);
        Assert.Same(job, live.Value);
    }

    [Fact]
    public async Task Edits_that_come_while_one_is_written_are_one_change()
    {
        await using var live = await LoadAsync();
        var before = (await _db.GetStorageAsync(Token)).ChangeCount;
        for (var i = 0; i < 200; i++) live.Value!.Title = $"title {i}";
        await live.FlushAsync(Token);
        Assert.Equal("title 199", (await Jobs.FindAsync(s_pump, Token))!.Title);
        Assert.InRange((await _db.GetStorageAsync(Token)).ChangeCount - before, 1, 100);
    }

    [Fact]
    public async Task Counters_and_sets_are_edited_in_place_too()
    {
        await using var live = await LoadAsync();
        var job = live.Value!;
        var resets = 0;
        ((INotifyCollectionChanged)job.Parts).CollectionChanged += (_, e) => resets += e.Action == NotifyCollectionChangedAction.Reset ? 1 : 100;
        job.Minutes.Add(5);
        job.Parts.Add("seal");
        await live.FlushAsync(Token);
        await _ui.RunUntilAsync(() => job.Minutes == 5 && job.Parts.Contains("seal"));
        Assert.Equal(1, resets);
        Assert.True(job.Parts.Remove("seal"));
        Assert.False(job.Parts.Remove("bolt"));
        await live.FlushAsync(Token);
        await _ui.RunUntilAsync(() => job.Parts.Count == 0);
    }

    [Fact]
    public async Task What_cannot_be_edited_in_place_says_so()
    {
        await using var live = await LoadAsync();
        var error = Assert.Throws<InvalidOperationException>(() => live.Value!.Notes.Append("x"));
        Assert.Contains("EditAsync", error.Message, StringComparison.Ordinal);
        Assert.Contains("live document", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_of_others_is_shown_and_does_not_hide_what_is_being_typed()
    {
        await using var live = await LoadAsync();
        var job = live.Value!;
        job.Title = "mine";
        // Not drained: the setter's edit is committed, and the UI has not heard of it yet.
        await live.FlushAsync(Token);
        await Jobs.EditAsync(s_pump, static j => j.Minutes.Add(1), Token);
        await _ui.RunUntilAsync(() => job.Minutes == 1);
        Assert.Equal("mine", job.Title);
        await Jobs.EditAsync(s_pump, static j => j.Title = "theirs", Token);
        await _ui.RunUntilAsync(() => job.Title == "theirs");
    }

    [Theory]
    [InlineData("abc", "abXc", "abc", "abXc")]
    [InlineData("abc", "Xabc", "abcY", "XabcY")]
    [InlineData("abc", "abcX", "Yabc", "YabcX")]
    [InlineData("hello world", "hello brave world", "hello world!", "hello brave world!")]
    [InlineData("hello world", "hello", "Hello world", "Hello")]
    [InlineData("abcdef", "abef", "abcXdef", "abXef")]
    [InlineData("abcdef", "abYef", "af", "aYf")]
    [InlineData("", "X", "Y", "XY")]
    public void Typed_text_merges_with_what_others_wrote(string seen, string mine, string now, string merged) => Assert.Equal(merged, TextMerge.Merge(seen, mine, now));

    [Fact]
    public async Task Edit_that_fails_is_taken_back_and_told_by_flush()
    {
        await using var live = await LoadAsync();
        var job = live.Value!;
        var told = new List<string?>();
        ((INotifyPropertyChanged)job).PropertyChanged += (_, e) => told.Add(e.PropertyName);
        job.Title = new string('x', 9_000_000); // more than a change holds
        await Assert.ThrowsAsync<EdgeDataException>(() => live.FlushAsync(Token));
        await _ui.RunUntilAsync(() => job.Title == "Replace pump");
        Assert.Equal(["Title", "Title"], told);
        await live.FlushAsync(Token);
        job.Title = "short";
        await live.FlushAsync(Token);
        Assert.Equal("short", (await Jobs.FindAsync(s_pump, Token))!.Title);
    }

    [Fact]
    public async Task Document_that_comes_and_goes_is_a_value_or_null()
    {
        var id = DocumentId.Named("later");
        await using var live = Jobs.ToLive(id, _ui);
        await _ui.RunUntilAsync(() => live.IsLoaded);
        Assert.Null(live.Value);
        await Jobs.EditAsync(id, static job => job.Title = "here", Token);
        await _ui.RunUntilAsync(() => live.Value?.Title == "here");
        await Jobs.DeleteAsync(id, Token);
        await _ui.RunUntilAsync(() => live.Value is null);
        await Jobs.RestoreAsync(id, Token);
        await _ui.RunUntilAsync(() => live.Value?.Title == "here");
    }

    [Fact]
    public async Task Setters_of_a_list_item_are_written_and_the_options_of_the_set_count()
    {
        var history = _db.CreateUndoHistory("board");
        await using var list = Jobs.With(new EditOptions { Undo = history }).Where(static j => !j.Done).ToLiveList(_ui);
        await _ui.RunUntilAsync(() => list.IsLoaded);
        var item = list.Single();
        item.Done = true;
        await list.FlushAsync(Token);
        await _ui.RunUntilAsync(() => list.Count == 0);
        Assert.True(item.Done);
        Assert.True((await Jobs.FindAsync(s_pump, Token))!.Done);
        await history.UndoAsync(Token);
        Assert.False((await Jobs.FindAsync(s_pump, Token))!.Done);
    }

    [Fact]
    public async Task Edits_are_written_although_the_list_is_disposed()
    {
        var live = await LoadAsync();
        live.Value!.Title = "last words";
        await live.DisposeAsync();
        await live.FlushAsync(Token);
        Assert.Equal("last words", (await Jobs.FindAsync(s_pump, Token))!.Title);
    }

    [Fact]
    public async Task Snapshots_and_detached_documents_take_handlers_and_tell_nothing()
    {
        var snapshot = (await Jobs.FindAsync(s_pump, Token))!;
        static void Never(object? sender, PropertyChangedEventArgs e) => Assert.Fail("It never changes.");
        ((INotifyPropertyChanged)snapshot).PropertyChanged += Never;
        var detached = new Job();
        ((INotifyPropertyChanged)detached).PropertyChanged += Never;
        detached.Title = "x";
        Assert.Throws<InvalidOperationException>(() => snapshot.Title = "x");
    }

    private async Task<LiveDocument<Job>> LoadAsync()
    {
        var live = Jobs.ToLive(s_pump, _ui);
        await _ui.RunUntilAsync(() => live.IsLoaded);
        return live;
    }

    // Until the UI has heard of all commits: a marker that comes behind them.
    private async Task DrainAsync(LiveDocument<Job> live)
    {
        await using var other = Jobs.ToLive(s_pump, _ui);
        await _ui.RunUntilAsync(() => other.IsLoaded && other.Value!.Done);
        await _ui.RunUntilAsync(() => live.Error is null);
    }
}
