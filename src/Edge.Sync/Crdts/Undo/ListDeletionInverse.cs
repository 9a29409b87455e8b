namespace Edge.Sync.Crdts.Undo;

/// <summary>Inserts deleted elements again where they stood, under new dots, with the values that they showed.</summary>
/// <remarks>
/// <para>An old element is never brought to life itself: others may have forgotten it, once all had seen the deletion. One that somebody else's
/// edit has kept alive is left alone.</para>
/// <para>A deletion leaves nothing that tells who else deleted the same element: it comes back whoever else did.</para>
/// </remarks>
internal sealed class ListDeletionInverse(ListStretch<ListDeletionInverse.Element>[] stretches) : Inverse
{
    private const int FieldCount = 7;

    protected override InverseKind Tag => InverseKind.ListDeletion;

    protected override int Length => 2;

    /// <summary>A deleted element.</summary>
    /// <param name="Name">The dot of its insertion.</param>
    /// <param name="Shown">The write whose value it showed.</param>
    /// <param name="Place">The insertion or move that had put it where it was.</param>
    /// <param name="Value">What it showed.</param>
    internal readonly record struct Element(Dot Name, Dot Shown, Dot Place, ValueBytes Value);

    public static ListDeletionInverse? Of(ListState? before, ListDelta delta) => before is null ? null : Of(before, before.IndicesOf(delta));

    /// <summary>Brings back all that <paramref name="source"/> shows.</summary>
    public static ListDeletionInverse? OfAll(ListState source) => Of(source, [.. Enumerable.Range(0, source.Count)]);

    private static ListDeletionInverse? Of(ListState before, List<int> indices) =>
        indices.Count == 0 ? null : new(ListStretch.Of(before, indices, index => new Element(before.ElementAt(index), ListValueInverse.ShownDot(before, index), before.PlaceAt(index), before[index])));

    public override void Apply(UndoTarget target)
    {
        foreach (var stretch in stretches) Apply(target, stretch);
    }

    private static void Apply(UndoTarget target, ListStretch<Element> stretch)
    {
        var list = (ListState)target.State(CrdtKind.List);
        var missing = new List<(Element Element, int Index)>(stretch.Elements.Length);
        foreach (var element in stretch.Elements)
            if (list.IndexOf(element.Name, out var isVisible) is var place && !isVisible)
                missing.Add((element, ListStretch.IndexOf(list, stretch.Left, stretch.Right, place)));
        for (int start = 0, end; start < missing.Count; start = end)
        {
            for (end = start + 1; end < missing.Count && missing[end].Index <= missing[start].Index;) end++;
            var values = new ValueBytes[end - start];
            for (var i = start; i < end; i++) values[i - start] = missing[i].Element.Value;
            // What was inserted by the turns before stands to the left.
            var delta = ((ListState)target.State(CrdtKind.List)).Insert(target.Next, missing[start].Index + start, values);
            target.Commit(delta);
            for (var i = start; i < end; i++)
            {
                var now = delta.First.Plus((ulong)(i - start));
                target.Renamed.Add(missing[i].Element.Name, now);
                target.Renamed.Values.Add(missing[i].Element.Shown, now);
                target.Renamed.Places.Add(missing[i].Element.Place, now);
            }
        }
    }

    /// <summary>An element may be there again under a new name, where somebody's edit kept it alive and it was deleted twice.</summary>
    public override Inverse Rename(DotRenaming names) =>
        ListStretch.Rename(stretches, names, e => e with { Name = names.Of(e.Name), Shown = names.Values.Of(e.Shown), Place = names.Places.Of(e.Place) }) is { } renamed
            ? new ListDeletionInverse(renamed) : this;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        ListStretch.Write(ref writer, stretches, FieldCount, static (ref WireWriter writer, Element element) =>
        {
            writer.WriteDot(element.Name);
            writer.WriteDot(element.Shown);
            writer.WriteDot(element.Place);
            writer.WriteValue(element.Value);
        });
    }

    public static ListDeletionInverse ReadRest(ref WireReader reader) => new(ListStretch.Read(ref reader, FieldCount, static (ref WireReader reader) =>
        new Element(reader.ReadDot("inverse.element"), reader.ReadDot("inverse.shown"), reader.ReadDot("inverse.place"), reader.ReadValue("inverse.value"))));
}
