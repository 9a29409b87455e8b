#pragma warning disable ES0003 // Asks for what cannot be translated, to see it refused.

// The shapes are tested as people write them, not as an analyzer would have them.
#pragma warning disable CA1847, CA1862, CA1866

using System.Linq.Expressions;
using Edge.Sync.Tests.Projections;

namespace Edge.Sync.Tests.Documents.Types;

/// <summary>A query over each property type gives what the same condition gives in memory.</summary>
public sealed class PlantQueryTests(PlantQueryTests.FilledPlants filled) : IClassFixture<PlantQueryTests.FilledPlants>
{
    private static readonly DocumentId s_signer = DocumentId.Named("signer 1");
    private static readonly long[] s_pieces = [0, 2];
    private static readonly double s_nan = double.NaN;

    private static readonly Dictionary<string, Expression<Func<Plant, bool>>> s_conditions = new()
    {
        ["grow counter > 1"] = p => p.Pieces > 1,
        ["grow counter Value == 0"] = p => p.Pieces.Value == 0,
        ["grow counter array Contains"] = p => s_pieces.Contains(p.Pieces.Value),
        ["bounded counter >= 2"] = p => p.Seats >= 2,
        ["bounded counter Value < grow counter"] = p => p.Seats.Value < p.Pieces.Value,
        ["enable-wins flag"] = p => p.NeedsAttention,
        ["not enable-wins flag"] = p => !p.NeedsAttention,
        ["disable-wins flag Value"] = p => p.Consent.Value,
        ["flag == false"] = p => p.Consent == false,
        ["flag == flag"] = p => p.Consent.Value == p.NeedsAttention.Value,
        ["flag and counter"] = p => p.NeedsAttention && p.Pieces > 0,
        ["register text =="] = p => p.Status.Value == "ab",
        ["register text StartsWith"] = p => p.Status.Value.StartsWith("a"),
        ["register text Length"] = p => p.Status.Value.Length > 1,
        ["register enum =="] = p => p.Priority.Value == Sync.Tests.Priority.High,
        ["max HasValue"] = p => p.Peak.HasValue,
        ["not max HasValue"] = p => !p.Peak.HasValue,
        ["max == 0"] = p => p.Peak.Value == 0,
        ["max > 0.1"] = p => p.Peak.Value > 0.1,
        ["max == NaN"] = p => p.Peak.Value == s_nan,
        ["max text >= text"] = p => p.LastTag.Value == "ab",
        ["max text == empty"] = p => p.LastTag.Value == "",
        ["min int <= 0"] = p => p.Lowest.Value <= 0,
        ["min time > noon"] = p => p.FirstSeen.Value > RandomDocuments.Noon,
        ["min time == default"] = p => p.FirstSeen.Value == default(DateTimeOffset),
        ["grow set Contains"] = p => p.SignedBy.Contains(s_signer),
        ["grow set Count"] = p => p.SignedBy.Count > 1,
        ["remove-wins set Contains"] = p => p.Operators.Contains("ab"),
        ["remove-wins set Count"] = p => p.Operators.Count == 0,
        ["map Count"] = p => p.Stock.Count == 1,
        ["map ContainsKey"] = p => p.Stock.ContainsKey("ab"),
        ["map ContainsKey of int"] = p => p.Labels.ContainsKey(2),
        ["map ContainsKey of enum"] = p => p.Bins.ContainsKey(Sync.Tests.Priority.High),
        ["map of counters > 0"] = p => p.Stock["ab"] > 0,
        ["map of counters Value == 0"] = p => p.Stock["a\0b"].Value == 0,
        ["map of values =="] = p => p.Labels.ContainsKey(1) && p.Labels[1] == "ab",
        ["map of values StartsWith"] = p => p.Labels.ContainsKey(1) && p.Labels[1].StartsWith("a"),
        ["map of maps Count"] = p => p.Bins[Sync.Tests.Priority.Low].Count == 0,
        ["map of maps of sets Contains"] = p => p.Bins[Sync.Tests.Priority.High]["x"].Contains(1),
        ["map of texts Length"] = p => p.Remarks["ab"].Length > 1,
        ["map of trees Count"] = p => p.Trees[default].Count == 0,
        ["list Count"] = p => p.Plan.Count == 2,
        ["list Contains"] = p => p.Plan.Contains("ab"),
        ["tree Count"] = p => p.Outline.Count > 1,
        ["log Count"] = p => p.History.Count == 2,
        ["log Contains"] = p => p.History.Contains("ab"),
        ["object text =="] = p => p.Address.City == "ab",
        ["object text == default"] = p => p.Address.City == "Depot",
        ["object text Length"] = p => p.Address.City.Length == 2,
        ["object text StartsWith"] = p => p.Address.City.StartsWith("a"),
        ["object nullable == null"] = p => p.Address.Number == null,
        ["object nullable > 0"] = p => p.Address.Number > 0,
        ["object nullable HasValue"] = p => p.Address.Number.HasValue,
        ["object decimal =="] = p => p.Address.Rent == 1.0m,
        ["object time > noon"] = p => p.Address.Since > RandomDocuments.Noon,
        ["object max HasValue"] = p => p.Address.Highest.HasValue,
        ["object max > 0"] = p => p.Address.Highest.Value > 0,
        ["object flag"] = p => p.Address.Open,
        ["not object flag"] = p => !p.Address.Open,
        ["object text of many =="] = p => p.Address.Way.Value == "ab",
        ["object set Contains"] = p => p.Address.Doors.Contains("ab"),
        ["object set Count"] = p => p.Address.Doors.Count > 1,
        ["object in object < 0"] = p => p.Address.Place.Latitude < 0,
        ["object in object == infinity"] = p => p.Address.Place.Latitude == double.PositiveInfinity,
        ["object in object with quotes"] = p => p.Address.Place.Longitude > 0.1,
        ["object in object Id"] = p => p.Address.Place.Id == "ab",
    };

    public static TheoryData<string> Conditions() => [.. s_conditions.Keys];

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task Query_gives_what_the_same_condition_gives_in_memory(string condition)
    {
        var count = await QueryOracle.CheckAsync(filled.Db, s_conditions[condition]);
        if (!condition.Contains("NaN", StringComparison.Ordinal)) Assert.InRange(count, 1, FilledPlants.DocumentCount - 1);
    }

    [Fact]
    public async Task Order_is_that_of_the_values()
    {
        var plants = filled.Db.Documents<Plant>();
        var all = await plants.ToListAsync();
        AssertOrder(all.OrderBy(static p => p.Peak.Value), await plants.OrderBy(static p => p.Peak.Value).ToListAsync());
        AssertOrder(all.OrderByDescending(static p => p.FirstSeen.Value), await plants.OrderByDescending(static p => p.FirstSeen.Value).ToListAsync());
        AssertOrder(all.OrderBy(static p => p.Pieces.Value).ThenBy(static p => p.Seats.Value), await plants.OrderBy(static p => p.Pieces).ThenBy(static p => p.Seats).ToListAsync());
        AssertOrder(all.OrderBy(static p => p.Address.Highest.Value).ThenByDescending(static p => p.Address.Since), await plants.OrderBy(static p => p.Address.Highest.Value).ThenByDescending(static p => p.Address.Since).ToListAsync());
        AssertOrder(all.OrderByDescending(static p => p.Stock["ab"].Value), await plants.OrderByDescending(static p => p.Stock["ab"]).ToListAsync());
        AssertOrder(all.OrderBy(static p => p.NeedsAttention.Value), await plants.OrderBy(static p => p.NeedsAttention.Value).ToListAsync());

        static void AssertOrder(IEnumerable<Plant> expected, IReadOnlyList<Plant> actual) => Assert.Equal(expected.Select(static p => p.Id), actual.Select(static p => p.Id));
    }

    [Fact]
    public async Task What_has_no_counterpart_in_sql_is_refused()
    {
        var plants = filled.Db.Documents<Plant>();
        foreach (var condition in new Expression<Func<Plant, bool>>[]
        {
            p => p.Status.HasConflict, p => p.Status.Values.Count > 1, p => p.Seats.Available > 1, p => p.Seats.Overdraft > 0, p => p.Seats.Rights.Count > 0,
            p => p.SignedBy.Any(), p => p.Peak.ToString() == "",
            p => p.Outline.Children(default).Count > 0, p => p.History[0] == "a", p => p.Plan[0] == "a", p => p.Address == null, p => p.Stock == null, p => p.Steps["a"].Done,
            p => p.Stock.Keys.Contains("a"), p => p.Address.Place == p.Address.Place,
        })
            Assert.Throws<NotSupportedException>(() => plants.Where(condition));
        Assert.Throws<NotSupportedException>(() => plants.OrderBy(static p => p.SignedBy));
        await Database.Rebuilding.AssertEqualAsync(filled.Db);
    }

    public sealed class FilledPlants : IAsyncLifetime
    {
        public const int DocumentCount = 200;

        private readonly TempFolder _folder = new();

        public EdgeDatabase Db { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Db = await EdgeDatabase.OpenAsync(_folder["a.db"]);
            var random = new Random(1);
            await Task.WhenAll(Enumerable.Range(0, DocumentCount).Select(number => Db.Documents<Plant>().EditAsync(DocumentId.Named($"{number}"), plant => Fill(plant, random))));
        }

        public async ValueTask DisposeAsync()
        {
            await Db.DisposeAsync();
            _folder.Dispose();
        }

        private static void Fill(Plant plant, Random random)
        {
            plant.Pieces.Add(random.Next(4));
            if (random.Next(2) == 0) plant.Seats.Grant(random.Next(1, 5));
            if (random.Next(2) == 0) plant.Seats.TrySpend(1);
            if (random.Next(2) == 0) plant.NeedsAttention.Value = random.Next(2) == 0;
            if (random.Next(2) == 0) plant.Consent.Value = random.Next(2) == 0;
            if (random.Next(3) > 0) plant.Status.Value = Text(random);
            if (random.Next(3) > 0) plant.Priority.Value = (Priority)random.Next(3);
            if (random.Next(3) > 0) plant.Peak.Reach(random.Next(4) switch { 0 => double.PositiveInfinity, 1 => -0.0, _ => random.Next(-2, 3) * 0.1 });
            if (random.Next(3) > 0) plant.LastTag.Reach(Text(random));
            if (random.Next(3) > 0) plant.Lowest.Reach(random.Next(-2, 3));
            if (random.Next(3) > 0) plant.FirstSeen.Reach(RandomDocuments.Noon.AddHours(random.Next(-2, 3)).ToOffset(TimeSpan.FromHours(random.Next(-5, 6))));
            for (var n = random.Next(3); n > 0; n--) plant.SignedBy.Add(DocumentId.Named($"signer {random.Next(3)}"));
            for (var n = random.Next(4); n > 0; n--) plant.Operators.Add(Text(random));
            if (random.Next(2) == 0) plant.Operators.Remove("ab");
            for (var n = random.Next(3); n > 0; n--) plant.Stock[Text(random)].Add(1);
            for (var n = random.Next(3); n > 0; n--) plant.Labels[random.Next(3)] = Text(random);
            if (random.Next(2) == 0) plant.Bins[(Priority)random.Next(3)]["x"].Add(1);
            if (random.Next(2) == 0) plant.Remarks["ab"].Append(Text(random));
            if (random.Next(2) == 0) plant.Trees[default].Add("x");
            for (var n = random.Next(4); n > 0; n--) plant.Plan.Add(Text(random));
            for (var n = random.Next(3); n > 0; n--) plant.Outline.Add(Text(random));
            for (var n = random.Next(4); n > 0; n--) plant.History.Append(Text(random));
            if (random.Next(3) == 0) return;
            if (random.Next(2) == 0) plant.Address.City = Text(random);
            if (random.Next(2) == 0) plant.Address.Number = random.Next(3) == 0 ? null : random.Next(-1, 2);
            if (random.Next(2) == 0) plant.Address.Rent = random.Next(2) == 0 ? 1.00m : 10m;
            if (random.Next(2) == 0) plant.Address.Since = RandomDocuments.Noon.AddHours(random.Next(-2, 3)).ToOffset(TimeSpan.FromHours(random.Next(-5, 6)));
            if (random.Next(2) == 0) plant.Address.Highest.Reach(random.Next(-1, 2) * 0.5);
            if (random.Next(2) == 0) plant.Address.Open.Value = true;
            if (random.Next(2) == 0) plant.Address.Way.Append("ab");
            for (var n = random.Next(3); n > 0; n--) plant.Address.Doors.Add(Text(random));
            if (random.Next(2) == 0) plant.Address.Place.Latitude = random.Next(5) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => double.NegativeInfinity, _ => random.Next(-2, 3) };
            if (random.Next(2) == 0) plant.Address.Place.Longitude = random.Next(2);
            if (random.Next(2) == 0) plant.Address.Place.Id = "ab";
        }

        private static string Text(Random random) => random.Next(4) == 0 ? "ab" : RandomDocuments.Texts[random.Next(RandomDocuments.Texts.Length)];
    }
}
