using Edge.Sync.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Storage;

public class DamagedFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_with_any_damage_gives_a_storage_error_and_no_other_exception(bool zeros)
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["sound.db"]))
            for (var i = 0; i < 60; i++)
                await db.Documents<Job>().AddAsync(new Job { Title = $"{i} {new string('x', 500)}", Parts = { "seal" } });
        var sound = File.ReadAllBytes(folder["sound.db"]);
        var random = new Random(1);
        var damaged = 0;
        for (var page = 0; page < sound.Length / SqliteSchema.PageBytes; page++)
        {
            var bytes = (byte[])sound.Clone();
            var area = bytes.AsSpan(page * SqliteSchema.PageBytes, SqliteSchema.PageBytes);
            if (zeros) area.Clear();
            else random.NextBytes(area);
            var path = folder[$"page {page}.db"];
            File.WriteAllBytes(path, bytes);
            await using var db = new EdgeDatabase(new() { Path = path });
            var errors = await UseAsync(db);
            Assert.All(errors, error =>
            {
                Assert.IsType<EdgeStorageException>(error);
                Assert.Equal(error.Code == EdgeErrorCode.NotADatabase ? 0 : page, page);
                Assert.Contains(error.Code, (EdgeErrorCode[])[EdgeErrorCode.StorageDamaged, EdgeErrorCode.NotADatabase]);
                Assert.Contains(path, error.Message, StringComparison.Ordinal);
            });
            damaged += errors.Count > 0 ? 1 : 0;
        }
        Assert.True(damaged > sound.Length / SqliteSchema.PageBytes / 2, $"{damaged} of {sound.Length / SqliteSchema.PageBytes} pages");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Flipped_bytes_give_errors_of_ours_or_none(int seed)
    {
        using var folder = new TempFolder();
        // The file is the same in each run: ids, salts and the clock come from seeds.
        var options = new EdgeDatabaseOptions { Path = folder["sound.db"], TimeProvider = new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) };
        await using (var db = new EdgeDatabase(options, Edge.Sync.Scheduling.EdgeScheduler.Default, new SeededRandom(seed)))
            for (var i = 0; i < 20; i++)
                await db.Documents<Job>().EditAsync(DocumentId.Named($"{i}"), job => (job.Title, job.Done) = ($"{i}", true));
        var sound = File.ReadAllBytes(folder["sound.db"]);
        // Only where there is something: most of a small file is empty space.
        var used = Enumerable.Range(100, sound.Length - 100).Where(i => sound[i] != 0).ToArray();
        var random = new Random(seed);
        var damaged = 0;
        for (var round = 0; round < 60; round++)
        {
            var bytes = (byte[])sound.Clone();
            for (var n = random.Next(1, 30); n > 0; n--)
                bytes[used[random.Next(used.Length)]] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder[$"{round}.db"], bytes);
            await using var db = new EdgeDatabase(new() { Path = folder[$"{round}.db"] });
            if ((await UseAsync(db)).Count > 0) damaged++;
        }
        Assert.InRange(damaged, 5, 60);
    }

    private static async Task<List<EdgeSyncException>> UseAsync(EdgeDatabase db)
    {
        var errors = new List<EdgeSyncException>();
        var jobs = db.Documents<Job>();
        foreach (var use in (Func<Task>[])[
            () => db.EnsureOpenAsync(), () => jobs.CountAsync(), () => jobs.ToListAsync(), () => jobs.Where(static j => j.Title.StartsWith("50")).ToListAsync(), () => jobs.FindAsync(DocumentId.Named("x")),
            () => jobs.AddAsync(new Job { Title = "new" }), () => db.Documents<Site>().AddAsync(new Site { Name = "yard" }), () => jobs.EditAsync(DocumentId.Named("x"), static j => j.Minutes.Add(1)),
            () => db.GetStateHashAsync(), () => Database.Exchange.ReadAllAsync(db)])
        {
            try { await use(); }
            catch (EdgeSyncException e) { errors.Add(e); }
        }
        return errors;
    }
}
