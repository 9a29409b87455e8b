using Edge.Sync;
using Edge.Sync.Inference;
using FederatedLoop.Data;

namespace FederatedLoop;

/// <summary>A replica with rows of its own, and a pipeline that answers by whatever version the rollout gives it. The gateway is one without rows.</summary>
internal sealed class Device : IAsyncDisposable
{
    public const string Model = "forecast";

    private readonly SyncController _sync;
    private RolloutFollower? _follower;
    private InferencePipeline<Row, Answer>? _pipeline;
    private int _asked;

    private Device(string name, EdgeDatabase database, EdgeInference ai, SyncController sync, DeviceData? data) =>
        (Name, Database, Ai, _sync, Data) = (name, database, ai, sync, data);

    public string Name { get; }

    public EdgeDatabase Database { get; }

    public EdgeInference Ai { get; }

    public DeviceData? Data { get; }

    public long BytesSent => _sync.GetStatus().BytesSent;

    public long? ServedVersion => Ai.Models[Model].Current?.Version;

    public static async Task<Device> OpenAsync(string folder, InMemoryNetwork network, string name, DeviceData? data, string ring)
    {
        var database = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = Path.Combine(folder, $"{name}.db"), Name = "federated-loop" });
        return new(name, database, EdgeInference.Create(database, o => o.Ring = ring), database.StartSync(s => s.UseInMemory(network, name)), data);
    }

    /// <summary>Serves what has been rolled out.</summary>
    public async Task ServeAsync(int features)
    {
        _follower = await Ai.Models.FollowAsync(Model);
        _pipeline = await Ai.From(AsyncEnumerable.Empty<Row>())
            .Sliding(key: static _ => 0, at: static r => r.At, count: 1)
            .Features(features, static (window, row) => window[0].Features.CopyTo(row))
            .Model(Model, ModelScore.FirstOutput)
            .Decide(static (in Inference<Row, int> r) => new Answer(r.Score > 0.5f))
            .BuildAsync();
    }

    /// <summary>Answers all its test rows, by the version that serves here.</summary>
    /// <returns>How many rightly.</returns>
    public int AnswerAll()
    {
        var right = 0;
        foreach (var row in Data!.Test)
            if (_pipeline!.TryInfer(row with { At = DateTimeOffset.UnixEpoch.AddSeconds(++_asked) }, out var answer) && answer.IsYes == row.Label > 0.5f)
                right++;
        return right;
    }

    public Task<RolloutStatus> RefreshAsync() => _follower!.RefreshAsync();

    public async ValueTask DisposeAsync()
    {
        if (_follower is not null)
            await _follower.DisposeAsync();
        await Ai.DisposeAsync();
        await _sync.DisposeAsync();
        await Database.DisposeAsync();
    }

    private sealed record Answer(bool IsYes);
}
