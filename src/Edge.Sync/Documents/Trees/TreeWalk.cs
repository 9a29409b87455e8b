using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>The nodes of a tree, each before its children. Without recursion: a tree may be deep.</summary>
internal static class TreeWalk
{
    public static IEnumerable<(Dot Node, Dot Parent, int Depth)> DepthFirst(TreeState tree)
    {
        var open = new Stack<(Dot Node, Dot Parent, int Depth)>();
        Push(TreeState.Root, 0);
        while (open.TryPop(out var next))
        {
            yield return next;
            Push(next.Node, next.Depth + 1);
        }

        void Push(Dot parent, int depth)
        {
            var children = tree.Children(parent);
            for (var i = children.Count - 1; i >= 0; i--)
                open.Push((children[i], parent, depth));
        }
    }
}
