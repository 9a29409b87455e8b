// As people write it.
#pragma warning disable CA2016, xUnit1051

using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Live;

namespace Edge.Sync.Tests.Docs;

/// <summary>The view model of docs/live.md, over the documents of docs/documents.md.</summary>
public partial class DocumentSnippets
{
    [Fact]
    public async Task View_model_does_what_it_says()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var van = await EdgeDatabase.OpenAsync(folder["b.db"]);
        var ui = new UiThread();
        SynchronizationContext.SetSynchronizationContext(ui);       // made on the UI thread, as the page says
        var model = new JobsViewModel(db);
        SynchronizationContext.SetSynchronizationContext(null);
        await ui.RunUntilAsync(() => model.Open.IsLoaded && model.Conflicts.IsLoaded && model.Status.IsLoaded);

        await model.AddAsync("Replace pump 7", DocumentId.Named("north"));
        await ui.RunUntilAsync(() => model.Open.Count == 1);
        var job = model.Open[0];
        Assert.Equal(("Replace pump 7", DocumentId.Named("north"), "seal"), (job.Title, job.Site.Id, Assert.Single(job.Parts)));
        await model.AddStepAsync(job, "drain");
        await ui.RunUntilAsync(() => job.Steps.Count == 1);
        Assert.Same(job, model.Open[0]);

        SynchronizationContext.SetSynchronizationContext(ui);
        var form = model.Edit(job);
        SynchronizationContext.SetSynchronizationContext(null);
        await ui.RunUntilAsync(() => form.IsLoaded);
        await Exchange.MergeAsync(db, van);
        await van.Documents<Job>().EditAsync(job.Id, static j => j.Title = "From the van");
        form.Value!.Title = "From the office";
        await form.FlushAsync();
        await form.DisposeAsync();
        await Exchange.MergeAsync(db, van);
        await ui.RunUntilAsync(() => model.Conflicts.Count == 1);
        var lost = (string)model.Conflicts[0].LostValue!;
        await model.RestoreAsync(model.Conflicts[0]);
        await ui.RunUntilAsync(() => model.Conflicts.Count == 0 && job.Title == lost);

        await model.FinishAsync(job, 30);
        await ui.RunUntilAsync(() => model.Open.Count == 0);
        Assert.Equal(30, (await db.Documents<Job>().FindAsync(job.Id))!.Minutes.Value);
        await model.Undo.UndoAsync();
        await ui.RunUntilAsync(() => model.Open.Count == 1);
        Assert.Equal(0, (await db.Documents<Job>().FindAsync(job.Id))!.Minutes.Value);
        await model.DeleteAsync(job);
        await ui.RunUntilAsync(() => model.Open.Count == 0);
        Assert.Equal(LinkState.Connecting, model.Status.Value!.State);
        await model.DisposeAsync();
    }

    // snippet: view-model
    public sealed class JobsViewModel(EdgeDatabase db) : IAsyncDisposable      // from DI, made on the UI thread; the file opens at the first await
    {
        public UndoHistory Undo { get; } = db.CreateUndoHistory("board");          // CanUndo, UndoAsync, RedoAsync; survives a restart
        public LiveList<Job> Open { get; } = db.Documents<Job>().Where(j => !j.Done).OrderBy(j => j.Due).ThenBy(j => j.Title).ToLiveList();
        public LiveList<Conflict> Conflicts { get; } = db.Conflicts.ToLiveList();
        public LiveValue<SyncStatus> Status { get; } = db.ToLiveStatus();      // State, Unsent, LastSynced, Reason
        private DocumentSet<Job> Jobs => db.Documents<Job>().With(new EditOptions { Intent = "board", Undo = Undo });
        public Task FinishAsync(Job job, int minutes) =>                       // static lambda and state: no closure
            Jobs.EditAsync(job.Id, minutes, static (j, m) => { j.Done = true; j.Minutes.Add(m); });
        public Task AddAsync(string title, DocumentId site) => Jobs.AddAsync(new Job { Title = title, Site = site, Parts = { "seal" } });
        public Task AddStepAsync(Job job, string text) => Jobs.EditAsync(job.Id, j => j.Steps.Add(new Step { Text = text }));
        public Task DeleteAsync(Job job) => Jobs.DeleteAsync(job.Id);          // replicated, restorable; Evict, Purge, Forget are the other three
        public Task RestoreAsync(Conflict lost) => db.Conflicts.RestoreAsync(lost);
        public LiveDocument<Job> Edit(Job job) => Jobs.ToLive(job.Id);         // {Binding Value.Title}: setters queue edits, FlushAsync throws what failed
        public async ValueTask DisposeAsync() { await Open.DisposeAsync(); await Conflicts.DisposeAsync(); await Status.DisposeAsync(); }
    }
    // end
}
