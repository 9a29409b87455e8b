namespace Edge.Sync;

/// <summary>What another version of an app would make of a log.</summary>
/// <param name="ChangeCount">Changes that were read.</param>
/// <param name="SectionCount">Edits of documents in them.</param>
/// <param name="VoidCount">Malformed sections, which no version reads.</param>
/// <param name="Findings">What that version would keep and pass on, and not show.</param>
internal sealed record PreflightReport(long ChangeCount, long SectionCount, long VoidCount, IReadOnlyList<PreflightFinding> Findings)
{
    /// <summary>Whether all is read, but for what was retired on purpose.</summary>
    public bool IsRead => Findings.All(static finding => finding.IsRetired);
}

/// <summary>Edits that a version of an app would not show.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Path">The field, and where in it; <c>#</c> and its id where nobody knows its name; empty for all of a collection.</param>
/// <param name="Found">What lies there.</param>
/// <param name="Expected">What the schema says; null where it says nothing.</param>
/// <param name="OperationCount">How many edits.</param>
/// <param name="DocumentCount">Of how many documents.</param>
/// <param name="Document">One of them.</param>
/// <param name="Last">When the last of these edits was made, by its author's clock.</param>
internal sealed record PreflightFinding(string Collection, string Path, string Found, string? Expected, long OperationCount, int DocumentCount, DocumentId Document, DateTimeOffset Last)
{
    public bool IsRetired => Expected?.StartsWith(LockedSchema.Retired, StringComparison.Ordinal) ?? false;
}
