using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Documents.Types;
using Edge.Sync.Tests.Events;
using Edge.Sync.Tests.Forgetting;
using Edge.Sync.Tests.Series;

namespace Edge.Sync.Tests.Golden;

/// <summary>A file that format version 1 wrote, with its keys: every later version opens, proves, reads, edits and syncs it.</summary>
public sealed class GoldenDatabaseTests
{
    private const string Name = "database.db";

    private static readonly DocumentId s_plant = DocumentId.Named("plant"), s_patient = DocumentId.Named("patient"), s_rejected = DocumentId.Named("rejected"), s_purged = DocumentId.Named("purged");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_of_this_version_is_proven_read_edited_and_synced()
    {
        using var folder = new TempFolder();
        if (GoldenFiles.Writes) await WriteAsync(folder);
        foreach (var name in (string[])[Name, $"{Name}.keys"]) File.Copy(GoldenFiles.PathOf(name), folder[$"golden-{name}"]);
        var path = folder[$"golden-{Name}"];
        Assert.True((await EdgeDatabase.VerifyAsync(path, cancellationToken: Token)).IsSound);

        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path, Name = "golden", PairingKey = Key() }, Token);
        await AssertIsWholeAsync(db);
        Assert.Equal([0.25f, 0.5f], (await db.Series<Reading>().Between(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1)).ToListAsync(Token)).Select(static reading => reading.Vibration));
        await db.Documents<Plant>().EditAsync(s_plant, static plant => { plant.Minutes.Add(1); plant.Notes.Append("?"); }, Token);

        await using var peer = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["peer.db"], Name = "golden", PairingKey = Key() }, Token);
        await Exchange.MergeAsync(db, peer);
        var plant = (await peer.Documents<Plant>().FindAsync(s_plant, Token))!;
        Assert.Equal((10, "golden!?"), (plant.Minutes.Value, plant.Notes.Value));
        await db.Documents<Plant>().EditAsync(s_plant, static plant => { plant.Minutes.Add(-1); plant.Notes.Value = "golden!"; }, Token);
        await Exchange.MergeAsync(db, peer);
        await AssertIsWholeAsync(peer);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task File_of_an_older_version_is_looked_into_as_it_is()
    {
        using var folder = new TempFolder();
        foreach (var name in (string[])[Name, $"{Name}.keys"]) File.Copy(GoldenFiles.PathOf(name), folder[name]);
        var (storage, log) = Look();
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder[Name], Name = "golden", PairingKey = Key() }, Token)) await db.EnsureOpenAsync(Token);
        var (remade, same) = Look();
        Assert.Equal(same, log);
        Assert.NotEmpty(log);
        Assert.Equal((remade.LogBytes, remade.ChangeCount, remade.TableBytes), (storage.LogBytes, storage.ChangeCount, storage.TableBytes));
        Assert.Equal(remade.Collections.Select(static collection => (collection.Collection, collection.DocumentCount)), storage.Collections.Select(static collection => (collection.Collection, collection.DocumentCount)));

        (StorageReport, List<long>) Look() => (FileInspector.ReadStorage(folder[Name]), FileInspector.ReadLog(folder[Name], ("plant", s_plant), 100).ConvertAll(static change => change.Sequence));
    }

    private static async Task AssertIsWholeAsync(EdgeDatabase db)
    {
        var plant = (await db.Documents<Plant>().FindAsync(s_plant, Token))!;
        Assert.Equal((9, 9, 7, 0.5), (plant.Minutes.Value, plant.Pieces.Value, plant.Seats.Value, plant.Peak.Value));
        Assert.Equal(["one", "two"], plant.Tags.Order());
        Assert.Equal(["nobody"], plant.Operators);
        Assert.Equal("second", plant.Status.Value);
        Assert.Equal((true, false), ((bool)plant.NeedsAttention, (bool)plant.Consent));
        Assert.Equal(("golden!", "golden!"), (plant.Notes.Value, plant.Manual.Value));
        Assert.Equal([("golden", 1), ("!", 0)], plant.Manual.Spans.Select(static span => (span.Text, span.Marks.Count)));
        Assert.Equal(["b", "a"], plant.Plan);
        Assert.Equal(3, plant.Stock["bolt"].Value);
        Assert.Equal(7, plant.Bins[Priority.High]["a"].Single());
        Assert.Equal(["child", "root"], plant.Outline.Select(static node => node.Value).Order());
        Assert.Equal(["written"], plant.History);
        Assert.Equal(("Ulm", 12.5m), (plant.Address.City, plant.Address.Rent));
        Assert.Equal("Ada", (await db.Documents<Patient>().FindAsync(s_patient, Token))!.Name);
        Assert.Null(await db.Documents<Plant>().FindAsync(s_purged, Token));
        Assert.Null(await db.Documents<Plant>().FindAsync(s_rejected, Token));
        Assert.Equal([new JobEvent.Closed(30, "alice")], (await db.Events<JobEvent>().ReadAsync(s_plant, Token)).Select(static recorded => recorded.Event));
    }

    private static async Task WriteAsync(TempFolder folder)
    {
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder[Name], Name = "golden", PairingKey = Key() }, Token))
        {
            var plants = db.Documents<Plant>();
            await plants.EditAsync(s_plant, static plant => { plant.Status.Value = "first"; plant.Tags.Add("later removed"); plant.Plan.Add("a"); }, Token);
            await plants.With(new() { Intent = "fill it" }).EditAsync(s_plant, static plant =>
            {
                plant.Minutes.Add(9);
                plant.Pieces.Add(9);
                plant.Seats.Grant(8);
                plant.Seats.TrySpend(1);
                plant.Peak.Reach(0.5);
                plant.Tags.Add("one");
                plant.Tags.Add("two");
                plant.Tags.Remove("later removed");
                plant.Operators.Add("nobody");
                plant.Status.Value = "second";
                plant.NeedsAttention.Value = true;
                plant.Consent.Value = false;
                plant.Notes.Append("golden!");
                plant.Manual.Append("golden!");
                plant.Manual.Mark(..6, "bold", true);
                plant.Plan.Add("b");
                plant.Plan.Move(1, 0);
                plant.Stock["bolt"].Add(3);
                plant.Bins[Priority.High]["a"].Add(7);
                plant.Outline.Add("child", plant.Outline.Add("root"));
                plant.History.Append("written");
                plant.Address.City = "Ulm";
                plant.Address.Rent = 12.5m;
            }, Token);
            await db.Documents<Patient>().EditAsync(s_patient, static patient => patient.Name = "Ada", Token);
            await db.Events<JobEvent>().AppendAsync(s_plant, new JobEvent.Closed(30, "alice"), Token);
            await plants.EditAsync(s_purged, static plant => plant.Name = "gone", Token);
            await plants.PurgeAsync(s_purged, Token);
            var wrong = await plants.EditAsync(s_rejected, static plant => plant.Name = "wrong", Token);
            await db.RejectAsync(wrong.ChangeId!.Value, "not so", cancellationToken: Token);
            var series = db.Series<Reading>();
            await series.AppendAsync(new Reading("press", DateTimeOffset.UnixEpoch, 0.25f, 20), Token);
            await series.AppendAsync(new Reading("press", DateTimeOffset.UnixEpoch.AddSeconds(1), 0.5f, 21), Token);
        }
        foreach (var name in (string[])[Name, $"{Name}.keys"]) File.Copy(folder[name], GoldenFiles.PathOf(name), overwrite: true);
    }

    private static byte[] Key() => [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];
}
