using Edge.Sync.Tests.Database;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Projections;

public class ReadModelTests
{
    private static readonly DocumentId s_id = DocumentId.Named("meter");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nan_is_stored_everywhere()
    {
        using var folder = new TempFolder();
        await using var database = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await database.Documents<Meter>().EditAsync(s_id, static g =>
        {
            g.Level = double.NaN;
            g.Drift = float.NaN;
            g.Levels.Add(double.NaN);
        }, Token);
        var gauge = await database.Documents<Meter>().FirstOrDefaultAsync(Token);
        Assert.Equal(double.NaN, gauge!.Level);
        Assert.Equal(float.NaN, gauge.Drift);
        Assert.Equal([double.NaN], gauge.Levels);
    }

    [Fact]
    public async Task Nan_from_a_peer_stops_nothing()
    {
        using var folder = new TempFolder();
        await using var source = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var target = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        Assert.Equal(0, await target.Documents<Meter>().CountAsync(Token));
        await source.EditAsync(static change => change.Document<Meter>(s_id).Level = double.NaN, Token);
        await Exchange.PushAsync(source, target);
        Assert.Equal(1, await target.Documents<Meter>().CountAsync(Token));
        Assert.Equal(1, await source.Documents<Meter>().CountAsync(Token));
    }

    [Fact]
    public async Task Collections_that_differ_in_case_only_keep_their_tables_apart()
    {
        using var folder = new TempFolder();
        await using var database = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await database.Documents<Meter>().EditAsync(s_id, static g => g.Number = 1, Token);
        var slip = await Assert.ThrowsAsync<InvalidOperationException>(() => database.Documents<CapitalMeter>().EditAsync(s_id, static g => g.Name = "a", Token));
        Assert.Contains("'meter'", slip.Message, StringComparison.Ordinal);
        Assert.Equal(1, await database.Documents<Meter>().Where(static g => g.Number == 1).CountAsync(Token));
    }

    [Fact]
    public async Task Table_that_cannot_be_filled_is_not_there_by_half()
    {
        using var folder = new TempFolder();
        var file = folder["a.db"];
        await using (var database = await EdgeDatabase.OpenAsync(file, Token))
            for (var i = 0; i < 3; i++)
                await database.EditAsync(change => change.Document<Meter>(DocumentId.Named($"gauge {i}")).Number = 1, Token);
        await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString()))
        {
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO edge_states (row, state) VALUES (2, x'c1')";
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Token));
        }
        await using (var database = await EdgeDatabase.OpenAsync(file, Token))
        {
            await Assert.ThrowsAsync<EdgeStorageException>(() => database.Documents<Meter>().CountAsync(Token));
            await Assert.ThrowsAsync<EdgeStorageException>(() => database.Documents<Meter>().CountAsync(Token));
        }
    }
}
