using Edge.Sync.Crdts.RichText;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.Undo;

/// <summary>Deletes those of the inserted characters that are still there, as <see cref="TextInsertionInverse"/> does. Their marks go with them.</summary>
/// <param name="inserted">The characters, by the names that they have now.</param>
internal sealed class RichTextInsertionInverse(DotRun[] inserted) : Inverse
{
    protected override InverseKind Tag => InverseKind.RichTextInsertion;

    protected override int Length => 2;

    public override void Apply(UndoTarget target)
    {
        var state = (RichTextState)target.State(CrdtKind.RichText);
        if (TextInsertionInverse.DeletionOf(state.Text, inserted, target.Next) is { } deletion) target.Commit(new RichTextDelta(target.Next, deletion, 0, []));
    }

    public override Inverse Rename(DotRenaming names) => TextRuns.Rename(inserted, names) is { } renamed ? new RichTextInsertionInverse(renamed) : this;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        TextRuns.Write(ref writer, inserted);
    }

    public static RichTextInsertionInverse ReadRest(ref WireReader reader) => new(TextRuns.Read(ref reader));
}
