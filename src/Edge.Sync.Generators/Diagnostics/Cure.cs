namespace Edge.Sync.Generators.Diagnostics;

/// <summary>What a diagnostic tells the code fixes: which of them helps.</summary>
internal static class Cure
{
    /// <summary>The name of the property of a diagnostic that holds one of the values below.</summary>
    public const string Key = "cure";

    /// <summary>Write <c>partial</c> at the declaration.</summary>
    public const string Partial = "partial";

    /// <summary>Remove the setter of the property.</summary>
    public const string GetOnly = "get only";

    /// <summary>Put the expression into a local variable before the statement.</summary>
    public const string Local = "local";
}
