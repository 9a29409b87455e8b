using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Documents.Types;

/// <summary>Alice and Bob, who edit one document while they do not hear of each other, and then merge.</summary>
internal sealed class TwoReplicas : IAsyncDisposable
{
    private static readonly DocumentId s_id = DocumentId.Named("plant-1");
    private readonly TempFolder _folder;

    private TwoReplicas(TempFolder folder, EdgeDatabase alice, EdgeDatabase bob) => (_folder, Alice, Bob) = (folder, alice, bob);

    public EdgeDatabase Alice { get; }

    public EdgeDatabase Bob { get; }

    public static async Task<TwoReplicas> StartAsync(Action<Plant>? both = null)
    {
        var folder = new TempFolder();
        var replicas = new TwoReplicas(folder, await EdgeDatabase.OpenAsync(folder["alice.db"]), await EdgeDatabase.OpenAsync(folder["bob.db"]));
        await replicas.EditAsync(replicas.Alice, both ?? (static _ => { }));
        await replicas.Bob.Documents<Plant>().CountAsync(); // makes Bob's table
        await replicas.MergeAsync();
        return replicas;
    }

    public Task EditAsync(EdgeDatabase database, Action<Plant> edit) => database.Documents<Plant>().EditAsync(s_id, edit);

    /// <summary>Both edit without hearing of each other, then merge; gives what both read.</summary>
    public async Task<Plant> MergeAsync(Action<Plant>? alice = null, Action<Plant>? bob = null)
    {
        if (alice is not null) await EditAsync(Alice, alice);
        if (bob is not null) await EditAsync(Bob, bob);
        await Exchange.MergeAsync(Alice, Bob);
        await Rebuilding.AssertEqualAsync(Alice);
        await Rebuilding.AssertEqualAsync(Bob);
        return await ReadAsync(Bob);
    }

    public async Task<Plant> ReadAsync(EdgeDatabase database) => (await database.Documents<Plant>().FindAsync(s_id))!;

    /// <summary>A value of Bob's read model, as any other program sees it.</summary>
    public object? Sql(string expression) => PlainSql.Scalar(_folder["bob.db"], $"SELECT {expression} FROM plant");

    public async ValueTask DisposeAsync()
    {
        await Alice.DisposeAsync();
        await Bob.DisposeAsync();
        _folder.Dispose();
    }
}
