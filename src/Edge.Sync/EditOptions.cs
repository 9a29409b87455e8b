namespace Edge.Sync;

/// <summary>How edits are written. Given once to <see cref="DocumentSet{T}.With"/> rather than to each call.</summary>
public sealed record EditOptions
{
    /// <summary>Why the change is made, in the app's words; kept in the change's metadata.</summary>
    /// <value>The default is null: nothing is said.</value>
    public string? Intent { get; init; }

    /// <summary>Who makes the change, in the app's words; kept in the change's metadata. At most 256 bytes of UTF-8.</summary>
    /// <value>The default is null: as <see cref="EdgeDatabase.Author"/> says.</value>
    public string? Author { get; init; }

    /// <summary>The history in which the edit can be taken back; it must be of the same database.</summary>
    /// <value>The default is null: the edit is in no history, as befits what a machine writes.</value>
    public UndoHistory? Undo { get; init; }
}
