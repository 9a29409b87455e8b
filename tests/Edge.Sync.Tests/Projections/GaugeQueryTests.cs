// The shapes are tested as people write them, not as an analyzer would have them.
#pragma warning disable CA1847, CA1862, CA1866

using System.Linq.Expressions;

namespace Edge.Sync.Tests.Projections;

public sealed class GaugeQueryTests(FilledDatabase filled) : IClassFixture<FilledDatabase>
{
    private static readonly Guid s_key = RandomDocuments.Key(new(3));
    private static readonly DocumentId s_site = DocumentId.Named("site 1");
    private static readonly string?[] s_labels = ["a", null];
    private static readonly int?[] s_wholes = [1, null];
    private static readonly Level[] s_levels = [Level.Over, Level.Half];
    private static readonly decimal[] s_prices = [1m, 10.0m];
    private static readonly decimal s_price = 1m;
    private static readonly byte s_small = 200;
    private static readonly double s_nan = double.NaN;

    private readonly EdgeDatabase _db = filled.Db;

    private static readonly Dictionary<string, Expression<Func<Gauge, bool>>> s_shapes = new()
    {
        ["label == null"] = g => g.Label == null,
        ["label != text"] = g => g.Label != "a",
        ["label array Contains"] = g => s_labels.Contains(g.Label),
        ["label guarded StartsWith"] = g => g.Label != null && g.Label.StartsWith("a"),
        ["maybe flag == true"] = g => g.MaybeFlag == true,
        ["maybe flag != true"] = g => g.MaybeFlag != true,
        ["maybe flag == null"] = g => g.MaybeFlag == null,
        ["maybe flag guarded Value"] = g => g.MaybeFlag.HasValue && g.MaybeFlag.Value,
        ["flag == maybe flag"] = g => g.Flag == g.MaybeFlag,
        ["byte =="] = g => g.Small == s_small,
        ["byte > 100"] = g => g.Small > 100,
        ["short < 0"] = g => g.Middle < 0,
        ["int >= 0"] = g => g.Whole >= 0,
        ["maybe int > 0"] = g => g.MaybeWhole > 0,
        ["not maybe int > 0"] = g => !(g.MaybeWhole > 0),
        ["maybe int array Contains"] = g => s_wholes.Contains(g.MaybeWhole),
        ["int == maybe int"] = g => g.Whole == g.MaybeWhole,
        ["int < maybe int"] = g => g.Whole < g.MaybeWhole,
        ["long == min"] = g => g.Big == long.MinValue,
        ["long > int"] = g => g.Big > g.Whole,
        ["long > real"] = g => g.Big > 0.5,
        ["float == float"] = g => g.Narrow == 0.1f,
        ["float == double"] = g => g.Narrow == 0.1 || g.Narrow == 0,
        ["float > double"] = g => g.Narrow > 0.1,
        ["double == 0"] = g => g.Real == 0,
        ["double == NaN"] = g => g.Real == s_nan,
        ["double != NaN"] = g => g.Real != s_nan,
        ["double < 0.1"] = g => g.Real < 0.1,
        ["double > max"] = g => g.Real > double.MaxValue,
        ["double == infinity"] = g => g.Real == double.PositiveInfinity,
        ["maybe double < 2"] = g => g.MaybeReal < 2,
        ["decimal =="] = g => g.Price == s_price,
        ["decimal !="] = g => g.Price != 1.000m,
        ["decimal >"] = g => g.Price > 1.5m,
        ["decimal < whole"] = g => g.Price < 2,
        ["label Equals"] = g => g.Label != null && g.Label.Equals("a"),
        ["label Equals ordinal"] = g => string.Equals(g.Label, "a", StringComparison.Ordinal),
        ["label Equals null"] = g => string.Equals(g.Label, null),
        ["label IsNullOrEmpty"] = g => string.IsNullOrEmpty(g.Label),
        ["decimal array Contains"] = g => s_prices.Contains(g.Price),
        ["guid =="] = g => g.Key == s_key,
        ["time >"] = g => g.At > RandomDocuments.Noon,
        ["document id =="] = g => g.Site == s_site,
        ["byte enum =="] = g => g.Level == Level.Over,
        ["byte enum >"] = g => g.Level > Level.Half,
        ["byte enum array Contains"] = g => s_levels.Contains(g.Level),
        ["maybe enum =="] = g => g.MaybeLevel == Level.Over,
        ["maybe enum !="] = g => g.MaybeLevel != Level.Over,
        ["ulong enum =="] = g => g.Wide == Wide.Most,
        ["ulong enum == many"] = g => g.Wide == Wide.Many,
        ["set of int Contains"] = g => g.Numbers.Contains(2),
        ["set of enum Contains"] = g => g.Levels.Contains(Level.Over),
        ["set of guid Contains"] = g => g.Keys.Contains(s_key),
        ["set of double Contains"] = g => g.Reals.Contains(0.2),
        ["set of double Count"] = g => g.Reals.Count == 1,
        ["set of double Contains NaN"] = g => g.Reals.Contains(double.NaN),
    };

    public static TheoryData<string> Shapes() => [.. s_shapes.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Query_gives_what_the_same_condition_gives_in_memory(string shape)
    {
        var count = await QueryOracle.CheckAsync(_db, s_shapes[shape]);
        if (!shape.Contains("NaN", StringComparison.Ordinal) || shape.Contains("Contains", StringComparison.Ordinal)) Assert.InRange(count, 1, FilledDatabase.DocumentCount - 1);
    }

    [Fact]
    public async Task Narrowing_conversions_are_not_dropped_without_a_word()
    {
        var gauges = _db.Documents<Gauge>();
        Assert.Throws<NotSupportedException>(() => gauges.Where(static g => (int)g.Real == 0));
        Assert.Throws<NotSupportedException>(() => gauges.Where(static g => (byte)g.Whole == 255));
        var real = 1.9;
        Assert.Throws<NotSupportedException>(() => gauges.Where(g => g.Whole == (int)real));
        var all = await gauges.ToListAsync();
        var small = (byte)2;
        Assert.Equal(all.Count(g => g.Whole == small), await gauges.Where(g => g.Whole == small).CountAsync());
    }

    [Fact]
    public async Task Read_models_equal_the_log() => await Database.Rebuilding.AssertEqualAsync(_db);
}
