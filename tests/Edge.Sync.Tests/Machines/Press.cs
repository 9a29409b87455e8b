using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Machines;

/// <summary>A document with each of the ready types.</summary>
[EdgeDocument("press")]
public partial class Press
{
    public partial string Name { get; set; }
    public partial Lease Operator { get; }
    public partial Twin<Setpoints, Readings> Twin { get; }
    public partial Work Work { get; }
    public partial Reservation Slots { get; }
    public partial NameClaim Plate { get; }
}

[EdgeObject]
public partial class Setpoints
{
    public partial double Force { get; set; }
    public partial double Speed { get; set; }
}

[EdgeObject]
public partial class Readings
{
    public partial double Force { get; set; }
}

/// <summary>Some replicas that edit one press while they do not hear of each other, and are brought together by the test.</summary>
internal sealed class Floor : IAsyncDisposable
{
    public static readonly DocumentId PressId = DocumentId.Named("press-1");
    private readonly TempFolder _folder = new();

    public List<EdgeDatabase> Replicas { get; } = [];

    public static async Task<Floor> StartAsync(int count)
    {
        var floor = new Floor();
        for (var i = 0; i < count; i++)
        {
            var replica = await EdgeDatabase.OpenAsync(floor._folder[$"{i}.db"]);
            await replica.Documents<Press>().CountAsync();
            floor.Replicas.Add(replica);
        }
        await floor.EditAsync(0, static press => press.Name = "press 1");
        await floor.MergeAsync();
        return floor;
    }

    public Task EditAsync(int replica, Action<Press> edit) => Replicas[replica].Documents<Press>().EditAsync(PressId, edit);

    public async Task<TResult> EditAsync<TResult>(int replica, Func<Press, TResult> edit)
    {
        var result = default(TResult)!;
        await EditAsync(replica, (Action<Press>)(press => result = edit(press)));
        return result;
    }

    public async Task<Press> ReadAsync(int replica) => (await Replicas[replica].Documents<Press>().FindAsync(PressId))!;

    public Task MergeAsync(int first, int second) => Exchange.MergeAsync(Replicas[first], Replicas[second]);

    /// <summary>Brings all together: afterwards all are equal.</summary>
    public async Task MergeAsync()
    {
        for (var round = 0; round < 2; round++)
            for (var i = 1; i < Replicas.Count; i++)
                await MergeAsync(0, i);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in Replicas) await replica.DisposeAsync();
        _folder.Dispose();
    }
}
