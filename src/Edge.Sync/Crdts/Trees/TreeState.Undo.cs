namespace Edge.Sync.Crdts;

/// <summary>What taking back a move needs to know, and the move to a place that is given as it was.</summary>
internal sealed partial class TreeState
{
    /// <summary>Where a node is; the trash for one that is deleted, null for one that is nowhere.</summary>
    internal TreePlace? PlaceOf(Dot node)
    {
        Settle();
        return _nodes.Find(node);
    }

    /// <summary>
    /// Moves a node to a place among its siblings that it had before, or to the trash. Null where the parent is deleted and would take the node out of
    /// sight, or lies below the node.
    /// </summary>
    internal TreeDelta? MoveBack(Dot dot, Dot node, TreePlace place)
    {
        if (place.Parent == Trash) return TreeDelta.Delete(dot, NextDepth(), node);
        Settle();
        var isParentThere = place.Parent == Root || Contains(place.Parent) || (_values.ContainsKey(place.Parent) && !Contains(node));
        if (!isParentThere || !_nodes.Allows(node, place.Parent)) return null;
        return TreeDelta.Move(dot, NextDepth(), node, place.Parent, place.Position);
    }

    /// <summary>Creates a node at a position that is given as it was; the end of the tree for one that was in none.</summary>
    internal TreeDelta CreateAt(Dot dot, Dot parent, byte[] position, ValueBytes value) =>
        TreeDelta.Create(dot, NextDepth(), parent, position.Length > 0 ? position : PositionAt(dot, dot, parent, Children(parent).Count), value);

    /// <summary>Whether a node that another replica created lies below <paramref name="node"/>.</summary>
    internal bool HasForeignBelow(Dot node)
    {
        Settle();
        var open = new Stack<Dot>([node]);
        while (open.TryPop(out var parent))
            foreach (var child in _nodes.ChildrenOf(parent))
            {
                if (child.Node.Replica != node.Replica) return true;
                open.Push(child.Node);
            }
        return false;
    }
}
