namespace Edge.Sync.Tests.Projections;

/// <summary>A database of random documents that the tests of one class only read.</summary>
public sealed class FilledDatabase : IAsyncLifetime
{
    /// <summary>How many documents each collection has.</summary>
    public const int DocumentCount = 300;

    private readonly TempFolder _folder = new();

    public EdgeDatabase Db { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Db = await EdgeDatabase.OpenAsync(_folder["a.db"]);
        await RandomDocuments.FillJobsAsync(Db, seed: 1, DocumentCount);
        await RandomDocuments.FillGaugesAsync(Db, seed: 1, DocumentCount);
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        _folder.Dispose();
    }
}
