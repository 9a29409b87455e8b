using Edge.Sync.Crdts.RichText;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.Undo;

/// <summary>Inserts deleted characters again where they stood, as <see cref="TextDeletionInverse"/> does, with the marks that they had.</summary>
/// <remarks>Marks are written where the place does not give them, so that a mark whose text was all deleted is there again.</remarks>
/// <param name="stretches">The characters.</param>
/// <param name="spans">The marks of each stretch.</param>
internal sealed class RichTextDeletionInverse(TextDeletionInverse.Stretch[] stretches, List<MarkSpan>[] spans) : Inverse
{
    protected override InverseKind Tag => InverseKind.RichTextDeletion;

    protected override int Length => 3;

    public static RichTextDeletionInverse? Of(RichTextState? before, TextDelta delta) => before is null ? null : Of(before, before.Text.VisibleStretches(delta.Deleted));

    /// <summary>Brings back all that <paramref name="source"/> shows.</summary>
    public static RichTextDeletionInverse? OfAll(RichTextState source) => Of(source, source.Length == 0 ? [] : [(0, source.Length)]);

    private static RichTextDeletionInverse? Of(RichTextState before, List<(int Index, int Length)> places) => places.Count == 0 ? null
        : new(TextDeletionInverse.StretchesOf(before.Text, places), [.. places.Select(p => before.Spans(p.Index, p.Length))]);

    public override void Apply(UndoTarget target)
    {
        for (var i = 0; i < stretches.Length; i++)
        {
            var (stretch, marks) = (stretches[i], spans[i]);
            TextDeletionInverse.Apply(target, stretch, ((RichTextState)target.State(CrdtKind.RichText)).Text, (index, start, length) =>
                ((RichTextState)target.State(CrdtKind.RichText)).Insert(target.Next, index, stretch.Text.AsSpan(start, length), MarkSpan.Cut(marks, start, length)));
        }
    }

    public override Inverse Rename(DotRenaming names) => TextDeletionInverse.Rename(stretches, names) is { } renamed ? new RichTextDeletionInverse(renamed, spans) : this;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        TextDeletionInverse.Write(ref writer, stretches);
        writer.Raw.WriteArrayHeader(spans.Length);
        foreach (var ofStretch in spans)
        {
            writer.Raw.WriteArrayHeader(ofStretch.Count * 2);
            foreach (var span in ofStretch)
            {
                writer.Raw.Write(span.Length);
                writer.Raw.WriteArrayHeader(span.Marks.Length * 3);
                foreach (var mark in span.Marks) MarkInverse.Write(ref writer, mark);
            }
        }
    }

    public static RichTextDeletionInverse ReadRest(ref WireReader reader)
    {
        var stretches = TextDeletionInverse.ReadStretches(ref reader);
        reader.ReadArrayHeader("inverse.spans", stretches.Length, exactly: true);
        var spans = new List<MarkSpan>[stretches.Length];
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i] = [];
            var start = 0;
            for (var left = reader.ReadArrayHeader("inverse.spans") / 2; left > 0; left--)
            {
                var length = reader.ReadInt32("inverse.spans", 1, stretches[i].Text.Length - start);
                var marks = new MarkValue[reader.ReadArrayHeader("inverse.marks") / 3];
                for (var j = 0; j < marks.Length; j++) marks[j] = MarkInverse.ReadValue(ref reader);
                spans[i].Add(new(start, length, marks));
                start += length;
            }
        }
        return new(stretches, spans);
    }
}
