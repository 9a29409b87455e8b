namespace Edge.Sync.Crdts.Undo;

/// <summary>Moves a node back to where it was, while it still is where the edit put it. A node that the edit made is deleted, unless others have put something below it.</summary>
/// <param name="node">The node.</param>
/// <param name="place">Where the edit put it. Positions are made from the move's dot, so an equal place is the same move.</param>
/// <param name="previous">Where it was before; null for a node that the edit made.</param>
internal sealed class TreeInverse(Dot node, TreePlace place, TreePlace? previous) : Inverse
{
    protected override InverseKind Tag => InverseKind.Tree;

    protected override int Length => 5;

    public static TreeInverse Of(TreeState? before, TreeDelta delta) => new(delta.Node, new(delta.Parent, delta.Position), before?.PlaceOf(delta.Node));

    public override void Apply(UndoTarget target)
    {
        var tree = (TreeState)target.State(CrdtKind.Tree);
        if (tree.PlaceOf(node) is not { } now) target.Refuse(UndoObstacleReason.Removed);
        else if (now.Parent != place.Parent || !now.Position.AsSpan().SequenceEqual(place.Position)) target.Refuse(UndoObstacleReason.Overwritten);
        else if (previous is null && tree.HasForeignBelow(node)) target.Refuse(UndoObstacleReason.HeldByOthers);
        else if (tree.MoveBack(target.Next, node, previous ?? new(TreeState.Trash, [])) is not { } delta) target.Refuse(UndoObstacleReason.PlaceGone);
        else target.Commit(delta);
    }

    public override Inverse Rename(DotRenaming names)
    {
        var isNamed = names.TryGet(node, out _) || names.TryGet(place.Parent, out _) || (previous is { } at && names.TryGet(at.Parent, out _));
        return isNamed ? new TreeInverse(names.Of(node), Of(names, place), previous is { } before ? Of(names, before) : null) : this;
    }

    private static TreePlace Of(DotRenaming names, TreePlace place) => place with { Parent = names.Of(place.Parent) };

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        writer.WriteDot(node);
        Write(ref writer, place);
        Write(ref writer, previous);
    }

    public static TreeInverse ReadRest(ref WireReader reader)
    {
        var node = reader.ReadDot("inverse.node");
        var place = ReadPlace(ref reader, "inverse.place") ?? throw reader.Malformed("inverse.place", "it is nowhere");
        return new(node, place, ReadPlace(ref reader, "inverse.previous"));
    }

    /// <summary>Nil for nowhere, [] for the trash, else [parent, position].</summary>
    private static void Write(ref WireWriter writer, TreePlace? place)
    {
        if (place is not { } at)
        {
            writer.Raw.WriteNil();
            return;
        }
        writer.Raw.WriteArrayHeader(at.Parent == TreeState.Trash ? 0 : 2);
        if (at.Parent == TreeState.Trash) return;
        TreeDelta.WriteNode(ref writer, at.Parent);
        writer.Raw.Write(at.Position);
    }

    private static TreePlace? ReadPlace(ref WireReader reader, string field)
    {
        if (reader.TryReadNil()) return null;
        return reader.ReadArrayHeader(field) switch
        {
            0 => new(TreeState.Trash, []),
            2 => new(TreeDelta.ReadNode(ref reader, field), TreeDelta.ReadPosition(ref reader)),
            _ => throw reader.Malformed(field, "it has 0 or 2 elements"),
        };
    }
}
