namespace Edge.Sync.Documents.Undo;

/// <summary>What could not be taken back, and why.</summary>
/// <param name="Key">The document.</param>
/// <param name="FieldId">The field; 0 for the document as a whole.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct UndoNote(DocumentKey Key, uint FieldId, UndoObstacleReason Reason);
