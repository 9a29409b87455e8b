namespace Edge.Sync.Tests.Storage;

public class LinkedFileTests
{
    [Fact]
    public async Task Link_to_an_open_database_is_that_database()
    {
        using var folder = new TempFolder();
        await using var database = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(folder["link.db"], folder["a.db"]);
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => EdgeDatabase.OpenAsync(folder["link.db"], TestContext.Current.CancellationToken));
        Assert.Equal(EdgeErrorCode.StorageLocked, error.Code);
    }

    [Fact]
    public void Database_in_memory_is_refused() =>
        Assert.Contains("file", Assert.Throws<ArgumentException>(() => new EdgeDatabase(new() { Path = ":memory:" })).Message, StringComparison.Ordinal);
}
