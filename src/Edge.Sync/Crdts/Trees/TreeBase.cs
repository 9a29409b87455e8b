namespace Edge.Sync.Crdts;

/// <summary>The tree that the stable moves amount to, when the moves themselves are gone. Immutable.</summary>
internal sealed class TreeBase(ulong depth, LatestDots dots, TreeBase.Entry[] entries)
{
    public static readonly TreeBase Empty = new(0, default, []);

    private LatestDots _dots = dots;

    /// <summary>The greatest depth of the moves: all later ones are deeper.</summary>
    public ulong Depth => depth;

    /// <summary>Ascending by node.</summary>
    public ReadOnlySpan<Entry> Entries => entries;

    public bool IsEmpty => depth == 0;

    public bool IsWithin(VersionVector version)
    {
        foreach (var dot in _dots.Span)
            if (!version.Contains(dot)) return false;
        return true;
    }

    /// <summary>This and further moves, which <paramref name="nodes"/> has applied, and nothing beyond.</summary>
    public TreeBase Plus(List<TreeMove> moves, TreeNodes nodes, Dictionary<Dot, ValueBytes> values)
    {
        var latest = _dots.Clone();
        var known = new SortedSet<Dot>();
        foreach (var entry in entries)
            known.Add(entry.Node);
        foreach (var move in moves)
        {
            latest.Include(move.Key.Dot);
            known.Add(move.Node);
        }
        var all = new Entry[known.Count];
        var count = 0;
        foreach (var node in known)
            all[count++] = new(node, nodes.Find(node), values.TryGetValue(node, out var value) ? value : null);
        return new(moves[^1].Key.Depth, latest, all);
    }

    public void CollectReplicas(ReplicaTable table)
    {
        _dots.CollectReplicas(table);
        foreach (var (node, place, _) in entries)
        {
            table.IndexOf(node.Replica);
            if (place is { } at && at.Parent != TreeState.Root && at.Parent != TreeState.Trash) table.IndexOf(at.Parent.Replica);
        }
    }

    /// <summary>
    /// Three values: depth, [replica, counter, ...], and [replica, counter, place, value, ...]; place = [parent, position], [] for one that is
    /// deleted, nil for one in no place; value = [value], or [] for a node that nobody created.
    /// </summary>
    public void Write(ref WireWriter writer)
    {
        writer.Raw.Write(depth);
        _dots.Write(ref writer);
        writer.Raw.WriteArrayHeader(entries.Length * 4);
        foreach (var (node, place, value) in entries)
        {
            writer.WriteDot(node);
            if (place is not { } at)
            {
                writer.Raw.WriteNil();
            }
            else if (at.Parent == TreeState.Trash)
            {
                writer.Raw.WriteArrayHeader(0);
            }
            else
            {
                writer.Raw.WriteArrayHeader(2);
                TreeDelta.WriteNode(ref writer, at.Parent);
                writer.Raw.Write(at.Position);
            }
            writer.Raw.WriteArrayHeader(value is null ? 0 : 1);
            if (value is { } bytes) writer.WriteValue(bytes);
        }
    }

    public static TreeBase Read(ref WireReader reader)
    {
        var depth = reader.ReadUInt64("tree.base.depth");
        if (depth > Dot.CounterMax) throw reader.Malformed("tree.base.depth", $"{depth} is no depth");
        var dots = LatestDots.Read(ref reader, "tree.base.dots");
        var length = reader.ReadArrayHeader("tree.base");
        if (length % 4 != 0) throw reader.Malformed("tree.base", "a node is cut short");
        if (depth == 0 != (dots.Count == 0) || (depth == 0 && length > 0)) throw reader.Malformed("tree.base", "a tree that was never folded is not empty");
        var entries = new Entry[length / 4];
        for (var i = 0; i < entries.Length; i++)
        {
            var node = reader.ReadDot("tree.base.node");
            if (i > 0 && node.CompareTo(entries[i - 1].Node) <= 0) throw reader.Malformed("tree.base.node", "its nodes are not in ascending order");
            var place = ReadPlace(ref reader);
            entries[i] = new(node, place, ReadValue(ref reader));
        }
        return depth == 0 ? Empty : new(depth, dots, entries);
    }

    private static TreePlace? ReadPlace(ref WireReader reader)
    {
        if (reader.TryReadNil()) return null;
        switch (reader.ReadArrayHeader("tree.base.place"))
        {
            case 0: return new(TreeState.Trash, []);
            case 2:
                var parent = TreeDelta.ReadNode(ref reader, "tree.base.parent");
                return new(parent, TreeDelta.ReadPosition(ref reader));
            default: throw reader.Malformed("tree.base.place", "it has 0 or 2 elements");
        }
    }

    private static ValueBytes? ReadValue(ref WireReader reader) => reader.ReadArrayHeader("tree.base.value") switch
    {
        0 => null,
        1 => reader.ReadValue("tree.base.value"),
        _ => throw reader.Malformed("tree.base.value", "a node has no more than one value"),
    };

    /// <summary>A node that was ever named, where it is, and its value.</summary>
    internal readonly record struct Entry(Dot Node, TreePlace? Place, ValueBytes? Value);
}
