namespace Edge.Sync.Tests.Database;

public class AddDeleteTests
{
    [Fact]
    public async Task Added_document_has_what_its_initializer_says()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var jobs = db.Documents<Job>();
        var due = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.FromHours(2));
        var made = new Job { Title = "x", Done = true, Due = due, Priority = Priority.High, Parts = { "seal", "bolt" } };
        made.Minutes.Add(20);
        made.Minutes.Add(-5);
        made.Notes.Append("hello 😀");

        var receipt = await jobs.AddAsync(made);

        Assert.NotNull(receipt.ChangeId);
        var job = (await jobs.FindAsync(receipt.DocumentId))!;
        Assert.Equal(receipt.DocumentId, job.Id);
        Assert.Equal(("x", true, due, Priority.High, 15, "hello 😀"), (job.Title, job.Done, job.Due, job.Priority, job.Minutes.Value, job.Notes.Value));
        Assert.Equal(["bolt", "seal"], job.Parts);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Added_twice_makes_two_documents()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var made = new Job { Title = "x" };
        var first = await db.Documents<Job>().AddAsync(made);
        var second = await db.Documents<Job>().AddAsync(made);
        Assert.NotEqual(first.DocumentId, second.DocumentId);
        Assert.Equal(2, await db.Documents<Job>().CountAsync());
    }

    [Fact]
    public async Task Snapshot_cannot_be_added()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var receipt = await db.Documents<Job>().AddAsync(new Job { Title = "x" });
        var snapshot = (await db.Documents<Job>().FindAsync(receipt.DocumentId))!;
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => db.Documents<Job>().AddAsync(snapshot));
        Assert.Contains("EditAsync", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await db.Documents<Job>().CountAsync());
    }

    [Fact]
    public async Task Deleted_document_goes_from_reads_here_and_on_peers()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        var id = (await alice.Documents<Job>().AddAsync(new Job { Title = "x" })).DocumentId;
        await Exchange.MergeAsync(alice, bob);
        Assert.Equal("x", (await bob.Documents<Job>().FindAsync(id))!.Title);

        Assert.NotNull((await alice.Documents<Job>().DeleteAsync(id)).ChangeId);
        await Exchange.MergeAsync(alice, bob);

        foreach (var db in (EdgeDatabase[])[alice, bob])
        {
            Assert.Null(await db.Documents<Job>().FindAsync(id));
            Assert.Empty(await db.Documents<Job>().ToListAsync());
            Assert.False(await db.Documents<Job>().AnyAsync());
            await Rebuilding.AssertEqualAsync(db);
        }
    }

    [Fact]
    public async Task Deleting_what_is_not_there_writes_nothing()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var id = DocumentId.Named("nobody");
        Assert.Null((await db.Documents<Job>().DeleteAsync(id)).ChangeId);
        var added = (await db.Documents<Job>().AddAsync(new Job())).DocumentId;
        await db.Documents<Job>().DeleteAsync(added);
        Assert.Null((await db.Documents<Job>().DeleteAsync(added)).ChangeId);
        Assert.Equal(2, (await Exchange.ReadAllAsync(db)).Count);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Concurrent_edit_revives_a_deleted_document(bool deletionTravelsFirst)
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        var id = (await alice.Documents<Job>().AddAsync(new Job { Title = "x", Parts = { "seal" } })).DocumentId;
        await Exchange.MergeAsync(alice, bob);

        await alice.Documents<Job>().DeleteAsync(id);
        await bob.Documents<Job>().EditAsync(id, static job => job.Minutes.Add(30));
        await (deletionTravelsFirst ? Exchange.MergeAsync(alice, bob) : Exchange.MergeAsync(bob, alice));

        foreach (var db in (EdgeDatabase[])[alice, bob])
        {
            var job = (await db.Documents<Job>().ToListAsync()).Single();
            Assert.Equal((id, "x", 30), (job.Id, job.Title, job.Minutes.Value));
            Assert.Equal(["seal"], job.Parts);
            await Rebuilding.AssertEqualAsync(db);
        }
    }

    [Fact]
    public async Task Edit_that_knows_of_the_deletion_starts_the_document_anew()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var id = (await db.Documents<Job>().AddAsync(new Job { Title = "x" })).DocumentId;
        await db.Documents<Job>().DeleteAsync(id);
        await db.Documents<Job>().EditAsync(id, static job => job.Done = true);
        Assert.True((await db.Documents<Job>().FindAsync(id))!.Done);
        await Rebuilding.AssertEqualAsync(db);
    }
}
