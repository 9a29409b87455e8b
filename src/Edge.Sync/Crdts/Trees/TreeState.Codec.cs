namespace Edge.Sync.Crdts;

/// <summary>The stored form.</summary>
internal sealed partial class TreeState
{
    public override void CollectReplicas(ReplicaTable table)
    {
        _base.CollectReplicas(table);
        foreach (var move in _log)
        {
            table.IndexOf(move.Key.Dot.Replica);
            ToDelta(move).CollectReplicas(table);
        }
    }

    /// <summary>[depth, [replica, counter, ...], [node, ...], [time, replica, counter, delta, ...]]: what was folded, then the moves in order.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(4);
        _base.Write(ref writer);
        writer.Raw.WriteArrayHeader(_log.Count * 4);
        foreach (var move in _log)
        {
            writer.Raw.Write(move.Key.Stamp.Value);
            writer.WriteDot(move.Key.Dot);
            ToDelta(move).Write(ref writer);
        }
    }

    public static TreeState Read(ref WireReader reader)
    {
        reader.ReadArrayHeader("tree", 4, exactly: true);
        var state = new TreeState();
        state.Adopt(TreeBase.Read(ref reader));
        if (state._nodes.HasCycle()) throw reader.Malformed("tree.base", "it has a cycle");
        var length = reader.ReadArrayHeader("tree.moves");
        if (length % 4 != 0) throw reader.Malformed("tree.moves", "a move is cut short");
        for (var i = 0; i < length; i += 4)
        {
            var stamp = new HybridTimestamp(reader.ReadUInt64("tree.time"));
            var delta = TreeDelta.Read(reader.ReadDot("tree.dot"), ref reader);
            var before = state._log.Count;
            var last = before > 0 ? state._log[^1] : null;
            state.Join(delta, stamp);
            if (state._log.Count == before || (last is not null && state._log[^2] != last)) throw reader.Malformed("tree.moves", "its moves are not in order");
        }
        state.Settle();
        return state;
    }

    private static TreeDelta ToDelta(TreeMove move) =>
        move.Value is { } value ? TreeDelta.Create(move.Key.Dot, move.Key.Depth, move.Place.Parent, move.Place.Position, value)
        : move.Place.Parent == Trash ? TreeDelta.Delete(move.Key.Dot, move.Key.Depth, move.Node)
        : TreeDelta.Move(move.Key.Dot, move.Key.Depth, move.Node, move.Place.Parent, move.Place.Position);
}
