using System.Diagnostics.CodeAnalysis;

namespace Edge.Sync.Testing;

/// <summary>Draws concurrent values in canonical order, merges them, and makes what breaks a law smaller.</summary>
internal sealed class RuleLaws<T, TRule>(Func<Random, T> generate, LawOptions options) where TRule : IMergeRule<T>
{
    private const int ValuesMax = 5, AuthorsMax = 8, KeptMax = 1_000;

    /// <summary>Times meet often: equal ones are ordered by replica.</summary>
    private const int MillisecondsMax = 10;

    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(options.Seed);
    private readonly List<(ConcurrentValue<T>[] Values, T Merged, int Case)> _kept = [];

    public void Run()
    {
        for (var i = 0; i < options.Cases; i++)
        {
            var values = Draw();
            if (Breaks(values, out var law, out _) is not null) Fail(law, values, i);
            if (_kept.Count < KeptMax) _kept.Add((values, TRule.Merge(values), i));
        }
        CrdtLaws.Elsewhere(() =>
        {
            for (var i = _kept.Count - 1; i >= 0; i--)
                if (TRule.Merge(_kept[i].Values) is var later && !EqualityComparer<T>.Default.Equals(_kept[i].Merged, later))
                    throw Broken(Alone, _kept[i].Values, $"Merge gave {_kept[i].Merged}, and later, on another thread, {later}", _kept[i].Case, null);
        });
    }

    private const string Total = "Merge is total", Alone = "The result depends on the arguments alone";

    // One value a replica, since of one replica's writes each has seen the one before.
    private ConcurrentValue<T>[] Draw()
    {
        var values = new List<ConcurrentValue<T>>();
        var count = _random.Next(2, ValuesMax + 1);
        while (values.Count < count)
        {
            var author = new ReplicaId(0, (ulong)_random.Next(1, AuthorsMax + 1));
            if (values.TrueForAll(value => value.Author != author)) values.Add(new(generate(_random), author, s_start.AddMilliseconds(_random.Next(MillisecondsMax))));
        }
        return [.. values.OrderBy(static value => value.Time).ThenBy(static value => value.Author)];
    }

    private void Fail(string law, ConcurrentValue<T>[] values, int number)
    {
        for (var i = 0; i < values.Length && values.Length > 2;)
        {
            ConcurrentValue<T>[] fewer = [.. values[..i], .. values[(i + 1)..]];
            if (Breaks(fewer, out var same, out _) is null || same != law) i++;
            else values = fewer;
        }
        var why = Breaks(values, out _, out var thrown) ?? "does so only sometimes: it depends on something besides the arguments";
        throw Broken(law, values, why, number, thrown);
    }

    [SuppressMessage("Design", "CA1031", Justification = "The app's code may throw whatever it likes: that breaks the law.")]
    private static string? Breaks(ConcurrentValue<T>[] values, out string law, out Exception? thrown)
    {
        thrown = null;
        try
        {
            law = Alone;
            var (first, second) = (TRule.Merge(values), TRule.Merge(values));
            return EqualityComparer<T>.Default.Equals(first, second) ? null : $"Merge gave {first}, and then {second}";
        }
        catch (Exception e)
        {
            (law, thrown) = (Total, e);
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private CrdtLawException Broken(string law, ConcurrentValue<T>[] values, string why, int number, Exception? thrown) =>
        new(typeof(TRule).Name, law, options.Seed, number, $"{string.Join(", ", values.Select(static value => $"{value.Value} (replica {value.Author.ToByteArray()[^1]} at {value.Time.Millisecond} ms)"))}: {why}.", thrown);
}
