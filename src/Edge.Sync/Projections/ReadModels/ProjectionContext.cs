namespace Edge.Sync;

/// <summary>What is known of an event that is folded. The same on every replica.</summary>
/// <param name="Stream">The stream: often the id of the document that the event is about.</param>
/// <param name="Replica">The replica that wrote it.</param>
/// <param name="At">When, by that replica's clock.</param>
public readonly record struct ProjectionContext(DocumentId Stream, ReplicaId Replica, DateTimeOffset At);
