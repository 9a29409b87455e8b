namespace Edge.Sync.Testing;

/// <summary>How long laws are looked at, and from which seed.</summary>
public sealed record LawOptions
{
    /// <summary>Where the cases come from: the same seed gives the same ones.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>How many cases are drawn; each is held against every law.</summary>
    /// <value>The default is 1,000, which takes some milliseconds for a small type.</value>
    public int Cases { get; init; } = 1_000;
}
