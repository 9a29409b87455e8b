namespace Edge.Sync;

/// <summary>What <see cref="UndoHistory.UndoAsync"/> or <see cref="UndoHistory.RedoAsync"/> did.</summary>
public sealed class UndoResult
{
    internal UndoResult(Receipt? receipt, IReadOnlyList<UndoObstacle> obstacles) => (Receipt, Obstacles) = (receipt, obstacles);

    /// <summary>The receipt of the change that took the step back; null where there was no step.</summary>
    public Receipt? Receipt { get; }

    /// <summary>Whether anything was changed.</summary>
    public bool Changed => Receipt?.ChangeId is not null;

    /// <summary>What of the step could not be taken back, and why; empty where all was.</summary>
    public IReadOnlyList<UndoObstacle> Obstacles { get; }
}

/// <summary>A part of a step that could not be taken back.</summary>
/// <param name="Collection">The document's collection.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Field">The field's wire name; null for the document as a whole, or where the class is not known to this database object.</param>
/// <param name="Reason">Why.</param>
public sealed record UndoObstacle(string Collection, DocumentId DocumentId, string? Field, UndoObstacleReason Reason);
