namespace Edge.Sync.Crdts;

/// <summary>Which node is under which, with siblings in order: what the moves so far amount to.</summary>
internal sealed class TreeNodes
{
    private readonly Dictionary<Dot, TreePlace> _places = [];
    private readonly Dictionary<Dot, List<Dot>> _children = [];

    public IReadOnlyDictionary<Dot, TreePlace> Places => _places;

    public ReadOnlySpan<Dot> ChildrenOf(Dot parent) =>
        _children.TryGetValue(parent, out var children) ? System.Runtime.InteropServices.CollectionsMarshal.AsSpan(children) : default;

    public TreePlace? Find(Dot node) => _places.TryGetValue(node, out var place) ? place : null;

    public void Place(Dot node, TreePlace place)
    {
        Take(node);
        _places.Add(node, place);
        if (!_children.TryGetValue(place.Parent, out var children)) _children.Add(place.Parent, children = []);
        children.Insert(~IndexOf(children, node, place.Position), node);
    }

    public void Take(Dot node)
    {
        if (!_places.TryGetValue(node, out var place)) return;
        var children = _children[place.Parent];
        children.RemoveAt(IndexOf(children, node, place.Position));
        _places.Remove(node);
        if (children.Count == 0) _children.Remove(place.Parent);
    }

    /// <summary>Whether a node may be put under a parent: the parent is not below the node, nor deeper than <see cref="TreeState.DepthMax"/>.</summary>
    public bool Allows(Dot node, Dot parent)
    {
        for (var steps = 0; steps <= TreeState.DepthMax; steps++)
        {
            if (parent == node) return false;
            if (!_places.TryGetValue(parent, out var place)) return true;
            parent = place.Parent;
        }
        return false;
    }

    /// <summary>Whether the way up from a node ends at the root.</summary>
    public bool IsUnderRoot(Dot node)
    {
        while (_places.TryGetValue(node, out var place)) node = place.Parent;
        return node == TreeState.Root;
    }

    public bool HasCycle()
    {
        var done = new HashSet<Dot>();
        var way = new HashSet<Dot>();
        foreach (var start in _places.Keys)
        {
            way.Clear();
            for (var node = start; !done.Contains(node) && _places.TryGetValue(node, out var place); node = place.Parent)
                if (!way.Add(node)) return true;
            done.UnionWith(way);
        }
        return false;
    }

    public void Check()
    {
        if (HasCycle()) throw new InvalidOperationException("The tree has a cycle.");
        var count = 0;
        foreach (var (parent, children) in _children)
        {
            count += children.Count;
            for (var i = 0; i < children.Count; i++)
            {
                if (_places[children[i]].Parent != parent) throw new InvalidOperationException($"Node {children[i]} is listed under {parent}.");
                if (i > 0 && Compare(children[i - 1], _places[children[i - 1]].Position, children[i], _places[children[i]].Position) >= 0) throw new InvalidOperationException($"The children of {parent} are not in order.");
            }
        }
        if (count != _places.Count) throw new InvalidOperationException($"{count} nodes are listed, {_places.Count} have a place.");
    }

    private int IndexOf(List<Dot> children, Dot node, byte[] position)
    {
        var (low, high) = (0, children.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = Compare(children[middle], _places[children[middle]].Position, node, position);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    private static int Compare(Dot left, byte[] leftPosition, Dot right, byte[] rightPosition)
    {
        var order = leftPosition.AsSpan().SequenceCompareTo(rightPosition);
        return order != 0 ? order : left.CompareTo(right);
    }
}
