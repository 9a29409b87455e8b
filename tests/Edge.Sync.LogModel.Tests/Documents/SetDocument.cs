namespace Edge.Sync.LogModel.Documents;

/// <summary>An add-wins set: a removal names the dots that its author saw.</summary>
internal sealed class SetDocument : Document
{
    private readonly (int Change, int Element)[] _dots;

    private SetDocument((int Change, int Element)[] dots)
    {
        _dots = dots;
        VisibleChanges = [.. dots.Select(static d => d.Change)];
        Visible = string.Concat(dots.Select(static d => (char)('a' + d.Element)).Distinct().Order());
    }

    public static SetDocument Empty { get; } = new([]);

    public override string Visible { get; }

    public override IReadOnlyList<int> VisibleChanges { get; }

    public override Document Apply(ReadOnlySpan<Change> changes, ChangeSet voids, in FoldContext context)
    {
        var dots = new List<(int Change, int Element)>(_dots);
        foreach (var change in changes)
        {
            if (voids.Contains(change.Index)) continue;
            if (change.Operation.Kind == OperationKind.Put) dots.Add((change.Index, change.Operation.Value));
            dots.RemoveAll(d => change.Operation.Removes.Contains(d.Change));
        }
        return new SetDocument([.. dots]);
    }
}
