namespace Edge.Sync.Crdts.Sequences;

/// <summary>What is known of a run beside its numbers.</summary>
[Flags]
internal enum RunFlags
{
    None = 0,

    /// <summary>Its characters are deleted: they keep their place for those who still refer to them, and no text.</summary>
    Deleted = 1,

    /// <summary>Its first character is a left child of its parent; otherwise a right one.</summary>
    LeftChild = 2,

    /// <summary>Its first character has left children.</summary>
    HasLeft = 4,

    /// <summary>Its last character has right children.</summary>
    HasRight = 8,

    /// <summary>The left children of its first character stand in a <see cref="SiblingSet"/> too.</summary>
    IndexedLeft = 16,

    /// <summary>The right children of its last character stand in a <see cref="SiblingSet"/> too.</summary>
    IndexedRight = 32,
}

/// <summary>
/// Characters with consecutive ordinals of which each is the only right child of the one before: what somebody typed without moving away.
/// </summary>
/// <remarks>
/// Invariants: only the first character has left children, only the last has right children other than its successor in the run, and all
/// are deleted or none is. An <em>ordinal</em> is the place of a character in the order of arrival; it never leaves this replica.
/// </remarks>
internal struct Run
{
    public int First;
    public int Length;

    /// <summary>The ordinal of the parent of the first character; -1 for the root.</summary>
    public int Parent;

    /// <summary>The leaf of <see cref="RunOrder"/> that holds the run.</summary>
    public int Leaf;

    /// <summary>The run that holds the ordinal after the last one; -1 at the end.</summary>
    public int Next;

    /// <summary>The sibling on the same side that is next farther from the parent; -1 for the outermost.</summary>
    public int NextSibling;

    public RunFlags Flags;

    public readonly int End => First + Length;

    public readonly int Last => First + Length - 1;

    public readonly bool IsDeleted => (Flags & RunFlags.Deleted) != 0;

    public readonly bool IsLeftChild => (Flags & RunFlags.LeftChild) != 0;

    /// <summary>The length in visible text.</summary>
    public readonly int Width => IsDeleted ? 0 : Length;

    public readonly bool Has(RunFlags flag) => (Flags & flag) != 0;
}
