using Edge.Sync.Live;

namespace Edge.Sync.Tests.Live;

public class ListDifferenceTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("", "ab", "+b@0 +a@0")]
    [InlineData("ab", "", "-b@1 -a@0")]
    [InlineData("abc", "abc", "")]
    [InlineData("abc", "xabc", "+x@0")]
    [InlineData("abc", "abxc", "+x@2")]
    [InlineData("abc", "ac", "-b@1")]
    [InlineData("abcd", "bcda", "a:0>3")]
    [InlineData("abcd", "dabc", "d:3>0")]
    [InlineData("abcd", "acbd", "b:1>2")]
    public void Steps_are_few(string before, string after, string steps) => Assert.Equal(steps, Shown(before, after));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Steps_lead_from_the_old_list_to_the_new_and_are_the_fewest(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3000; round++)
        {
            var keys = Enumerable.Range(0, random.Next(9)).ToArray();
            var before = keys.Where(_ => random.Next(4) > 0).ToList();
            var after = keys.Where(_ => random.Next(4) > 0).ToList();
            // From nearly in order to quite mixed up.
            for (var swaps = random.Next(4); swaps > 0 && after.Count > 1; swaps--)
            {
                var (i, j) = (random.Next(after.Count), random.Next(after.Count));
                (after[i], after[j]) = (after[j], after[i]);
            }
            var steps = ListDifference.Compute<int>(before.ToArray(), after.ToArray(), int.MaxValue)!;
            var list = new List<int>(before);
            foreach (var step in steps) Take(step, list, after);
            Assert.True(after.SequenceEqual(list), $"seed {seed}: {Text(before)} to {Text(after)} gave {Text(list)}");
            var (removed, added) = (before.Except(after).Count(), after.Except(before).Count());
            var fewest = removed + added + before.Intersect(after).Count() - LongestCommonSubsequence(before, after);
            Assert.True(fewest == steps.Count, $"seed {seed}: {Text(before)} to {Text(after)} took {steps.Count} steps instead of {fewest}");
            Assert.Null(steps.Count == 0 ? null : ListDifference.Compute<int>(before.ToArray(), after.ToArray(), steps.Count - 1));
        }
    }

    internal static void Take<T>(ListStep step, List<T> list, IReadOnlyList<T> after)
    {
        if (step.Kind == ListStepKind.Insert) list.Insert(step.To, after[step.NewIndex]);
        else
        {
            var item = list[step.From];
            list.RemoveAt(step.From);
            if (step.Kind == ListStepKind.Move) list.Insert(step.To, item);
        }
    }

    private static string Shown(string before, string after) => string.Join(' ', ListDifference.Compute<char>(before.AsSpan(), after.AsSpan(), 100)!.Select(step => step.Kind switch
    {
        ListStepKind.Insert => $"+{after[step.NewIndex]}@{step.To}",
        ListStepKind.Remove => $"-{before[step.From]}@{step.From}",
        _ => $"{after[step.NewIndex]}:{step.From}>{step.To}",
    }));

    private static string Text(List<int> list) => string.Join(',', list);

    // Slow and plain: what stays in place is a longest common subsequence.
    private static int LongestCommonSubsequence(List<int> a, List<int> b)
    {
        var lengths = new int[a.Count + 1, b.Count + 1];
        for (var i = a.Count - 1; i >= 0; i--)
            for (var j = b.Count - 1; j >= 0; j--)
                lengths[i, j] = a[i] == b[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        return lengths[0, 0];
    }
}
