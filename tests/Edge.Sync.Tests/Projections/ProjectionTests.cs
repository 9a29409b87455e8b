using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Projections;

public class ProjectionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Read_models_equal_a_rebuild_from_the_log_after_any_mix_of_edits_and_syncs(int seed)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var databases = new EdgeDatabase[3];
        for (var i = 0; i < databases.Length; i++)
            databases[i] = await EdgeDatabase.OpenAsync(folder[$"{i}.db"]);
        for (var step = 0; step < 60; step++)
        {
            var number = random.Next(databases.Length);
            var db = databases[number];
            switch (random.Next(10))
            {
                case < 5: await RandomEdit(db, random); break;
                case 5: await Assert.ThrowsAsync<FormatException>(() => db.Documents<Job>().EditAsync(Id(random), (Action<Job>)(static job => { job.Minutes.Add(99); throw new FormatException(); }))); break;
                case 6: await db.Documents<Job>().DeleteAsync(Id(random)); break;
                case 7:
                    await db.DisposeAsync();
                    databases[number] = await EdgeDatabase.OpenAsync(folder[$"{number}.db"]);
                    break;
                default: await Exchange.PushAsync(db, databases[(number + 1) % databases.Length]); break;
            }
        }
        for (var round = 0; round < 2; round++)
            for (var i = 0; i < databases.Length; i++)
                await Exchange.PushAsync(databases[i], databases[(i + 1) % databases.Length]);
        var hash = await databases[0].GetStateHashAsync();
        foreach (var db in databases)
        {
            await db.Documents<Gauge>().CountAsync(); // its class may not have been used here yet
            Assert.Equal(hash, await db.GetStateHashAsync());
            await Rebuilding.AssertEqualAsync(db);
            await db.DisposeAsync();
        }
    }

    [Fact]
    public async Task Changes_from_a_peer_are_projected_while_no_class_is_in_use()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using (var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]))
            await bob.Documents<Job>().CountAsync();
        await alice.Documents<Job>().AddAsync(new Job { Title = "from alice" });

        await using (var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]))
        {
            await Exchange.PushAsync(alice, bob);
            Assert.Equal("from alice", PlainSql.Scalar(folder["bob.db"], "SELECT Title FROM job"));
            await Rebuilding.AssertEqualAsync(bob);
        }
    }

    [Fact]
    public async Task Class_that_is_used_late_finds_the_documents_that_came_before()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await alice.Documents<Job>().AddAsync(new Job { Title = "early" });
        var deleted = (await alice.Documents<Job>().AddAsync(new Job { Title = "gone" })).DocumentId;
        await alice.Documents<Job>().DeleteAsync(deleted);
        await Exchange.PushAsync(alice, bob);
        Assert.Equal(0L, PlainSql.Scalar(folder["bob.db"], "SELECT count(*) FROM sqlite_schema WHERE name = 'job'"));
        Assert.Equal("early", (await bob.Documents<Job>().Where(static j => j.Title == "early").ToListAsync()).Single().Title);
        Assert.Equal(1, await bob.Documents<Job>().CountAsync());
        await Rebuilding.AssertEqualAsync(bob);
    }

    [Fact]
    public async Task Class_with_changed_columns_gets_its_table_rebuilt()
    {
        using var folder = new TempFolder();
        var due = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        DocumentId id;
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            id = (await db.Documents<Job>().AddAsync(new Job { Title = "x", Due = due, Parts = { "seal" } })).DocumentId;

        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            var job = (await db.Documents<NewerJob>().Where(j => j.Heading == "x" && j.Crew == null).ToListAsync()).Single();
            Assert.Equal(("x", null, due), (job.Heading, job.Crew, job.Due));
            await db.Documents<NewerJob>().EditAsync(id, static j => j.Crew = "night");
            Assert.Equal("night", PlainSql.Scalar(folder["a.db"], "SELECT Crew FROM job"));
            await Rebuilding.AssertEqualAsync(db);
        }

        // And back: what the older class does not know was kept, what the newer one does not know too.
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            Assert.Equal(["seal"], (await db.Documents<Job>().Where(static j => j.Parts.Contains("seal")).ToListAsync()).Single().Parts);
            await Rebuilding.AssertEqualAsync(db);
        }
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            Assert.Equal(1, await db.Documents<NewerJob>().Where(static j => j.Crew == "night").CountAsync());
    }

    [Fact]
    public async Task Table_that_someone_dropped_is_made_again()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            await db.Documents<Job>().AddAsync(new Job { Title = "x" });
        PlainSql.Execute(folder["a.db"], "DROP TABLE job");
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            Assert.Equal(1, await db.Documents<Job>().CountAsync());
            await Rebuilding.AssertEqualAsync(db);
        }
    }

    [Fact]
    public async Task Value_that_its_column_cannot_hold_from_a_peer_stops_nothing()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        await bob.Documents<Gauge>().CountAsync();
        await bob.Documents<Job>().CountAsync();
        var id = (await alice.Documents<Gauge>().AddAsync(new Gauge { Real = double.NaN, Narrow = float.NaN, MaybeReal = double.NaN, Label = "a\0b" })).DocumentId;
        // Another version of the class gives the same field another type.
        var job = (await alice.Documents<NumberedJob>().AddAsync(new NumberedJob { Title = 7, Done = "yes" })).DocumentId;
        await Exchange.MergeAsync(alice, bob);
        Assert.True(double.IsNaN((await bob.Documents<Gauge>().FindAsync(id))!.Real));
        Assert.Equal("", (await bob.Documents<Job>().FindAsync(job))!.Title);
        await Rebuilding.AssertEqualAsync(alice);
        await Rebuilding.AssertEqualAsync(bob);
    }

    private static DocumentId Id(Random random) => DocumentId.Named($"{random.Next(6)}");

    private static Task<Receipt> RandomEdit(EdgeDatabase db, Random random)
    {
        var (kind, number) = (random.Next(7), random.Next(100));
        if (kind == 6) return db.Documents<Gauge>().EditAsync(Id(random), gauge => (gauge.Whole, gauge.Label) = (number, $"gauge {number}"));
        return db.Documents<Job>().EditAsync(Id(random), job =>
        {
            switch (kind)
            {
                case 0: job.Title = $"title {number}"; break;
                case 1: job.Minutes.Add(number); break;
                case 2: job.Parts.Add($"part {number % 5}"); break;
                case 3: job.Parts.Remove($"part {number % 5}"); break;
                case 4: job.Notes.Insert(job.Notes.Length / 2, $"<{number}>"); break;
                default: (job.Done, job.Due, job.Priority) = (number % 2 == 0, number % 3 == 0 ? null : DateTimeOffset.UnixEpoch.AddDays(number), (Priority)(number % 3)); break;
            }
        });
    }
}
