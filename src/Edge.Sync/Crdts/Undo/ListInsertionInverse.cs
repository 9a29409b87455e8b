using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.Undo;

/// <summary>Deletes those of the inserted elements that are still there, wherever they are by then and whatever they were set to.</summary>
/// <param name="inserted">The elements, by the names that they have now.</param>
internal sealed class ListInsertionInverse(DotRun[] inserted) : Inverse
{
    protected override InverseKind Tag => InverseKind.ListInsertion;

    protected override int Length => 2;

    public static ListInsertionInverse Of(ListDelta delta) => new([new(delta.First, 1, delta.Values.Length)]);

    public override void Apply(UndoTarget target)
    {
        var list = (ListState)target.State(CrdtKind.List);
        var indices = new SortedSet<int>();
        foreach (var run in inserted)
            for (var i = 0; i < run.Count; i++)
                if (list.IndexOf(run[i], out var isVisible) is var index && isVisible) indices.Add(index);
        if (indices.Count > 0) target.Commit(list.Delete(target.Next, [.. indices]));
    }

    public override Inverse Rename(DotRenaming names) => TextRuns.Rename(inserted, names) is { } renamed ? new ListInsertionInverse(renamed) : this;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        TextRuns.Write(ref writer, inserted);
    }

    public static ListInsertionInverse ReadRest(ref WireReader reader) => new(TextRuns.Read(ref reader));
}
