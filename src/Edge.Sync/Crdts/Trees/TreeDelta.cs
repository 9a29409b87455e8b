namespace Edge.Sync.Crdts;

/// <summary>Creates a node, moves one, or deletes one, which is a move out of the tree.</summary>
/// <remarks>
/// <code>
/// delta = [ 0, depth, parent, position, value ]   creates the node that bears the delta's own dot
///       | [ 1, depth, node, parent, position ]    moves
///       | [ 2, depth, node ]                      deletes
/// parent, node = [ replica, counter ] or, for the root, [ ]
/// </code>
/// </remarks>
internal sealed class TreeDelta : Delta
{
    private TreeDelta(Dot first, ulong depth, Dot node, Dot parent, byte[] position, ValueBytes? value) : base(first) =>
        (Depth, Node, Parent, Position, Value) = (depth, node, parent, position, value);

    public static TreeDelta Create(Dot first, ulong depth, Dot parent, byte[] position, ValueBytes value) => new(first, depth, first, parent, position, value);

    public static TreeDelta Move(Dot first, ulong depth, Dot node, Dot parent, byte[] position) => new(first, depth, node, parent, position, null);

    public static TreeDelta Delete(Dot first, ulong depth, Dot node) => new(first, depth, node, TreeState.Trash, [], null);

    public override CrdtKind Kind => CrdtKind.Tree;

    public override int DotCount => 1;

    /// <summary>One more than the greatest depth that the author had seen among this tree's operations.</summary>
    public ulong Depth { get; }

    public Dot Node { get; }

    public Dot Parent { get; }

    /// <summary>Orders the node among its siblings: see <see cref="TreePosition"/>.</summary>
    public byte[] Position { get; }

    /// <summary>The value of a node that is created; null for a move.</summary>
    public ValueBytes? Value { get; }

    public override void CollectReplicas(ReplicaTable table)
    {
        if (Node != TreeState.Root) table.IndexOf(Node.Replica);
        if (Parent != TreeState.Root && Parent != TreeState.Trash) table.IndexOf(Parent.Replica);
    }

    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(Parent == TreeState.Trash ? 3 : 5);
        writer.Raw.Write(Parent == TreeState.Trash ? 2 : Value is null ? 1 : 0);
        writer.Raw.Write(Depth);
        if (Value is null) WriteNode(ref writer, Node);
        if (Parent == TreeState.Trash) return;
        WriteNode(ref writer, Parent);
        writer.Raw.Write(Position);
        if (Value is { } value) writer.WriteValue(value);
    }

    public static TreeDelta Read(Dot first, ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("tree");
        var operation = length is 3 or 5 ? reader.ReadInt32("tree.operation", 0, 2) : throw reader.Malformed("tree", $"it has 3 or 5 elements, not {length}");
        if (length == 3 != (operation == 2)) throw reader.Malformed("tree.operation", $"operation {operation} does not have {length} elements");
        var depth = reader.ReadCounter("tree.depth");
        if (operation == 0)
        {
            var at = ReadNode(ref reader, "tree.parent");
            var place = ReadPosition(ref reader);
            return Create(first, depth, at, place, reader.ReadValue("tree.value"));
        }
        var node = ReadNode(ref reader, "tree.node");
        if (node == TreeState.Root) throw reader.Malformed("tree.node", "the root stays where it is");
        if (operation == 2) return Delete(first, depth, node);
        var parent = ReadNode(ref reader, "tree.parent");
        return Move(first, depth, node, parent, ReadPosition(ref reader));
    }

    // A node that is created bears the delta's own dot.
    public override void VisitNamed(IDotVisitor visitor)
    {
        if (Value is null) visitor.Visit(Node);
        if (Parent != TreeState.Root && Parent != TreeState.Trash) visitor.Visit(Parent);
    }

    // The root and the trash have no replica.
    public override Delta Named(DotNames names) => new TreeDelta(names[First], Depth, names[Node], names[Parent], Position, Value);

    internal static void WriteNode(ref WireWriter writer, Dot node)
    {
        writer.Raw.WriteArrayHeader(node == TreeState.Root ? 0 : 2);
        if (node != TreeState.Root) writer.WriteDot(node);
    }

    internal static Dot ReadNode(ref WireReader reader, string field)
    {
        switch (reader.ReadArrayHeader(field))
        {
            case 0: return TreeState.Root;
            case 2: return reader.ReadDot(field);
            default: throw reader.Malformed(field, "a node has no more than one dot");
        }
    }

    internal static byte[] ReadPosition(ref WireReader reader)
    {
        var position = reader.ReadBytes("tree.position");
        return TreePosition.IsValid(position) ? position : throw reader.Malformed("tree.position", $"it is empty, ends in zero, or has more than {TreePosition.BytesMax} bytes");
    }
}
