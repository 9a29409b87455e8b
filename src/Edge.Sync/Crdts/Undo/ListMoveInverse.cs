namespace Edge.Sync.Crdts.Undo;

/// <summary>Moves elements of a list back to where they stood, each while it still is where the edit put it.</summary>
/// <remarks>The move back is an ordinary one, behind the edit's in the one order of moves; it makes a place anew, beside the old one.</remarks>
internal sealed class ListMoveInverse(ListStretch<ListMoveInverse.Element>[] stretches) : Inverse
{
    private const int FieldCount = 6;

    protected override InverseKind Tag => InverseKind.ListMove;

    protected override int Length => 2;

    /// <summary>A moved element.</summary>
    /// <param name="Name">The dot of its insertion.</param>
    /// <param name="Own">The edit's move of it.</param>
    /// <param name="Previous">The insertion or move that had put it where it was before.</param>
    internal readonly record struct Element(Dot Name, Dot Own, Dot Previous);

    public static ListMoveInverse? Of(ListState? before, ListDelta delta)
    {
        if (before is null || before.IndicesOf(delta) is not { Count: > 0 } indices) return null;
        var own = new Dictionary<Dot, Dot>();
        for (var i = 0; i < delta.Moves.Length; i++) own[delta.Moves[i].Element] = delta.First.Plus((ulong)i);
        return new(ListStretch.Of(before, indices, index => new Element(before.ElementAt(index), own[before.ElementAt(index)], before.PlaceAt(index))));
    }

    public override void Apply(UndoTarget target)
    {
        foreach (var (start, right, elements) in stretches)
        {
            var left = start;
            foreach (var element in elements)
                if (TryMoveBack(target, element, left, right)) left = element.Name;
        }
    }

    private static bool TryMoveBack(UndoTarget target, Element element, Dot left, Dot right)
    {
        var list = (ListState)target.State(CrdtKind.List);
        var index = list.IndexOf(element.Name, out var isVisible);
        if (!isVisible || list.PlaceAt(index) != element.Own)
        {
            target.Refuse(isVisible ? UndoObstacleReason.Overwritten : UndoObstacleReason.Removed);
            return false;
        }
        var to = ListStretch.IndexOf(list, left, right, list.IndexOfPlace(element.Previous));
        // Counted without the element itself.
        var delta = list.Move(target.Next, index, 1, to > index ? to - 1 : to);
        target.Commit(delta);
        target.Renamed.Places.Add(element.Previous, delta.First);
        return true;
    }

    public override Inverse Rename(DotRenaming names) =>
        ListStretch.Rename(stretches, names, e => new Element(names.Of(e.Name), names.Places.Of(e.Own), names.Places.Of(e.Previous))) is { } renamed
            ? new ListMoveInverse(renamed) : this;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        ListStretch.Write(ref writer, stretches, FieldCount, static (ref WireWriter writer, Element element) =>
        {
            writer.WriteDot(element.Name);
            writer.WriteDot(element.Own);
            writer.WriteDot(element.Previous);
        });
    }

    public static ListMoveInverse ReadRest(ref WireReader reader) => new(ListStretch.Read(ref reader, FieldCount, static (ref WireReader reader) =>
        new Element(reader.ReadDot("inverse.element"), reader.ReadDot("inverse.own"), reader.ReadDot("inverse.previous"))));
}
