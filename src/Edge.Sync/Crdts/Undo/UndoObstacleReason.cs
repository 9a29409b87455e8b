namespace Edge.Sync;

/// <summary>Why a part of a step could not be taken back, or done again.</summary>
public enum UndoObstacleReason
{
    /// <summary>Another write has replaced it since: what is there now is not this history's.</summary>
    Overwritten = 0,

    /// <summary>What it changed is gone: its key, node or counter was removed since.</summary>
    Removed = 1,

    /// <summary>Others contributed to the same thing since, and their part stays: an element that they added too, a key that they wrote under.</summary>
    HeldByOthers = 2,

    /// <summary>The type cannot take anything back, by its definition: what only grows, rises, falls or is appended to, and rights handed over.</summary>
    ByDefinition = 3,

    /// <summary>This replica does not hold as many rights of a bounded counter as it would take.</summary>
    RightsMissing = 4,

    /// <summary>The document was deleted since; taking back an edit does not revive it.</summary>
    DocumentDeleted = 5,

    /// <summary>The edit was larger than an undo history keeps.</summary>
    TooLarge = 6,

    /// <summary>The place that it would go back to is no longer there.</summary>
    PlaceGone = 7,
}
