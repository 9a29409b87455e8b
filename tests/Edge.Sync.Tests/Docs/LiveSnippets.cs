// As people write it.
#pragma warning disable CA2016, xUnit1051

using Edge.Sync.Tests.Live;

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of docs/live.md.</summary>
public class LiveSnippets
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_shows_what_runs()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var ui = new UiThread();
        var id = DocumentId.Named("pump-7");
        await db.Documents<Job>().EditAsync(id, static j => j.Title = "Replace pump 7", Token);

        // snippet: watch
        await foreach (var open in db.Documents<Job>().Where(j => !j.Done).OrderBy(j => j.Title).WatchAsync())
        {
            Console.WriteLine($"{open.Count} open");
            if (open.Count > 0) break;
        }
        // end

        SynchronizationContext.SetSynchronizationContext(ui);
        // snippet: form
        await using var form = db.Documents<Job>().ToLive(id);
        // end
        SynchronizationContext.SetSynchronizationContext(null);
        await ui.RunUntilAsync(() => form.IsLoaded);
        // snippet: flush
        form.Value!.Title = "Replace pump 7 today";      // shown at once; an edit is queued
        await form.FlushAsync();                         // committed, or throws what kept it from being
        // end
        Assert.Equal("Replace pump 7 today", (await db.Documents<Job>().FindAsync(id, Token))?.Title);
    }
}
