using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.Undo;

/// <summary>Deletes those of the inserted characters that are still there.</summary>
/// <param name="inserted">The characters, by the names that they have now.</param>
internal sealed class TextInsertionInverse(DotRun[] inserted) : Inverse
{
    protected override InverseKind Tag => InverseKind.TextInsertion;

    protected override int Length => 2;

    public static TextInsertionInverse Of(TextDelta delta) => new([new(delta.First, 1, delta.Text.Length)]);

    public override void Apply(UndoTarget target)
    {
        if (DeletionOf((TextState)target.State(CrdtKind.Text), inserted, target.Next) is { } delta) target.Commit(delta);
    }

    /// <summary>Deletes characters by their names, as far as they are visible; null where none is.</summary>
    internal static TextDelta? DeletionOf(TextState text, DotRun[] inserted, Dot next)
    {
        var visible = new List<Dot>();
        foreach (var run in inserted)
            for (var i = 0; i < run.Count; i++)
                if (text.IndexOf(run[i], out var isVisible) >= 0 && isVisible) visible.Add(run[i]);
        if (visible.Count == 0) return null;
        visible.Sort(static (a, b) => a.Replica != b.Replica ? a.Replica.CompareTo(b.Replica) : a.Counter.CompareTo(b.Counter));
        var ranges = new List<DotRange>();
        foreach (var dot in visible)
            if (ranges.Count > 0 && ranges[^1].First.Replica == dot.Replica && ranges[^1].LastCounter + 1 == dot.Counter) ranges[^1] = new(ranges[^1].First, ranges[^1].Extent + 1);
            else ranges.Add(new(dot, 0));
        return TextDelta.Deletion(next, [.. ranges]);
    }

    public override Inverse Rename(DotRenaming names)
    {
        var renamed = TextRuns.Rename(inserted, names);
        return renamed is null ? this : new TextInsertionInverse(renamed);
    }

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        TextRuns.Write(ref writer, inserted);
    }

    public static TextInsertionInverse ReadRest(ref WireReader reader) => new(TextRuns.Read(ref reader));
}
