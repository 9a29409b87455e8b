namespace Edge.Sync.LogModel.Documents;

/// <summary>What a document needs to know besides the changes.</summary>
/// <param name="Universe">Where changes are looked up.</param>
/// <param name="Rules">The rules in force.</param>
/// <param name="WallClock">The clock of the replica that folds: only a broken rule looks at it.</param>
/// <param name="Times">What stamps are compared as, where that is not what they say.</param>
internal readonly record struct FoldContext(Universe Universe, Rules Rules, int WallClock, IReadOnlyDictionary<int, int>? Times = null)
{
    public int TimeOf(Change change) => Times?.GetValueOrDefault(change.Index, change.Time) ?? change.Time;
}

/// <summary>
/// The state of the one document of a world: what the log folds to. Just rich enough to show what goes wrong without a rule. Immutable.
/// </summary>
internal abstract class Document
{
    /// <summary>What a reader sees. Equal logs must give equal texts, folded or not.</summary>
    public abstract string Visible { get; }

    /// <summary>Changes that stand in the visible state, in its order: what a next edit may refer to.</summary>
    public abstract IReadOnlyList<int> VisibleChanges { get; }

    /// <summary>Changes that no reader sees but that are still kept, such as tombstones.</summary>
    public virtual IReadOnlyList<int> HiddenChanges => [];

    /// <summary>The state with <paramref name="changes"/>, which come in causal order; those in <paramref name="voids"/> are without effect.</summary>
    public abstract Document Apply(ReadOnlySpan<Change> changes, ChangeSet voids, in FoldContext context);

    /// <summary>Drops what only a change concurrent to <paramref name="settled"/> could refer to: tombstones, undo information.</summary>
    /// <param name="settled">Changes that everything which is not in this state yet follows.</param>
    /// <param name="voids">Those that are void already for whoever holds <paramref name="settled"/>.</param>
    /// <param name="context">Where and how it is folded.</param>
    public virtual Document Compact(ChangeSet settled, ChangeSet voids, in FoldContext context) => this;

    /// <summary>The state without one of two documents: of that nothing is left, and nobody sees it again.</summary>
    public virtual Document Erase(int document) => this;
}
