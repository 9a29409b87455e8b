using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Documents;

namespace Edge.Sync.Testing;

/// <summary>Draws values of a lattice, holds them against each law, and makes what breaks one smaller.</summary>
/// <remarks>Two values are the same where they are written as the same bytes: that is what replicas compare.</remarks>
internal sealed class LatticeLaws<T> where T : ILattice<T>
{
    private const int PoolMax = 64, KeptMax = 200, ShrinksMax = 100;

    private readonly Func<Random, T> _generate;
    private readonly LawOptions _options;
    private readonly Random _random;
    private readonly List<T> _pool = [];
    private readonly List<(T A, T B, Image Joined, int Case)> _kept = [];
    private readonly (string Name, int Count, Func<T[], string?> Break)[] _laws;

    public LatticeLaws(Func<Random, T> generate, LawOptions options)
    {
        (_generate, _options, _random) = (generate, options, new(options.Seed));
        _laws =
        [
            ("Write is canonical", 1, BreakCanonical),
            ("Write keeps to the limit", 1, static values => Image.Of(values[0]).Bytes.Length is var length && length > LatticeValue<T>.BytesMax ? $"takes {length:N0} bytes; a lattice holds {LatticeValue<T>.BytesMax:N0}" : null),
            ("Read gives back what was written", 1, BreakRoundTrip),
            ("Join is idempotent", 1, static values => Differ("Join(a, a)", T.Join(values[0], values[0]), "a", values[0])),
            ("Bottom is neutral", 1, static values => Differ("Join(Bottom, a)", T.Join(T.Bottom, values[0]), "a", values[0]) ?? Differ("Join(a, Bottom)", T.Join(values[0], T.Bottom), "a", values[0])),
            ("Join leaves its arguments as they are", 2, BreakArguments),
            ("The result depends on the arguments alone", 2, static values => Differ("Join(a, b)", T.Join(values[0], values[1]), "Join(a, b) once more", T.Join(values[0], values[1]))),
            ("Join is commutative", 2, static values => Differ("Join(a, b)", T.Join(values[0], values[1]), "Join(b, a)", T.Join(values[1], values[0]))),
            ("Join is idempotent", 2, static values => Differ("Join(a, Join(a, b))", T.Join(values[0], T.Join(values[0], values[1])), "Join(a, b)", T.Join(values[0], values[1]))),
            ("Join is associative", 3, static values => Differ("Join(Join(a, b), c)", T.Join(T.Join(values[0], values[1]), values[2]), "Join(a, Join(b, c))", T.Join(values[0], T.Join(values[1], values[2])))),
        ];
    }

    public void Run()
    {
        _pool.Add(T.Bottom);
        for (var i = 0; i < _options.Cases; i++)
        {
            T[] values = [Draw([]), default!, default!];
            values[1] = Draw(values.AsSpan(0, 1));
            values[2] = Draw(values.AsSpan(0, 2));
            foreach (var law in _laws)
                if (Breaks(law.Break, values, out _) is not null) Fail(law, values, i);
            DamagedBytes<T>.Check(Image.Of(values[0]).Bytes, values[1], _random, _options.Seed, i);
            if (_kept.Count < KeptMax) _kept.Add((values[0], values[1], Image.Of(T.Join(values[0], values[1])), i));
        }
        CrdtLaws.Elsewhere(() =>
        {
            for (var i = _kept.Count - 1; i >= 0; i--)
                if (Differ("Join(a, b) at first", _kept[i].Joined, "later, on another thread", Image.Of(T.Join(_kept[i].A, _kept[i].B))) is { } why)
                    throw Broken("The result depends on the arguments alone", [_kept[i].A, _kept[i].B], why, _kept[i].Case, null);
        });
    }

    // Equal values, the least one and joins are what laws break on most often; a generator seldom makes them.
    private T Draw(ReadOnlySpan<T> before)
    {
        var kind = _random.Next(20);
        if (kind < 2) return T.Bottom;
        if (kind < 5 && before.Length > 0) return before[_random.Next(before.Length)];
        var value = Generate();
        return kind < 9 ? T.Join(value, Generate()) : value;
    }

    private T Generate()
    {
        var value = _generate(_random);
        if (_pool.Count < PoolMax) _pool.Add(value);
        return value;
    }

    private static string? BreakCanonical(T[] values) => Image.Of(values[0]) is var first && Image.Of(values[0]) is var second && first.Equals(second) ? null : $"is written as {first}, and then as {second}";

    private static string? BreakRoundTrip(T[] values)
    {
        var written = Image.Of(values[0]);
        var read = T.Read(written.Bytes);
        if (Differ("Read(Write(a))", Image.Of(read), "a", written) is { } why) return why;
        // Where two readings are equal the type compares by what it holds, and then a reading equals the original too.
        var equality = EqualityComparer<T>.Default;
        return equality.Equals(read, T.Read(written.Bytes)) && !equality.Equals(read, values[0]) ? $"is read back as {read}: something of it is not written" : null;
    }

    private static string? BreakArguments(T[] values)
    {
        var (a, b) = (Image.Of(values[0]), Image.Of(values[1]));
        var joined = T.Join(values[0], values[1]);
        // What shares state with its arguments shows it when it is joined on.
        _ = T.Join(joined, values[1]);
        _ = T.Join(joined, T.Bottom);
        var before = Image.Of(joined);
        _ = T.Join(values[1], values[0]);
        return Differ("a before", a, "a after joining", Image.Of(values[0])) ?? Differ("b before", b, "b after joining", Image.Of(values[1])) ?? Differ("the join", before, "the join after joining its arguments again", Image.Of(joined));
    }

    private void Fail((string Name, int Count, Func<T[], string?> Break) law, T[] found, int number)
    {
        var values = found[..law.Count];
        while (_pool.Count < PoolMax) Generate();
        var pool = _pool.Concat(found).OrderBy(Image.Of).ToList();
        // Bounded: a Join that changes its arguments changes the candidates too, and they would shrink for ever.
        var shrinks = true;
        for (var round = 0; shrinks && round < ShrinksMax; round++)
        {
            shrinks = false;
            for (var place = 0; place < values.Length; place++)
                foreach (var smaller in pool.TakeWhile(candidate => Image.Of(candidate).CompareTo(Image.Of(values[place])) < 0))
                {
                    T[] tried = [.. values];
                    tried[place] = smaller;
                    if (Breaks(law.Break, tried, out _) is null) continue;
                    (values, shrinks) = (tried, true);
                    break;
                }
        }
        var why = Breaks(law.Break, values, out var thrown) ?? "does so only sometimes: it depends on something besides the arguments";
        throw Broken(law.Name, values, why, number, thrown);
    }

    [SuppressMessage("Design", "CA1031", Justification = "The app's code may throw whatever it likes: that breaks the law.")]
    private static string? Breaks(Func<T[], string?> law, T[] values, out Exception? thrown)
    {
        thrown = null;
        try { return law(values); }
        catch (Exception e)
        {
            thrown = e;
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private CrdtLawException Broken(string law, T[] values, string why, int number, Exception? thrown) =>
        new(typeof(T).Name, law, _options.Seed, number, $"{string.Join(", ", values.Select(static (value, i) => $"{(char)('a' + i)} = {value}"))}: {why}.", thrown);

    private static string? Differ(string firstName, T first, string secondName, T second) =>
        Image.Of(first) is var a && Image.Of(second) is var b && a.Equals(b) ? null : $"{firstName} = {first} [{a}], {secondName} = {second} [{b}]";

    private static string? Differ(string firstName, Image first, string secondName, Image second) =>
        first.Equals(second) ? null : $"{firstName} [{first}], {secondName} [{second}]";
}
