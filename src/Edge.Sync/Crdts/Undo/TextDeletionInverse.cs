using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.Undo;

/// <summary>Inserts deleted characters again where they stood, under new dots.</summary>
/// <remarks>
/// <para>Where they stood is known by their own deleted selves, and by the two characters between which they stood: each alone would do on one
/// replica, but for what else is deleted and back again nearby. The new place is that of the deleted self, moved between the two as far as
/// these are there.</para>
/// <para>A deletion leaves nothing that tells who else deleted the same character: it comes back whoever else did.</para>
/// </remarks>
internal sealed class TextDeletionInverse(TextDeletionInverse.Stretch[] stretches) : Inverse
{
    protected override InverseKind Tag => InverseKind.TextDeletion;

    protected override int Length => 2;

    /// <summary>Deleted characters that stood next to each other, in their order.</summary>
    /// <param name="Left">The character before them; counter 0 at the start of the text.</param>
    /// <param name="Right">The character behind them; counter 0 at the end of the text.</param>
    /// <param name="Runs">Their names.</param>
    /// <param name="Text">They themselves.</param>
    internal readonly record struct Stretch(Dot Left, Dot Right, DotRun[] Runs, string Text);

    public static TextDeletionInverse? Of(TextState? before, TextDelta delta) => before is null ? null : Of(before, before.VisibleStretches(delta.Deleted));

    /// <summary>Brings back all that <paramref name="source"/> shows.</summary>
    public static TextDeletionInverse? OfAll(TextState source) => Of(source, source.Length == 0 ? [] : [(0, source.Length)]);

    private static TextDeletionInverse? Of(TextState before, List<(int Index, int Length)> places) => places.Count == 0 ? null : new(StretchesOf(before, places));

    internal static Stretch[] StretchesOf(TextState before, List<(int Index, int Length)> places)
    {
        var content = before.ToString();
        return [.. places.Select(p => new Stretch(before.DotOfCharacter(p.Index - 1), before.DotOfCharacter(p.Index + p.Length),
            [.. before.RunsOf(p.Index, p.Length)], content.Substring(p.Index, p.Length)))];
    }

    public override void Apply(UndoTarget target)
    {
        foreach (var stretch in stretches)
            Apply(target, stretch, (TextState)target.State(CrdtKind.Text),
                (index, start, length) => ((TextState)target.State(CrdtKind.Text)).Insert(target.Next, index, stretch.Text.AsSpan(start, length)));
    }

    /// <param name="target">Where it is applied.</param>
    /// <param name="stretch">What to insert.</param>
    /// <param name="text">The text as it is.</param>
    /// <param name="insert">Gives the delta that inserts, at an index, so many characters of the stretch from a start on.</param>
    internal static void Apply(UndoTarget target, Stretch stretch, TextState text, Func<int, int, int, Delta> insert)
    {
        var low = text.IndexOf(stretch.Left, out var hasLeft) is var left && hasLeft ? left + 1 : 0;
        var high = text.IndexOf(stretch.Right, out var hasRight) is var right && hasRight ? right : text.Length;
        var dots = new Dot[stretch.Text.Length];
        var places = new int[dots.Length];
        var i = 0;
        foreach (var run in stretch.Runs)
            for (var j = 0; j < run.Count; j++, i++)
            {
                dots[i] = run[j];
                var place = text.IndexOf(run[j], out _);
                places[i] = Math.Clamp(place < 0 ? low : place, low, Math.Max(low, high));
            }
        for (int start = 0, end; start < dots.Length; start = end)
        {
            for (end = start + 1; end < dots.Length && places[end] <= places[start];) end++;
            // What was inserted by the turns before stands to the left.
            var delta = insert(places[start] + start, start, end - start);
            target.Commit(delta);
            for (i = start; i < end; i++) target.Renamed.Add(dots[i], delta.First.Plus((ulong)(i - start)));
        }
    }

    /// <summary>The deleted characters keep their names: nothing but this brings them to life. Those beside them may have new ones.</summary>
    public override Inverse Rename(DotRenaming names)
    {
        var renamed = Rename(stretches, names);
        return renamed is null ? this : new TextDeletionInverse(renamed);
    }

    /// <summary>Null where none has another name.</summary>
    internal static Stretch[]? Rename(Stretch[] stretches, DotRenaming names) =>
        Array.Exists(stretches, s => names.TryGet(s.Left, out _) || names.TryGet(s.Right, out _))
            ? Array.ConvertAll(stretches, s => s with { Left = names.Of(s.Left), Right = names.Of(s.Right) }) : null;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        Write(ref writer, stretches);
    }

    internal static void Write(ref WireWriter writer, Stretch[] stretches)
    {
        writer.Raw.WriteArrayHeader(stretches.Length * 4);
        foreach (var (left, right, runs, text) in stretches)
        {
            WriteOptional(ref writer, left);
            WriteOptional(ref writer, right);
            TextRuns.Write(ref writer, runs);
            writer.Raw.Write(text);
        }
    }

    public static TextDeletionInverse ReadRest(ref WireReader reader) => new(ReadStretches(ref reader));

    internal static Stretch[] ReadStretches(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("inverse.stretches");
        if (length % 4 != 0) throw reader.Malformed("inverse.stretches", "one is cut short");
        var stretches = new Stretch[length / 4];
        for (var i = 0; i < stretches.Length; i++)
        {
            stretches[i] = new(ReadOptional(ref reader, "inverse.left"), ReadOptional(ref reader, "inverse.right"), TextRuns.Read(ref reader), reader.ReadString("inverse.text"));
            if (TextRuns.CountOf(stretches[i].Runs) != stretches[i].Text.Length || stretches[i].Text.Length == 0) throw reader.Malformed("inverse.text", "it has another length than its characters");
        }
        return stretches;
    }
}
