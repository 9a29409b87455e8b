namespace Edge.Sync.Crdts;

/// <summary>A deletion of a document that nobody has answered yet who knew it.</summary>
/// <param name="Dot">Who deleted.</param>
/// <param name="Stamp">When.</param>
/// <param name="Wins">Whether it wins over edits that did not know it.</param>
internal readonly record struct Deletion(Dot Dot, HybridTimestamp Stamp, bool Wins);
