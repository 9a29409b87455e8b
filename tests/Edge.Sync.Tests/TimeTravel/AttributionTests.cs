using Edge.Sync.Tests.Copies;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Documents.Types;

namespace Edge.Sync.Tests.TimeTravel;

/// <summary>Who wrote which field, and which character.</summary>
public sealed class AttributionTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Field_is_by_whose_value_is_shown()
    {
        using var folder = new TempFolder();
        await using var alice = await OpenAsync(folder, "alice");
        await using var bob = await OpenAsync(folder, "bob");
        await alice.Documents<Job>().With(new EditOptions { Intent = "create" }).EditAsync(s_pump, static j => { j.Title = "A"; j.Minutes.Add(30); });
        await Exchange.MergeAsync(alice, bob);
        var receipt = await bob.Documents<Job>().EditAsync(s_pump, static j => { j.Title = "B"; j.Minutes.Add(1); });
        await Exchange.MergeAsync(alice, bob);
        await alice.Documents<Job>().EditAsync(s_pump, static j => j.Parts.Add("seal"));

        var who = await alice.AttributeAsync<Job>(s_pump);
        Assert.Equal(["Title", "Minutes", "Parts"], who.Fields.Select(static f => f.Field));
        var title = who.Find("Title")!;
        Assert.Equal(("bob", receipt.ChangeId!.Value), (title.By.Author, title.By.ChangeId));
        Assert.Null(title.By.Intent);
        Assert.Empty(title.Spans);
        await foreach (var change in alice.History())
            if (change.ChangeId == receipt.ChangeId) Assert.Equal((change.Replica, change.At), (title.By.Replica, title.By.At));
        Assert.Equal("bob", who.Find("Minutes")!.By.Author);
        Assert.Equal("alice", who.Find("Parts")!.By.Author);
        Assert.Null(who.Find("Due"));
        Assert.Empty((await alice.AttributeAsync<Job>(DocumentId.Named("nobody"))).Fields);
    }

    [Fact]
    public async Task Concurrent_value_that_lost_is_by_nobody()
    {
        using var folder = new TempFolder();
        await using var alice = await OpenAsync(folder, "alice");
        await using var bob = await OpenAsync(folder, "bob");
        foreach (var db in (EdgeDatabase[])[alice, bob])
            await db.Documents<Job>().EditAsync(s_pump, j => j.Title = db.Author!);
        await Exchange.MergeAsync(alice, bob);
        foreach (var db in (EdgeDatabase[])[alice, bob])
            Assert.Equal((await db.Documents<Job>().FindAsync(s_pump))!.Title, (await db.AttributeAsync<Job>(s_pump)).Find("Title")!.By.Author);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_character_and_element_is_by_who_wrote_it(int seed)
    {
        using var folder = new TempFolder();
        var databases = new List<EdgeDatabase>();
        foreach (var name in (string[])["a", "b", "c"]) databases.Add(await OpenAsync(folder, name));
        var random = new Random(seed);
        try
        {
            for (var step = 0; step < 60; step++)
            {
                var db = databases[random.Next(3)];
                var place = random.Next(int.MaxValue);
                var count = random.Next(1, 5);
                // What is written names its author, so that the content itself is the model.
                var written = db.Author![0];
                await db.Documents<Plant>().With(new EditOptions { Intent = $"step {step}" }).EditAsync(s_pump, p =>
                {
                    if (p.Manual.Length > 4 && place % 3 == 0) p.Manual.Delete(place % (p.Manual.Length - 2), 2);
                    else p.Manual.Insert(place % (p.Manual.Length + 1), new string(written, count));
                    if (p.Plan.Count > 2 && place % 4 == 0) p.Plan[place % p.Plan.Count] = $"{written}";
                    else if (p.Plan.Count > 2 && place % 4 == 1) p.Plan.Move(place % p.Plan.Count, 0);
                    else p.Plan.Insert(place % (p.Plan.Count + 1), $"{written}");
                });
                if (random.Next(4) == 0) await Exchange.MergeAsync(db, databases[random.Next(3)]);
            }
            foreach (var db in databases) await Exchange.MergeAsync(databases[0], db);
            foreach (var db in databases) await Exchange.MergeAsync(databases[0], db);
            var expected = await databases[0].AttributeAsync<Plant>(s_pump);
            foreach (var db in databases)
            {
                var plant = (await db.Documents<Plant>().FindAsync(s_pump))!;
                var who = await db.AttributeAsync<Plant>(s_pump);
                Assert.Equal(plant.Manual.Value, Spell(who.Find("Manual")!));
                Assert.Equal(string.Concat(plant.Plan), Spell(who.Find("Plan")!));
                Assert.Equal(expected.Fields.SelectMany(static f => f.Spans), who.Fields.SelectMany(static f => f.Spans));
            }
        }
        finally
        {
            foreach (var db in databases) await db.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_undo_brings_back_is_by_the_undo()
    {
        using var folder = new TempFolder();
        await using var alice = await OpenAsync(folder, "alice");
        await using var bob = await OpenAsync(folder, "bob");
        await alice.Documents<Job>().EditAsync(s_pump, static j => j.Notes.Append("one two"));
        await Exchange.MergeAsync(alice, bob);
        var undo = bob.CreateUndoHistory("bob");
        await bob.Documents<Job>().With(new EditOptions { Undo = undo }).EditAsync(s_pump, static j => j.Notes.Delete(3, 4));
        await undo.UndoAsync();
        Assert.Equal([(0, 3, "alice"), (3, 4, "bob")], (await bob.AttributeAsync<Job>(s_pump)).Find("Notes")!.Spans.Select(static s => (s.Index, s.Length, s.By.Author!)));
    }

    [Fact]
    public async Task Copies_that_write_under_one_id_are_told_apart()
    {
        using var folder = new TempFolder();
        await using (var image = await OpenAsync(folder, "image"))
            await image.Documents<Job>().EditAsync(s_pump, static j => j.Notes.Append("i"));
        var copies = new List<EdgeDatabase>();
        foreach (var name in (string[])["one", "two"])
        {
            File.Copy(folder["image.db"], folder[$"{name}.db"]);
            copies.Add(await OpenAsync(folder, name));
            await copies[^1].Documents<Job>().EditAsync(s_pump, j => j.Notes.Append(name));
        }
        await Meeting.MeetAllAsync([.. copies]);
        foreach (var copy in copies)
        {
            var notes = (await copy.Documents<Job>().FindAsync(s_pump))!.Notes.Value;
            var spans = (await copy.AttributeAsync<Job>(s_pump)).Find("Notes")!.Spans;
            Assert.Equal("image", spans[0].By.Author);
            Assert.Equal(["one", "two"], spans.Skip(1).Select(s => notes.Substring(s.Index, s.Length)).Order());
            Assert.All(spans.Skip(1), s => Assert.Equal(notes.Substring(s.Index, s.Length), s.By.Author));
            await copy.DisposeAsync();
        }
    }

    private static string Spell(FieldAttribution field) => string.Concat(field.Spans.Select(static s => new string(s.By.Author![0], s.Length)));

    private static async Task<EdgeDatabase> OpenAsync(TempFolder folder, string name)
    {
        var db = await EdgeDatabase.OpenAsync(folder[$"{name}.db"]);
        db.Author = name;
        return db;
    }
}
