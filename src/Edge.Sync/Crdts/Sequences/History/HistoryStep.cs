namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>What the deltas of a step do.</summary>
internal enum StepKind
{
    /// <summary>Each inserts behind the one before.</summary>
    Insert,

    /// <summary>Each deletes what stands before the cursor: the backspace key.</summary>
    DeleteBefore,

    /// <summary>Each deletes what stands behind the cursor.</summary>
    DeleteBehind,

    /// <summary>One delta that refers to what is not visible where all edits so far are merged: its references are written out.</summary>
    Explicit,
}

/// <summary>Deltas of one author that do the same again and again, each where the one before left the cursor.</summary>
/// <remarks>In the order in which <see cref="StepCoder{TBits}"/> codes them; author and heads come before.</remarks>
internal struct HistoryStep
{
    public StepKind Kind;

    /// <summary>Of an explicit step: whether it deletes.</summary>
    public bool IsDeletion;

    /// <summary>How many code units each delta inserts or deletes; of an explicit deletion, how many ranges it has.</summary>
    public int Unit;

    /// <summary>How many deltas there are.</summary>
    public int Repeat;

    /// <summary>How many counters the author left out before the first delta.</summary>
    public ulong FirstGap;

    /// <summary>The same before each of the others.</summary>
    public ulong Gap;

    /// <summary>From the author's cursor to the place of the first delta, in visible code units. Explicit: from the next ordinal back to the parent.</summary>
    public long Jump;

    public readonly bool Deletes => Kind is StepKind.DeleteBefore or StepKind.DeleteBehind || (Kind == StepKind.Explicit && IsDeletion);
}
