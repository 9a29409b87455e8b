namespace Edge.Sync.LogModel.Documents;

/// <summary>Two documents, of which the second may be erased.</summary>
internal sealed class PairDocument(Document first, Document second, bool isErased = false) : Document
{
    public override string Visible { get; } = first.Visible + " and " + (isErased ? "nothing" : second.Visible);

    public override IReadOnlyList<int> VisibleChanges { get; } = isErased ? first.VisibleChanges : [.. first.VisibleChanges, .. second.VisibleChanges];

    public override Document Apply(ReadOnlySpan<Change> changes, ChangeSet voids, in FoldContext context) =>
        new PairDocument(first.Apply(Of(changes, 0), voids, context), second.Apply(Of(changes, 1), voids, context), isErased);

    public override Document Compact(ChangeSet settled, ChangeSet voids, in FoldContext context) =>
        new PairDocument(first.Compact(settled, voids, context), second.Compact(settled, voids, context), isErased);

    public override Document Erase(int document) => document == 1 ? new PairDocument(first, second, isErased: true) : this;

    private static Change[] Of(ReadOnlySpan<Change> changes, int document)
    {
        var kept = new List<Change>();
        foreach (var change in changes)
            if (change.Operation.Document == document) kept.Add(change);
        return [.. kept];
    }
}
