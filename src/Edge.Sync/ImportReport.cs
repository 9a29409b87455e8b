namespace Edge.Sync;

/// <summary>What an import of changes has done.</summary>
public sealed class ImportReport
{
    internal ImportReport() { }

    /// <summary>Changes that are in the database now and were not before.</summary>
    public required long TakenCount { get; init; }

    /// <summary>Changes that were there already.</summary>
    public required long KnownCount { get; init; }

    /// <summary>Changes that were not taken, since they follow some that are not there, or their seal is not in the file. Sync with a peer that has those, and import again.</summary>
    public required long WaitingCount { get; init; }
}
