namespace Edge.Sync.Crdts.Undo;

/// <summary>Puts back the value that an element of a list showed before, while the one that the edit wrote is still the one shown.</summary>
/// <param name="element">The element.</param>
/// <param name="own">The edit's write.</param>
/// <param name="previousDot">The write that was shown before.</param>
/// <param name="previous">Its value.</param>
/// <remarks>Where others wrote at the same time as the edit, theirs, which had lost, is shown then: the edit is taken back and not theirs.</remarks>
internal sealed class ListValueInverse(Dot element, Dot own, Dot previousDot, ValueBytes previous) : Inverse
{
    protected override InverseKind Tag => InverseKind.ListValue;

    protected override int Length => 8;

    public static ListValueInverse? Of(ListState? before, ListDelta delta) =>
        before is not null && before.IndexOf(delta.At, out var isVisible) is var index && isVisible ? new(delta.At, delta.First, ShownDot(before, index), before[index]) : null;

    /// <summary>The write whose value is shown at an index.</summary>
    public static Dot ShownDot(ListState list, int index) => list.Values(index) is [.., var shown] ? shown.Dot : list.ElementAt(index);

    public override void Apply(UndoTarget target)
    {
        var list = (ListState)target.State(CrdtKind.List);
        var index = list.IndexOf(element, out var isVisible);
        if (!isVisible)
        {
            target.Refuse(UndoObstacleReason.Removed);
            return;
        }
        if (ShownDot(list, index) != own)
        {
            target.Refuse(UndoObstacleReason.Overwritten);
            return;
        }
        var values = list.Values(index);
        var delta = list.Set(target.Next, index, values.Length > 1 ? values[^2].Value : previous);
        target.Commit(delta);
        if (values.Length == 1) target.Renamed.Values.Add(previousDot, delta.First);
    }

    public override Inverse Rename(DotRenaming names) =>
        names.TryGet(element, out _) || names.Values.TryGet(own, out _) || names.Values.TryGet(previousDot, out _)
            ? new ListValueInverse(names.Of(element), names.Values.Of(own), names.Values.Of(previousDot), previous) : this;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        writer.WriteDot(element);
        writer.WriteDot(own);
        writer.WriteDot(previousDot);
        writer.WriteValue(previous);
    }

    public static ListValueInverse ReadRest(ref WireReader reader) =>
        new(reader.ReadDot("inverse.element"), reader.ReadDot("inverse.own"), reader.ReadDot("inverse.previous"), reader.ReadValue("inverse.value"));
}
