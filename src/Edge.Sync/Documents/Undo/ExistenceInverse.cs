namespace Edge.Sync.Documents.Undo;

/// <summary>What a change did to a document's existence, as its author saw it.</summary>
/// <param name="WasThere">Whether the document existed before.</param>
/// <param name="IsThere">Whether it existed afterwards.</param>
/// <param name="Own">The dot by which the change said so, or deleted it.</param>
/// <param name="Before">The dot by which the same author had said so, or deleted it, before; counter 0 where there was none.</param>
/// <param name="Wins">Whether the document had been deleted by a deletion that wins.</param>
internal readonly record struct ExistenceInverse(bool WasThere, bool IsThere, Dot Own, Dot Before, bool Wins);
