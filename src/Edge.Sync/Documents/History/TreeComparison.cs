using Edge.Sync.Crdts;

namespace Edge.Sync.Documents.History;

/// <summary>Which nodes a tree has in one state and not in another, and which are in another place.</summary>
internal static class TreeComparison
{
    public static ElementsDiff? Compare(string name, TreeState before, TreeState after)
    {
        var (a, b) = (Nodes(before), Nodes(after));
        var added = b.Where(node => !before.Contains(node)).Select(node => Value(after, node)).ToList();
        var removed = a.Where(node => !after.Contains(node)).Select(node => Value(before, node)).ToList();
        var moved = b.Where(node => before.Contains(node) && !IsSame(before.PlaceOf(node)!.Value, after.PlaceOf(node)!.Value)).Select(node => Value(after, node)).ToList();
        return added.Count + removed.Count + moved.Count == 0 ? null : new(name, added, removed, moved);
    }

    private static bool IsSame(TreePlace a, TreePlace b) => a.Parent == b.Parent && a.Position.AsSpan().SequenceEqual(b.Position);

    private static object? Value(TreeState tree, Dot node) => tree.TryGetValue(node, out var value) ? PlainValue.Of(value) : null;

    /// <summary>In the order in which they are read: each before what lies below it.</summary>
    private static List<Dot> Nodes(TreeState tree)
    {
        var nodes = new List<Dot>();
        var open = new Stack<Dot>([TreeState.Root]);
        while (open.TryPop(out var node))
        {
            if (node != TreeState.Root) nodes.Add(node);
            var children = tree.Children(node);
            for (var i = children.Count - 1; i >= 0; i--) open.Push(children[i]);
        }
        return nodes;
    }
}
