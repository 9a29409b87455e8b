namespace Edge.Sync.LogModel.Documents;

/// <summary>
/// Text with tombstones: each character after its author's visible left neighbour, newer ones first among those that stand after one (RGA; Roh et al., 2011).
/// </summary>
/// <remarks>Newer is a greater depth, so that what follows a fold stands directly after its neighbour whether or not tombstones were there.</remarks>
internal sealed class TextDocument : Document
{
    private readonly List<Character> _characters;
    private readonly bool _isLost;

    private TextDocument(List<Character> characters, bool isLost)
    {
        (_characters, _isLost) = (characters, isLost);
        VisibleChanges = [.. characters.Where(static c => c.IsVisible).Select(static c => c.Change)];
        HiddenChanges = [.. characters.Where(static c => !c.IsVisible).Select(static c => c.Change)];
        Visible = string.Concat(characters.Where(static c => c.IsVisible).Select(static c => c.Letter)) + (isLost ? Unplaceable : "");
    }

    /// <summary>Ends a text of which some character could not be placed.</summary>
    public const string Unplaceable = "?";

    public static TextDocument Empty { get; } = new([], false);

    public override string Visible { get; }

    public override IReadOnlyList<int> VisibleChanges { get; }

    public override IReadOnlyList<int> HiddenChanges { get; }

    public override Document Apply(ReadOnlySpan<Change> changes, ChangeSet voids, in FoldContext context)
    {
        var characters = new List<Character>(_characters);
        var isLost = _isLost;
        foreach (var change in changes)
        {
            var isVoid = voids.Contains(change.Index);
            if (isVoid && !context.Rules.VoidNotExcised) continue;
            switch (change.Operation.Kind)
            {
                case OperationKind.Insert: isLost |= !Insert(characters, change, isVoid); break;
                case OperationKind.Delete when !isVoid:
                    var at = characters.FindIndex(c => c.Change == change.Operation.Target);
                    if (at >= 0) characters[at] = characters[at] with { IsVisible = false, Deletes = characters[at].Deletes.With(change.Index) };
                    break;
                default: break;
            }
        }
        return new TextDocument(characters, isLost);
    }

    /// <remarks>What goes is older than all that is yet to come, and so is what stands behind it: new text finds the same place with it and without.</remarks>
    public override Document Compact(ChangeSet settled, ChangeSet voids, in FoldContext context) =>
        new TextDocument([.. _characters.Where(c => c.IsVisible || !(c.Deletes.Overlaps(settled) || voids.Contains(c.Change)))], _isLost);

    private static bool Insert(List<Character> characters, Change change, bool isVoid)
    {
        var place = 0;
        if (change.Operation.Target >= 0)
        {
            place = characters.FindIndex(c => c.Change == change.Operation.Target) + 1;
            // What a void insert stood beside may have been folded away; nobody sees it, and nobody can refer to it any more.
            if (place == 0) return isVoid;
        }
        while (place < characters.Count && characters[place].IsNewerThan(change.Depth, change.Id)) place++;
        characters.Insert(place, new(change.Index, change.Depth, change.Id, (char)('a' + change.Operation.Value), !isVoid, ChangeSet.Empty));
        return true;
    }

    private readonly record struct Character(int Change, int Depth, UInt128 Id, char Letter, bool IsVisible, ChangeSet Deletes)
    {
        public bool IsNewerThan(int depth, UInt128 id) => Depth != depth ? Depth > depth : Id > id;
    }
}
