namespace Edge.Sync.Tests.Database;

public class OpeningTests
{
    [Fact]
    public async Task Opening_that_was_cancelled_lets_go_of_the_file()
    {
        using var folder = new TempFolder();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EdgeDatabase.OpenAsync(folder["a.db"], new CancellationToken(canceled: true)));
        await using var database = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        Assert.Equal(0, await database.Documents<Job>().CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Waiting_for_what_a_disposed_sync_sends_throws()
    {
        using var folder = new TempFolder();
        await using var database = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        await database.Documents<Job>().EditAsync(DocumentId.Named("pump-7"), static job => job.Done = true, TestContext.Current.CancellationToken);
        var sync = database.StartSync(static _ => { });
        await sync.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sync.WhenSentAsync(TestContext.Current.CancellationToken));
    }
}
