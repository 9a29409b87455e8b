using Edge.Sync.Causality;
using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Sequences;

/// <summary>
/// The slow, obviously right text: a tree of single characters, walked anew for every question. It takes nothing from the engine but deltas.
/// </summary>
internal sealed class FugueModel
{
    private sealed class Node
    {
        public required Dot Dot { get; init; }
        public required char Value { get; init; }
        public required Node? Parent { get; init; }
        public required bool IsLeft { get; init; }
        public bool IsDeleted { get; set; }
        public List<Node> Left { get; } = [];
        public List<Node> Right { get; } = [];
    }

    private readonly Node _root = new() { Dot = default, Value = '\0', Parent = null, IsLeft = false, IsDeleted = true };
    private readonly Dictionary<Dot, Node> _nodes = [];

    public FugueModel() => _nodes.Add(default, _root);

    public override string ToString() => string.Concat(Walk().Where(n => !n.IsDeleted).Select(n => n.Value));

    /// <summary>All dots in order, those of deleted characters included.</summary>
    public IEnumerable<Dot> Dots() => Walk().Select(n => n.Dot);

    public bool Contains(Dot dot) => _nodes.ContainsKey(dot);

    /// <summary>How many characters are to be seen before that of <paramref name="dot"/>, and whether it is.</summary>
    public (int Index, bool IsVisible) Find(Dot dot) => (Walk().TakeWhile(n => n.Dot != dot).Count(n => !n.IsDeleted), !_nodes[dot].IsDeleted);

    /// <summary>All characters in the order of the text, deleted ones too.</summary>
    public IEnumerable<(Dot Dot, char Value, bool IsDeleted)> Characters => Walk().Select(n => (n.Dot, n.Value, n.IsDeleted));

    public Dot DotAt(int index) => Walk().Where(n => !n.IsDeleted).ElementAt(index).Dot;

    /// <summary>The parent that the rule of the engine gives, by its definition.</summary>
    public (Dot Parent, bool IsLeft) ParentAt(int index)
    {
        var visible = Walk().Where(n => !n.IsDeleted).ToList();
        var left = index == 0 ? _root : visible[index - 1];
        if (index == visible.Count) return (left.Dot, false);
        var right = visible[index];
        for (var node = right; node.Parent is not null; node = node.Parent)
            if (node.Parent == left && !node.IsLeft) return (right.Dot, true);
        return (left.Dot, false);
    }

    public void Join(TextDelta delta)
    {
        var (parent, isLeft) = (delta.Parent, delta.IsLeftChild);
        for (var i = 0; i < delta.Text.Length; i++)
        {
            var dot = delta.First.Plus((ulong)i);
            Add(dot, delta.Text[i], _nodes[parent], isLeft);
            (parent, isLeft) = (dot, false);
        }
        foreach (var range in delta.Deleted)
            foreach (var node in _nodes.Values)
                if (node.Parent is not null && node.Dot.Replica == range.First.Replica && node.Dot.Counter >= range.First.Counter && node.Dot.Counter <= range.LastCounter)
                    node.IsDeleted = true;
    }

    private void Add(Dot dot, char value, Node parent, bool isLeft)
    {
        var node = new Node { Dot = dot, Value = value, Parent = parent, IsLeft = isLeft };
        _nodes.Add(dot, node);
        var siblings = isLeft ? parent.Left : parent.Right;
        siblings.Add(node);
        // From the parent outwards: by replica, the later of one replica first. Left of the parent, outwards is backwards.
        siblings.Sort((a, b) => a.Dot.Replica == b.Dot.Replica ? b.Dot.Counter.CompareTo(a.Dot.Counter) : a.Dot.Replica.CompareTo(b.Dot.Replica));
        if (isLeft) siblings.Reverse();
    }

    private List<Node> Walk()
    {
        var result = new List<Node>();
        Visit(_root);
        return result;

        void Visit(Node node)
        {
            foreach (var child in node.Left) Visit(child);
            if (node.Parent is not null) result.Add(node);
            foreach (var child in node.Right) Visit(child);
        }
    }
}
