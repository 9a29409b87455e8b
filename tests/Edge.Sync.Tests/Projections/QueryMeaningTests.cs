using System.Linq.Expressions;

namespace Edge.Sync.Tests.Projections;

/// <summary>Conditions mean in SQL what they mean in C#.</summary>
public class QueryMeaningTests
{
    private static readonly string?[] s_textOrNull = ["a", null];
    private static readonly string?[] s_text = ["a"];
    private static readonly Strength[] s_strong = [Strength.Strong];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Enum_of_bytes_compares_above_127() => HoldsAsync(static g => g.Strength = Strength.Strong, static g => g.Strength == Strength.Strong);

    [Fact]
    public Task Enum_of_bytes_is_found_in_a_list() => HoldsAsync(static g => g.Strength = Strength.Strong, static g => s_strong.Contains(g.Strength));

    [Fact]
    public Task Decimals_compare_by_value() => HoldsAsync(static g => g.Price = 1.00m, static g => g.Price == 1.0m);

    [Fact]
    public Task Small_decimals_compare_by_value() => HoldsAsync(static g => g.Price = 0.0000000000000000000000000010m, static g => g.Price == 0.000000000000000000000000001m);

    [Fact]
    public Task Null_is_found_in_a_list_with_null() => HoldsAsync(static g => g.Label = null, static g => s_textOrNull.Contains(g.Label));

    [Fact]
    public Task Null_is_not_found_in_a_list_without_null() => HoldsAsync(static g => g.Label = null, static g => !s_text.Contains(g.Label));

    [Fact]
    public Task Value_is_not_found_in_a_list_of_others_and_null() => HoldsAsync(static g => g.Label = "b", static g => !s_textOrNull.Contains(g.Label));

    [Fact]
    public Task Nan_is_less_than_nothing() => HoldsAsync(static g => g.Level = double.NaN, static g => !(g.Level < 5) && !(g.Level >= 5) && g.Level != 5);

    [Fact]
    public async Task Text_in_a_text_is_refused()
    {
        var text = "abc";
        await Assert.ThrowsAsync<NotSupportedException>(() => HoldsAsync(static g => g.Label = "bc", g => text.Contains(g.Label!)));
    }

    [Fact]
    public async Task Conversion_that_changes_a_value_is_refused()
    {
        var value = 3.7;
        await Assert.ThrowsAsync<NotSupportedException>(() => HoldsAsync(static g => g.Number = 3, g => g.Number == (int)value));
        await Assert.ThrowsAsync<NotSupportedException>(() => HoldsAsync(static g => g.Level = 3.7, static g => (int)g.Level == 3));
    }

    [Fact]
    public async Task Skip_and_take_apply_in_their_order()
    {
        using var folder = new TempFolder();
        await using var database = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        for (var i = 0; i < 10; i++)
            await database.Documents<Meter>().EditAsync(DocumentId.Named($"gauge {i}"), i, static (g, number) => g.Number = number, Token);
        var ordered = database.Documents<Meter>().OrderBy(static g => g.Number);
        Assert.Equal("0, 1", await NumbersAsync(ordered.Take(2).Take(5)));
        Assert.Equal("5, 6, 7, 8, 9", await NumbersAsync(ordered.Skip(3).Skip(2)));
        Assert.Equal("2", await NumbersAsync(ordered.Take(3).Skip(2)));
        Assert.Equal("2, 3, 4", await NumbersAsync(ordered.Skip(2).Take(3)));
        Assert.Equal(0, await ordered.Take(3).Skip(4).CountAsync(Token));
        Assert.Throws<NotSupportedException>(() => ordered.Take(3).Where(static g => g.Number > 1));
        Assert.Throws<NotSupportedException>(() => ordered.Skip(3).OrderBy(static g => g.Label));
    }

    private static async Task<string> NumbersAsync(DocumentQuery<Meter> query) => string.Join(", ", (await query.ToListAsync(Token)).Select(static g => g.Number));

    private static async Task HoldsAsync(Action<Meter> edit, Expression<Func<Meter, bool>> condition)
    {
        using var folder = new TempFolder();
        await using var database = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await database.Documents<Meter>().EditAsync(DocumentId.Named("meter"), edit, Token);
        Assert.True(await database.Documents<Meter>().Where(condition).AnyAsync(Token));
    }
}
