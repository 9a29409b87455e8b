using System.Globalization;

namespace Edge.Sync.Testing;

/// <summary>A type breaks a law that replicas rely on. The message names the law, the seed and the smallest counterexample that was found.</summary>
public sealed class CrdtLawException : Exception
{
    internal CrdtLawException(string type, string law, int seed, int number, string counterexample, Exception? innerException)
        : base(string.Create(CultureInfo.InvariantCulture, $"{type} breaks the law '{law}' (seed {seed}, case {number}). Smallest counterexample found: {counterexample}"), innerException) =>
        (Law, Seed, Case, Counterexample) = (law, seed, number, counterexample);

    /// <summary>The law, such as <c>Join is commutative</c>; the names are listed at <see cref="CrdtLaws"/>.</summary>
    public string Law { get; }

    /// <summary>The seed that finds it again: <see cref="LawOptions.Seed"/>.</summary>
    public int Seed { get; }

    /// <summary>Which of the seed's cases broke it first, from 0 on.</summary>
    public int Case { get; }

    /// <summary>The smallest values found that break it, and what came of them.</summary>
    public string Counterexample { get; }
}
