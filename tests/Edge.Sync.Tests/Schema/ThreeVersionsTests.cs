using Edge.Sync.Tests.Database;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Schema;

/// <summary>Three versions of an app share one database for a month of simulated time: nothing is lost, whoever does not know it, and all read what they know alike.</summary>
public sealed class ThreeVersionsTests
{
    private const int Documents = 5, Days = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Month_of_edits_by_three_versions_loses_nothing(int seed)
    {
        using var folder = new TempFolder();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
        await using var one = Open(folder["one.db"], time, seed);
        await using var two = Open(folder["two.db"], time, seed + 100);
        await using var three = Open(folder["three.db"], time, seed + 200);
        EdgeDatabase[] all = [one, two, three];
        var random = new Random(seed);
        var expected = new Expected();
        for (var day = 0; day < Days; day++)
        {
            for (var edit = 0; edit < 6; edit++)
            {
                time.Advance(TimeSpan.FromMinutes(1 + random.Next(200)));
                var (id, by, amount) = (random.Next(Documents), random.Next(3), 1 + random.Next(9));
                await EditAsync(all[by], by, DocumentId.Named($"task-{id}"), amount, $"{day}.{edit}", expected, id);
            }
            // Two of them meet, on some days; the third is offline for weeks.
            if (day % 3 == 1) await Exchange.MergeAsync(one, two);
            if (day % 7 == 5) await Exchange.MergeAsync(two, three);
            time.Advance(TimeSpan.FromHours(5));
        }
        await Exchange.MergeAsync(one, two);
        await Exchange.MergeAsync(two, three);
        await Exchange.MergeAsync(one, two);
        foreach (var db in all) await Rebuilding.AssertEqualAsync(db);

        for (var id = 0; id < Documents; id++)
        {
            var key = DocumentId.Named($"task-{id}");
            var (a, b, c) = ((await one.Documents<TaskV1>().FindAsync(key))!, (await two.Documents<TaskV2>().FindAsync(key))!, (await three.Documents<TaskV3>().FindAsync(key))!);
            // What all versions have, all read alike, and every addition counts.
            Assert.Equal((a.Title, a.Title, a.Visits.Value, a.Visits.Value), (b.Title, c.Title, b.Visits.Value, c.Visits.Value));
            Assert.Equal(expected.Visits[id], c.Visits.Value);
            Assert.Equal((a.Owner, a.Owner), (b.Responsible.Value, c.Responsible));
            // Hours and minutes are the same span, in the units that each version knows.
            Assert.Equal(b.Minutes, c.Minutes);
            Assert.Equal(a.Hours, HoursToMinutes.Down(b.Minutes));
            // What an older version does not know went through it unharmed.
            Assert.Equal(expected.Tags[id].Order(StringComparer.Ordinal), c.Tags.Order(StringComparer.Ordinal));
            Assert.Equal(b.Tags, c.Tags);
            Assert.Equal(expected.Steps[id].Order(StringComparer.Ordinal), c.Steps.Select(static s => s.Text).Order(StringComparer.Ordinal));
            Assert.Equal(expected.Reach[id], c.Reach.Value.To);
            Assert.Equal((a.Legacy, expected.HasLegacy[id]), (b.Legacy, a.Legacy.Length > 0));
        }
    }

    [Fact]
    public async Task Fields_that_an_old_app_does_not_know_survive_its_edits_its_file_and_the_way_through_it()
    {
        using var folder = new TempFolder();
        var id = DocumentId.Named("t");
        await using var three = await EdgeDatabase.OpenAsync(folder["three.db"]);
        await three.Documents<TaskV3>().EditAsync(id, static t => { t.Title = "new"; t.Tags.Add("a"); t.Steps.Add(new TaskStep { Text = "s" }); t.Reach.Join(new(1, 2)); });
        await using (var one = await EdgeDatabase.OpenAsync(folder["one.db"]))
        {
            await Exchange.MergeAsync(three, one);
            await one.Documents<TaskV1>().EditAsync(id, static t => t.Title = "old");
        }
        await using var again = await EdgeDatabase.OpenAsync(folder["one.db"]);
        using var other = new TempFolder();
        await using var fresh = await EdgeDatabase.OpenAsync(other["fresh.db"]);
        await Exchange.MergeAsync(again, fresh);
        var task = (await fresh.Documents<TaskV3>().FindAsync(id))!;
        Assert.Equal(("old", "a", "s", 2d), (task.Title, Assert.Single(task.Tags), Assert.Single(task.Steps).Text, task.Reach.Value.To));
    }

    private static EdgeDatabase Open(string path, TimeProvider time, int seed) =>
        new(new EdgeDatabaseOptions { Path = path, TimeProvider = time }, Edge.Sync.Scheduling.EdgeScheduler.Default, new SeededRandom(seed));

    private static async Task EditAsync(EdgeDatabase db, int version, DocumentId id, int amount, string text, Expected expected, int index)
    {
        expected.Visits[index] += amount;
        if (version == 0)
        {
            await db.Documents<TaskV1>().EditAsync(id, t => { t.Title = text; t.Hours = amount; t.Visits.Add(amount); t.Owner = text; t.Legacy = text; });
            expected.HasLegacy[index] = true;
        }
        else if (version == 1)
        {
            await db.Documents<TaskV2>().EditAsync(id, t => { t.Title = text; t.Minutes = amount * 7; t.Visits.Add(amount); t.Responsible.Value = text; t.Tags.Add(text); });
            expected.Tags[index].Add(text);
        }
        else
        {
            await db.Documents<TaskV3>().EditAsync(id, t => { t.Title = text; t.Minutes = amount * 11; t.Visits.Add(amount); t.Responsible = text; t.Steps.Add(new TaskStep { Text = text }); t.Reach.Join(new(0, amount)); });
            expected.Steps[index].Add(text);
            expected.Reach[index] = Math.Max(expected.Reach[index], amount);
        }
    }

    /// <summary>What must be there in the end, kept beside the databases.</summary>
    private sealed class Expected
    {
        public long[] Visits { get; } = new long[Documents];
        public bool[] HasLegacy { get; } = new bool[Documents];
        public List<string>[] Tags { get; } = [.. Enumerable.Range(0, Documents).Select(static _ => new List<string>())];
        public List<string>[] Steps { get; } = [.. Enumerable.Range(0, Documents).Select(static _ => new List<string>())];
        public double[] Reach { get; } = [.. Enumerable.Repeat(double.NegativeInfinity, Documents)];
    }
}
