namespace Edge.Sync.Testing.Tests.Laws;

public class RuleLawTests
{
    [Fact]
    public void A_rule_that_is_a_function_of_its_values_passes()
    {
        CrdtLaws.CheckRule<Priority, HighestWins>(static random => (Priority)random.Next(3));
        CrdtLaws.CheckRule<int, LatestWins>(static random => random.Next(9));
    }

    [Fact]
    public void Values_come_in_canonical_order_two_at_least_one_of_each_author() => CrdtLaws.CheckRule<int, Ordered>(static random => random.Next(9));

    [Fact]
    public void A_rule_that_remembers_is_found()
    {
        var broken = AssertBroken<int, Counting>("The result depends on the arguments alone", static random => random.Next(9));
        // Made smaller: two values are the fewest that can be concurrent.
        Assert.Equal(2, broken.Counterexample.Split("(replica ").Length - 1);
    }

    [Fact]
    public void A_rule_that_depends_on_where_it_runs_is_found() => AssertBroken<string, ByCulture>("The result depends on the arguments alone", static random => $"{random.Next(9)}");

    [Fact]
    public void A_rule_that_throws_is_found()
    {
        var broken = AssertBroken<int, Exactly>("Merge is total", static random => random.Next(9));
        Assert.IsType<InvalidOperationException>(broken.InnerException);
        Assert.Equal(3, broken.Counterexample.Split("(replica ").Length - 1);
    }

    [Fact]
    public void A_rule_that_draws_is_found() => AssertBroken<int, Drawn>("The result depends on the arguments alone", static random => random.Next(9));

    private static CrdtLawException AssertBroken<T, TRule>(string law, Func<Random, T> generate) where TRule : IMergeRule<T>
    {
        var broken = Assert.Throws<CrdtLawException>(() => CrdtLaws.CheckRule<T, TRule>(generate, new() { Seed = 3 }));
        Assert.Equal(law, broken.Law);
        Assert.Equal(3, broken.Seed);
        return broken;
    }

    private readonly struct LatestWins : IMergeRule<int>
    {
        public static int Merge(ReadOnlySpan<ConcurrentValue<int>> values) => values[^1].Value;
    }

    private readonly struct Ordered : IMergeRule<int>
    {
        public static int Merge(ReadOnlySpan<ConcurrentValue<int>> values)
        {
            Assert.True(values.Length >= 2);
            for (var i = 1; i < values.Length; i++)
                Assert.True((values[i - 1].Time, values[i - 1].Author).CompareTo((values[i].Time, values[i].Author)) < 0);
            Assert.Equal(values.Length, values.ToArray().Select(static value => value.Author).Distinct().Count());
            return values[0].Value;
        }
    }

    private readonly struct Counting : IMergeRule<int>
    {
        private static int s_calls;

        public static int Merge(ReadOnlySpan<ConcurrentValue<int>> values) => values[0].Value + s_calls++;
    }

#pragma warning disable ES0004 // The analyzer finds these two before any test does.
    private readonly struct Drawn : IMergeRule<int>
    {
        public static int Merge(ReadOnlySpan<ConcurrentValue<int>> values) => values[Random.Shared.Next(values.Length)].Value;
    }

    private readonly struct ByCulture : IMergeRule<string>
    {
        public static string Merge(ReadOnlySpan<ConcurrentValue<string>> values) => (values.Length / 2.0).ToString(System.Globalization.CultureInfo.CurrentCulture);
    }
#pragma warning restore ES0004

    private readonly struct Exactly : IMergeRule<int>
    {
        public static int Merge(ReadOnlySpan<ConcurrentValue<int>> values) => values.Length == 2 ? values[0].Value : throw new InvalidOperationException("Two values were expected.");
    }
}
