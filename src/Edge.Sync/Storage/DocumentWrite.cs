namespace Edge.Sync.Storage;

/// <summary>What a transaction stores of a document.</summary>
/// <param name="Key">The document.</param>
/// <param name="Place">Where it is stored.</param>
/// <param name="Exists">Whether it exists.</param>
/// <param name="Tail">The changes that the stored state lacks, ascending; none with a <paramref name="State"/>.</param>
/// <param name="Version">The newest change that has a section for it.</param>
/// <param name="State">Its state as of <paramref name="Version"/>; null where the stored one is to stay.</param>
internal readonly record struct DocumentWrite(DocumentKey Key, DocumentPlace Place, bool Exists, IReadOnlyList<long> Tail, long Version, ReadOnlyMemory<byte>? State)
{
    /// <summary>Whether all sections that name it are there. One that has holes is not shown, and its state is empty.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>With a state, the newest of the changes that it holds, ascending: those that are not in the history. Valid during the call.</summary>
    public IReadOnlyList<long> Covered { get; init; } = [];

    /// <summary>With a state, the changes before those that enter the history now, ascending. Valid during the call.</summary>
    public IReadOnlyList<long> Settled { get; init; } = [];
}
