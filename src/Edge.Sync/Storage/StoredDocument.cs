namespace Edge.Sync.Storage;

/// <summary>What is stored of a document: a state that may lie behind, and which changes of the log are to be joined to it.</summary>
/// <param name="Place">Where it is stored.</param>
/// <param name="State">The state; null while only changes are stored.</param>
/// <param name="Covers">The newest change that the state holds; 0 where there is no state.</param>
/// <param name="Tail">The changes after it that have a section for the document, ascending.</param>
internal sealed record StoredDocument(DocumentPlace Place, byte[]? State, long Covers, long[] Tail)
{
    /// <summary>Whether all sections that name it are there. One that has holes counts as empty, whatever else is stored of it.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>The newest of the changes that the state holds, ascending: those that are not in the history.</summary>
    public IReadOnlyList<long> Covered { get; init; } = [];
}
