namespace Edge.Sync.Inference.Tests;

/// <summary>A few replicas of one database, which hear of each other exactly when a test says so.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-replicas-").FullName;
    private readonly List<EdgeDatabase> _databases = [];
    private int _lines;

    public int Count => _databases.Count;

    public EdgeDatabase this[int index] => _databases[index];

    public static async Task<Replicas> OpenAsync(int count)
    {
        var replicas = new Replicas();
        for (var i = 0; i < count; i++)
            replicas._databases.Add(await EdgeDatabase.OpenAsync(Path.Combine(replicas._folder, $"{i}.db")));
        return replicas;
    }

    /// <summary>Gives one all that another has.</summary>
    public async Task PushAsync(int from, int to)
    {
        var path = Path.Combine(_folder, $"{_lines++}.lines");
        await using (var file = File.Create(path))
            await _databases[from].ExportAsync(file);
        Assert.Equal(0, (await _databases[to].ImportAsync(path)).WaitingCount);
        File.Delete(path);
    }

    /// <summary>Everybody gets what anybody has.</summary>
    public async Task ConvergeAsync()
    {
        for (var i = 1; i < _databases.Count; i++)
            await PushAsync(i, 0);
        for (var i = 1; i < _databases.Count; i++)
            await PushAsync(0, i);
        var hash = await _databases[0].GetStateHashAsync();
        foreach (var database in _databases)
            Assert.Equal(hash, await database.GetStateHashAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
