namespace Edge.Sync;

/// <summary>What decided between two edits that did not know of each other.</summary>
public enum ConflictRule
{
    /// <summary>Of two values of one field the later is shown, by hybrid time, then by replica. The other lost.</summary>
    LatestWins = 0,

    /// <summary>An edit won over a deletion: the document is there. The deletion lost.</summary>
    EditWins = 1,

    /// <summary>A deletion won over an edit: the document is gone. The edit lost.</summary>
    DeletionWins = 2,

    /// <summary>The class has a rule of its own for the field (<see cref="Register{T, TRule}"/>), which shows something else than this value.</summary>
    MergeRule = 3,

    /// <summary>Two documents have one value of a property with <see cref="UniqueClaimAttribute"/>, and the deepest claim bears it (<see cref="DeepestHold"/>). The other lost.</summary>
    NameTaken = 4,
}
