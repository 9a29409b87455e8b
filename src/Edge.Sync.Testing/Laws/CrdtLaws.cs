using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Edge.Sync.Testing;

/// <summary>The laws that a merge rule or a lattice of one's own must obey, or replicas show different values for good.</summary>
/// <remarks>
/// <para>A lattice: <c>Join is commutative</c>, <c>Join is associative</c>, <c>Join is idempotent</c>, <c>Bottom is neutral</c>, <c>Join leaves its arguments as they are</c>, <c>Write is canonical</c>,
/// <c>Write keeps to the limit</c>, <c>Read gives back what was written</c>, <c>Read is total</c>.</para>
/// <para>A rule: <c>Merge is total</c>. Both: <c>The generator follows its Random</c>, <c>The result depends on the arguments alone</c>: repeated at once, and at the end on another thread with another culture.</para>
/// <para>Laws are looked at on cases from a seed: a type that passes may still break one on values that the generator never makes. What reads a clock in hours is not found: the analyzer ES0004 is for that.</para>
/// </remarks>
public static class CrdtLaws
{
    /// <summary>Holds a lattice against the laws.</summary>
    /// <typeparam name="T">The lattice.</typeparam>
    /// <param name="generate">Makes a value. Small ranges find more than large ones: values must meet.</param>
    /// <param name="options">Seed and number of cases; null for the defaults.</param>
    /// <exception cref="CrdtLawException">A law is broken.</exception>
    public static void Check<T>(Func<Random, T> generate, LawOptions? options = null) where T : ILattice<T>
    {
        ArgumentNullException.ThrowIfNull(generate);
        options = Valid(options);
        // What is written differently each time is another law's business.
        CheckGenerator(generate, options, static (a, b) => Image.Of(a).Equals(Image.Of(b)) || !Image.Of(a).Equals(Image.Of(a)));
        new LatticeLaws<T>(generate, options).Run();
    }

    /// <summary>Holds a merge rule against the laws, on values in canonical order as registers hand them in.</summary>
    /// <typeparam name="T">The values' type.</typeparam>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="generate">Makes a value. Small ranges find more than large ones: values must meet.</param>
    /// <param name="options">Seed and number of cases; null for the defaults.</param>
    /// <exception cref="CrdtLawException">A law is broken.</exception>
    public static void CheckRule<T, TRule>(Func<Random, T> generate, LawOptions? options = null) where TRule : IMergeRule<T>
    {
        ArgumentNullException.ThrowIfNull(generate);
        options = Valid(options);
        CheckGenerator(generate, options, EqualityComparer<T>.Default.Equals);
        new RuleLaws<T, TRule>(generate, options).Run();
    }

    /// <summary>Runs <paramref name="check"/> where nothing of the caller's surroundings is as it was: on another thread, with another culture.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "It is thrown again on the caller's thread.")]
    internal static void Elsewhere(Action check)
    {
        Exception? failed = null;
        var thread = new Thread(() =>
        {
            // Decimal comma, and digits that are grouped.
            CultureInfo.CurrentCulture = new CultureInfo("", useUserOverride: false) { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            try { check(); }
            catch (Exception e) { failed = e; }
        });
        thread.Start();
        thread.Join();
        if (failed is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed);
    }

    private static void CheckGenerator<T>(Func<Random, T> generate, LawOptions options, Func<T, T, bool> same)
    {
        var (first, second) = (new Random(options.Seed), new Random(options.Seed));
        for (var i = 0; i < Math.Min(20, options.Cases); i++)
        {
            var (a, b) = (generate(first), generate(second));
            if (!same(a, b)) throw new CrdtLawException(typeof(T).Name, "The generator follows its Random", options.Seed, i, $"one and the same Random gave {a} and then {b}.", null);
        }
    }

    private static LawOptions Valid(LawOptions? options)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Cases);
        return options;
    }
}
