using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Machines;

public sealed class UniqueClaimTests : IAsyncDisposable
{
    private const string Plate = "ZH \"1234\" 🚗";
    private static readonly DocumentId s_van = DocumentId.Named("van"), s_truck = DocumentId.Named("truck"), s_bus = DocumentId.Named("bus");
    private readonly TempFolder _folder = new();
    private readonly List<EdgeDatabase> _replicas = [];

    [Fact]
    public async Task Value_that_another_document_bears_is_refused_and_nothing_is_written()
    {
        var db = await OpenAsync();
        var vehicles = db.Documents<Vehicle>();
        await vehicles.EditAsync(s_van, static v => v.Plate = Plate);
        var e = await Assert.ThrowsAsync<EdgeDocumentException>(() => vehicles.EditAsync(s_truck, static v => (v.Color, v.Plate) = ("red", Plate)));
        Assert.Equal((EdgeErrorCode.NameTaken, "vehicle", s_truck), (e.Code, e.Collection, e.DocumentId));
        Assert.Contains("Plate", e.Message, StringComparison.Ordinal);
        Assert.Contains(s_van.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Null(await vehicles.FindAsync(s_truck));
        await Assert.ThrowsAsync<EdgeDocumentException>(() => vehicles.AddAsync(new Vehicle { Plate = Plate }));
        await vehicles.EditAsync(s_truck, static v => v.Badge = Plate); // another property is another name
        await vehicles.EditAsync(s_van, static v => v.Plate = Plate);
        await vehicles.EditAsync(s_truck, static v => v.Plate = ""); // no value claims nothing
        await vehicles.EditAsync(s_bus, static v => (v.Plate, v.Badge) = ("", null));
        Assert.Empty(await db.Conflicts.ToListAsync());
    }

    [Fact]
    public async Task Value_is_free_again_when_its_document_gets_another_is_deleted_or_swaps_it()
    {
        var db = await OpenAsync();
        var vehicles = db.Documents<Vehicle>();
        await vehicles.EditAsync(s_van, static v => v.Plate = "A");
        await vehicles.EditAsync(s_van, static v => v.Plate = "B");
        await vehicles.EditAsync(s_truck, static v => v.Plate = "A");
        await db.EditAsync(static change => (change.Document<Vehicle>(s_van).Plate, change.Document<Vehicle>(s_truck).Plate) = ("A", "B"));
        await Assert.ThrowsAsync<EdgeDocumentException>(() => vehicles.EditAsync(s_bus, static v => v.Plate = "B"));
        await vehicles.DeleteAsync(s_truck);
        await vehicles.EditAsync(s_bus, static v => v.Plate = "B");
        await vehicles.RestoreAsync(s_truck); // what comes back does not take it away, and is told
        var lost = Assert.Single(await db.Conflicts.ToListAsync());
        Assert.Equal((s_truck, "B", (object?)s_bus.Value), (lost.DocumentId, lost.LostValue, lost.ShownValue));
    }

    [Fact]
    public async Task Of_two_who_take_it_offline_one_bears_it_on_every_replica_and_the_other_is_in_the_inbox()
    {
        var (alice, bob) = (await OpenAsync(), await OpenAsync());
        await alice.Documents<Vehicle>().EditAsync(s_van, static v => v.Plate = Plate);
        await bob.Documents<Vehicle>().EditAsync(s_truck, static v => v.Plate = Plate);
        await Exchange.MergeAsync(alice, bob);
        var lost = Assert.Single(await alice.Conflicts.ToListAsync());
        var there = Assert.Single(await bob.Conflicts.ToListAsync());
        var bearer = lost.DocumentId == s_van ? s_truck : s_van;
        Assert.Equal(("vehicle", "Plate", (object?)Plate, (object?)bearer.Value, ConflictRule.NameTaken), (lost.Collection, lost.Field, lost.LostValue, lost.ShownValue, lost.Rule));
        Assert.Equal((lost.DocumentId, lost.ShownValue, lost.By, lost.At), (there.DocumentId, there.ShownValue, there.By, there.At));
        Assert.Empty(lost.Path);
        Assert.Single(await alice.Conflicts.ToListAsync(lost.DocumentId));
        Assert.Empty(await alice.Conflicts.ToListAsync(bearer));
        Assert.Equal((await Exchange.LogOf(lost.DocumentId == s_van ? alice : bob)).Replica, lost.By);
        // Knowing of both, nobody else gets it; once the one that lost has another, nothing is contested.
        await Assert.ThrowsAsync<EdgeDocumentException>(() => bob.Documents<Vehicle>().EditAsync(s_bus, static v => v.Plate = Plate));
        await alice.Documents<Vehicle>().EditAsync(lost.DocumentId, static v => v.Plate = "another");
        await Exchange.MergeAsync(alice, bob);
        Assert.Empty(await alice.Conflicts.ToListAsync());
        Assert.Empty(await bob.Conflicts.ToListAsync());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Confirmed_claim_is_deeper_and_stands_against_one_that_comes_late(int first, int late)
    {
        EdgeDatabase[] replicas = [await OpenAsync(), await OpenAsync()];
        await replicas[late].Documents<Vehicle>().EditAsync(s_truck, static v => v.Plate = Plate); // made first by every clock, and offline since
        await replicas[first].Documents<Vehicle>().EditAsync(s_van, static v => v.Plate = Plate);
        await replicas[first].Documents<Vehicle>().ConfirmClaimsAsync(s_van);
        await Exchange.MergeAsync(replicas[0], replicas[1]);
        foreach (var replica in replicas)
            Assert.Equal((s_truck, (object?)s_van.Value), ((await replica.Conflicts.ToListAsync())[0].DocumentId, (await replica.Conflicts.ToListAsync())[0].ShownValue));
        Assert.Null((await replicas[late].Documents<Vehicle>().ConfirmClaimsAsync(s_truck)).ChangeId); // what it does not bear it cannot deepen
    }

    [Fact]
    public async Task Name_goes_to_the_one_that_lost_when_it_is_restored_and_stays_where_the_conflict_is_dismissed()
    {
        var (alice, bob) = (await OpenAsync(), await OpenAsync());
        await alice.Documents<Vehicle>().EditAsync(s_van, static v => v.Plate = Plate);
        await bob.Documents<Vehicle>().EditAsync(s_truck, static v => v.Plate = Plate);
        await Exchange.MergeAsync(alice, bob);
        var lost = Assert.Single(await alice.Conflicts.ToListAsync());
        await alice.Conflicts.RestoreAsync(lost);
        var other = Assert.Single(await alice.Conflicts.ToListAsync());
        Assert.Equal((object?)lost.DocumentId.Value, other.ShownValue);
        Assert.Null((await alice.Conflicts.RestoreAsync(lost)).ChangeId); // it is settled by now
        await alice.Conflicts.DismissAsync(other);
        await Exchange.MergeAsync(alice, bob);
        Assert.Empty(await bob.Conflicts.ToListAsync());
        Assert.Equal(Plate, (await bob.Documents<Vehicle>().FindAsync(other.DocumentId))!.Plate);
        await bob.Documents<Vehicle>().EditAsync(lost.DocumentId, static v => v.Plate = "");
        await bob.Documents<Vehicle>().EditAsync(s_bus, static v => v.Plate = Plate); // the text alone holds nothing
    }

    [Fact]
    public async Task Undo_gives_the_name_back_and_takes_it_again_unless_another_has_it_now()
    {
        var db = await OpenAsync();
        var undo = db.CreateUndoHistory("board");
        var vehicles = db.Documents<Vehicle>();
        await vehicles.EditAsync(s_van, static v => v.Plate = "A");
        await vehicles.With(new() { Undo = undo }).EditAsync(s_van, static v => v.Plate = "B");
        await undo.UndoAsync();
        await Assert.ThrowsAsync<EdgeDocumentException>(() => vehicles.EditAsync(s_truck, static v => v.Plate = "A"));
        await vehicles.EditAsync(s_truck, static v => v.Plate = "B");
        await undo.RedoAsync();
        Assert.Equal("B", (await vehicles.FindAsync(s_van))!.Plate);
        Assert.Equal((s_van, (object?)s_truck.Value), ((await db.Conflicts.ToListAsync())[0].DocumentId, (await db.Conflicts.ToListAsync())[0].ShownValue));
    }

    [Fact]
    public async Task Documents_that_are_older_than_the_attribute_claim_when_they_are_confirmed()
    {
        var db = await OpenAsync();
        await db.Documents("vehicle").EditAsync(s_van, static v => v["Plate"] = Plate); // no class is in use yet
        await db.Documents<Vehicle>().CountAsync();
        await db.Documents<Vehicle>().ConfirmClaimsAsync(s_van); // or any edit of it
        await Assert.ThrowsAsync<EdgeDocumentException>(() => db.Documents<Vehicle>().EditAsync(s_truck, static v => v.Plate = Plate));
        // By field names nobody is refused, but told.
        await db.Documents("vehicle").EditAsync(s_truck, static v => v["Plate"] = Plate);
        Assert.Equal(s_truck, Assert.Single(await db.Conflicts.ToListAsync()).DocumentId);
    }

    [Fact]
    public async Task Bearer_and_losers_are_the_same_everywhere_whatever_is_done_offline()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            EdgeDatabase[] replicas = [await OpenAsync(), await OpenAsync(), await OpenAsync()];
            DocumentId[] ids = [s_van, s_truck, s_bus];
            for (var step = 0; step < 14; step++)
            {
                var db = replicas[random.Next(3)];
                var (id, plate) = (ids[random.Next(3)], new[] { "A", "B", "" }[random.Next(3)]);
                try
                {
                    if (random.Next(8) == 0) await db.Documents<Vehicle>().DeleteAsync(id);
                    else await db.Documents<Vehicle>().EditAsync(id, v => v.Plate = plate);
                }
                catch (EdgeDocumentException e) when (e.Code == EdgeErrorCode.NameTaken) { /* as far as is known there */ }
                if (random.Next(4) == 0) await Exchange.MergeAsync(replicas[0], replicas[1 + random.Next(2)]);
            }
            for (var i = 0; i < 4; i++) await Exchange.MergeAsync(replicas[0], replicas[1 + (i % 2)]);
            // What one deleted and another edited meanwhile is there, without a claim until it is edited again.
            foreach (var id in ids)
                if (await replicas[0].Documents<Vehicle>().FindAsync(id) is not null) await replicas[0].Documents<Vehicle>().EditAsync(id, v => v.Color = $"{seed}");
            for (var i = 0; i < 4; i++) await Exchange.MergeAsync(replicas[0], replicas[1 + (i % 2)]);
            var names = new List<string>();
            foreach (var db in replicas)
            {
                var all = await db.Documents<Vehicle>().ToListAsync();
                var lost = (await db.Conflicts.ToListAsync()).Where(static c => c.Rule == ConflictRule.NameTaken).Select(static c => $"{c.DocumentId} {c.LostValue} {c.ShownValue}").Order(StringComparer.Ordinal);
                names.Add(string.Join('\n', lost));
                // Of all who show a name one bears it, and each other one is told: nobody believes in vain that it is theirs.
                foreach (var shown in all.Where(static v => v.Plate.Length > 0).GroupBy(static v => v.Plate))
                {
                    var told = (await db.Conflicts.ToListAsync()).Where(c => c.Rule == ConflictRule.NameTaken && c.LostValue as string == shown.Key).Select(static c => c.DocumentId).ToHashSet();
                    Assert.True(shown.Count(v => !told.Contains(v.Id)) <= 1, $"seed {seed}: '{shown.Key}' is shown by {shown.Count()}, and {told.Count} are told");
                }
            }
            Assert.True(names.Distinct().Count() == 1, $"seed {seed}:\n{string.Join("\n--\n", names)}");
        }
    }

    [Fact]
    public async Task Names_survive_a_restart_and_are_no_surprise_to_a_preflight()
    {
        var db = await OpenAsync();
        await db.Documents<Vehicle>().EditAsync(s_van, static v => v.Plate = Plate);
        await db.DisposeAsync();
        await using var again = await EdgeDatabase.OpenAsync(_folder["0.db"]);
        await Assert.ThrowsAsync<EdgeDocumentException>(() => again.Documents<Vehicle>().EditAsync(s_truck, static v => v.Plate = Plate));
        var schema = LockedSchema.Parse("{\"format\":1,\"collections\":{\"vehicle\":{\"Plate\":\"register text\"}}}"u8.ToArray());
        Assert.Empty(Preflight.Run(_folder["0.db"], schema).Findings);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas) await replica.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<EdgeDatabase> OpenAsync()
    {
        var db = await EdgeDatabase.OpenAsync(_folder[$"{_replicas.Count}.db"]);
        _replicas.Add(db);
        return db;
    }
}
