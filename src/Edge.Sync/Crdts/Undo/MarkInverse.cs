using Edge.Sync.Crdts.RichText;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.Undo;

/// <summary>Gives characters the marks back that they had under the key, while they show what the edit wrote.</summary>
/// <param name="entries">Stretches of characters that were alike.</param>
internal sealed class MarkInverse(MarkInverse.Entry[] entries) : Inverse
{
    protected override InverseKind Tag => InverseKind.Mark;

    protected override int Length => 2;

    /// <param name="Written">What the edit wrote; nil where it took away.</param>
    /// <param name="Previous">What was there before; nil for nothing.</param>
    /// <param name="Characters">By the names that they have now.</param>
    internal readonly record struct Entry(ValueBytes Written, MarkValue Previous, DotRun[] Characters);

    public static MarkInverse? Of(RichTextState? before, RichTextDelta delta)
    {
        var entries = new List<Entry>();
        foreach (ref readonly var mark in delta.Marks)
        {
            if (before is null || before.RangeOf(mark) is not { Count: > 0 } range) continue;
            foreach (var span in before.Spans(range.Index, range.Count))
            {
                // Text typed beside what is taken back is as it was before the edit: there nothing grows but what grew.
                var previous = Find(span, mark.Key) ?? new(mark.Key, MarkOperation.Nil, mark.Expansion);
                if (!previous.Value.Equals(mark.Value)) entries.Add(new(mark.Value, previous, [.. before.Text.RunsOf(range.Index + span.Start, span.Length)]));
            }
        }
        return entries.Count > 0 ? new([.. entries]) : null;
    }

    public override void Apply(UndoTarget target)
    {
        var state = (RichTextState)target.State(CrdtKind.RichText);
        var spans = state.Spans();
        var marks = new List<MarkOperation>();
        var isOverwritten = false;
        foreach (var entry in entries)
        {
            var indexes = new List<int>();
            foreach (var run in entry.Characters)
                for (var i = 0; i < run.Count; i++)
                {
                    if (state.Text.IndexOf(run[i], out var isVisible) is var index && !isVisible) continue;
                    if ((Find(spans[SpanAt(spans, index)], entry.Previous.Key)?.Value ?? MarkOperation.Nil).Equals(entry.Written)) indexes.Add(index);
                    else isOverwritten = true;
                }
            indexes.Sort();
            for (int from = 0, to; from < indexes.Count; from = to)
            {
                for (to = from + 1; to < indexes.Count && indexes[to] == indexes[to - 1] + 1;) to++;
                marks.Add(state.Operation(indexes[from], to - from, entry.Previous));
            }
        }
        if (isOverwritten) target.Refuse(UndoObstacleReason.Overwritten);
        if (marks.Count > 0) target.Commit(state.Marks(target.Next, [.. marks]));
    }

    public override Inverse Rename(DotRenaming names)
    {
        var renamed = Array.ConvertAll(entries, e => TextRuns.Rename(e.Characters, names) is { } characters ? e with { Characters = characters } : e);
        return renamed.AsSpan().SequenceEqual(entries) ? this : new MarkInverse(renamed);
    }

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        writer.Raw.WriteArrayHeader(entries.Length * 5);
        foreach (var (written, previous, characters) in entries)
        {
            writer.WriteValue(written);
            Write(ref writer, previous);
            TextRuns.Write(ref writer, characters);
        }
    }

    public static MarkInverse ReadRest(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("inverse.marks");
        if (length % 5 != 0) throw reader.Malformed("inverse.marks", "one is cut short");
        var entries = new Entry[length / 5];
        for (var i = 0; i < entries.Length; i++) entries[i] = new(reader.ReadValue("inverse.written"), ReadValue(ref reader), TextRuns.Read(ref reader));
        return new(entries);
    }

    /// <summary>Three values: key, value, expansion.</summary>
    internal static void Write(ref WireWriter writer, MarkValue mark)
    {
        writer.Raw.Write(mark.Key);
        writer.WriteValue(mark.Value);
        writer.Raw.Write((int)mark.Expansion);
    }

    internal static MarkValue ReadValue(ref WireReader reader) => new(MarkOperation.ReadKey(ref reader, "inverse.key"), reader.ReadValue("inverse.value"),
        (MarkExpansion)reader.ReadInt32("inverse.expansion", 0, (int)MarkExpansion.Both));

    private static MarkValue? Find(MarkSpan span, string key)
    {
        foreach (var mark in span.Marks)
            if (mark.Key == key) return mark;
        return null;
    }

    private static int SpanAt(List<MarkSpan> spans, int index)
    {
        int low = 0, high = spans.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (spans[middle].Start <= index) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}
