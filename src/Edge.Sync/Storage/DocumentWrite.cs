namespace Edge.Sync.Storage;

/// <summary>What a transaction stores of a document.</summary>
/// <param name="Key">The document.</param>
/// <param name="Row">The number of its row; 0 for one that has none yet.</param>
/// <param name="Exists">Whether it exists.</param>
/// <param name="Tail">All changes since its stored state, those of this transaction among them, ascending. With a <paramref name="State"/>, those that it takes up.</param>
/// <param name="Version">The newest change that has a section for it.</param>
/// <param name="State">Its state as of <paramref name="Version"/>; null where the stored one is to stay, with a longer tail. Valid during the call.</param>
internal readonly record struct DocumentWrite(DocumentKey Key, long Row, bool Exists, IReadOnlyList<long> Tail, long Version, ReadOnlyMemory<byte>? State)
{
    /// <summary>Whether all sections that name it are there. One that has holes is not shown, and its state is empty.</summary>
    public bool IsWhole { get; init; } = true;
}
