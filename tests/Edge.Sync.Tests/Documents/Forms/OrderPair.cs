using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Documents.Forms;

/// <summary>Alice and Bob, who edit one order while they do not hear of each other, and then merge.</summary>
internal sealed class OrderPair : IAsyncDisposable
{
    public static readonly DocumentId Id = DocumentId.Named("order-1");
    private readonly TempFolder _folder = new();

    public EdgeDatabase Alice { get; private set; } = null!;

    public EdgeDatabase Bob { get; private set; } = null!;

    public string BobPath => _folder["bob.db"];

    public static async Task<OrderPair> StartAsync(Action<Order>? both = null)
    {
        var pair = new OrderPair();
        pair.Alice = await EdgeDatabase.OpenAsync(pair._folder["alice.db"]);
        pair.Bob = await EdgeDatabase.OpenAsync(pair.BobPath);
        await pair.Alice.Documents<Order>().EditAsync(Id, both ?? (static _ => { }));
        await pair.Bob.Documents<Order>().CountAsync(); // makes Bob's table
        await Exchange.MergeAsync(pair.Alice, pair.Bob);
        return pair;
    }

    /// <summary>Both edit without hearing of each other, then merge; gives what Bob reads.</summary>
    public async Task<Order> MergeAsync(Action<Order> alice, Action<Order> bob)
    {
        await Alice.Documents<Order>().EditAsync(Id, alice);
        await Bob.Documents<Order>().EditAsync(Id, bob);
        await Exchange.MergeAsync(Alice, Bob);
        await Rebuilding.AssertEqualAsync(Alice);
        await Rebuilding.AssertEqualAsync(Bob);
        return (await Bob.Documents<Order>().FindAsync(Id))!;
    }

    public object? Sql(string expression) => PlainSql.Scalar(BobPath, $"SELECT {expression} FROM \"order\"");

    public async Task ReopenBobAsync()
    {
        await Bob.DisposeAsync();
        Bob = await EdgeDatabase.OpenAsync(BobPath);
    }

    public async ValueTask DisposeAsync()
    {
        await Alice.DisposeAsync();
        await Bob.DisposeAsync();
        _folder.Dispose();
    }
}
