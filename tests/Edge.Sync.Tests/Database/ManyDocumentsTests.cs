namespace Edge.Sync.Tests.Database;

public class ManyDocumentsTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");
    private static readonly DocumentId s_valve = DocumentId.Named("valve-2");

    [Fact]
    public async Task Edits_of_several_documents_are_one_change()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        DocumentId added = default;
        var receipt = await alice.EditAsync(change =>
        {
            change.Document<Job>(s_pump).Minutes.Add(-10);
            change.Document<Job>(s_valve).Minutes.Add(10);
            change.Document<Job>(s_pump).Title = "pump";
            added = change.Add(new Job { Title = "new", Parts = { "seal" } });
        });
        Assert.Equal(receipt.ChangeId, Assert.Single(await Exchange.ReadAllAsync(alice)).Id);
        await Exchange.MergeAsync(alice, bob);
        foreach (var db in (EdgeDatabase[])[alice, bob])
        {
            Assert.Equal(-10, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
            Assert.Equal("pump", (await db.Documents<Job>().FindAsync(s_pump))!.Title);
            Assert.Equal(10, (await db.Documents<Job>().FindAsync(s_valve))!.Minutes.Value);
            Assert.Equal(["seal"], (await db.Documents<Job>().FindAsync(added))!.Parts);
            await Rebuilding.AssertEqualAsync(db);
        }
    }

    [Fact]
    public async Task Edit_that_throws_changes_none_of_its_documents()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(100));
        await Assert.ThrowsAsync<FormatException>(() => db.EditAsync((Action<ChangeBuilder>)(static change =>
        {
            change.Document<Job>(s_pump).Minutes.Add(-10);
            change.Document<Job>(s_valve).Minutes.Add(10);
            change.Add(new Job());
            change.Delete<Job>(s_pump);
            throw new FormatException();
        })));
        Assert.Equal(100, (await db.Documents<Job>().ToListAsync()).Single().Minutes.Value);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Document_made_and_deleted_in_one_change_is_not_there()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.EditAsync(static change =>
        {
            change.Document<Job>(s_pump).Title = "x";
            change.Delete<Job>(s_pump);
            change.Delete<Job>(change.Add(new Job { Title = "y" }));
        });
        Assert.Empty(await db.Documents<Job>().ToListAsync());
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Document_deleted_and_written_in_one_change_is_there()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_valve, static job => job.Title = "old");
        await db.EditAsync(static change =>
        {
            change.Delete<Job>(s_pump); // not there yet
            change.Document<Job>(s_pump).Title = "x";
            change.Delete<Job>(s_valve);
            change.Document<Job>(s_valve).Minutes.Add(1);
        });
        Assert.Equal("x", (await db.Documents<Job>().FindAsync(s_pump))!.Title);
        Assert.Equal(1, (await db.Documents<Job>().FindAsync(s_valve))!.Minutes.Value);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Documents_that_were_only_looked_at_are_not_part_of_the_change()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Job>().EditAsync(s_valve, static job => job.Title = "valve");
        var version = PlainSql.Scalar(folder["alice.db"], "SELECT version FROM edge_documents");
        await alice.EditAsync(static change =>
        {
            change.Delete<Job>(DocumentId.Named("nobody"));
            change.Document<Job>(s_pump).Title = change.Document<Job>(s_valve).Title;
        });
        Assert.Equal(version, PlainSql.Scalar(folder["alice.db"], "SELECT min(version) FROM edge_documents"));
        await Rebuilding.AssertEqualAsync(alice);
        await Exchange.MergeAsync(alice, bob);
    }

    [Fact]
    public async Task Failing_edit_of_a_document_that_another_only_looked_at_spares_the_group()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_valve, static job => job.Title = "valve");
        Task looked, failed;
        using (var held = await HeldWriter.HoldAsync(db))
        {
            looked = db.EditAsync(static change => change.Document<Job>(s_pump).Title = change.Document<Job>(s_valve).Title);
            failed = db.Documents<Job>().EditAsync(s_valve, (Action<Job>)(static _ => throw new FormatException()));
            await held.ReleaseAsync();
        }
        await looked;
        await Assert.ThrowsAsync<FormatException>(() => failed);
        Assert.Equal("valve", (await db.Documents<Job>().FindAsync(s_pump))!.Title);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Empty_callback_gives_a_receipt_without_a_change()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        Assert.Null((await db.EditAsync(static _ => { })).ChangeId);
        Assert.Empty(await Exchange.ReadAllAsync(db));
    }
}
