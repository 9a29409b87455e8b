using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>All operations in their order, applied one after the other to an empty tree; one that would make a cycle is passed over.</summary>
internal sealed class TreeSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.Tree;

    public override int IntentCount => 6;

    public override Delta? Mutate(CrdtState state, Dot dot, int intent)
    {
        var tree = (TreeState)state;
        var nodes = Nodes(tree, TreeState.Root);
        var number = (int)((dot.Counter * 7) + dot.Replica.ToByteArray()[0]);
        if (intent == 0 || nodes.Count == 0) return tree.Create(dot, TreeState.Root, tree.Children(TreeState.Root).Count, Value(intent));
        var node = nodes[number % nodes.Count];
        var other = nodes[number / 3 % nodes.Count];
        switch (intent)
        {
            case 1: return tree.Create(dot, node, 0, Value(intent));
            case 2: return IsUnder(tree, other, node) ? null : tree.Move(dot, node, other, 0);
            case 3: return IsUnder(tree, node, other) ? null : tree.Move(dot, other, node, tree.Children(node).Count(c => c != other));
            case 4: return tree.Move(dot, node, TreeState.Root, number % tree.Children(TreeState.Root).Count(c => c != node).Max(1));
            default: return tree.Delete(dot, node);
        }
    }

    public override string Read(CrdtState state) => Describe((TreeState)state, TreeState.Root);

    public override string ReadValues(CrdtState state) => DescribeValues((TreeState)state, TreeState.Root);

    public override string Expect(IReadOnlyList<Operation> operations)
    {
        var places = new Dictionary<Dot, TreeDelta>();
        var values = new Dictionary<Dot, string>();
        foreach (var move in operations.OrderBy(o => ((TreeDelta)o.Delta).Depth).ThenBy(o => o.Stamp).ThenBy(o => o.Dot.Replica).ThenBy(o => o.Dot.Counter).Select(o => (TreeDelta)o.Delta))
        {
            if (move.Value is { } value) values.Add(move.Node, Text(value));
            var makesCycle = false;
            for (var at = move.Parent; ; at = places[at].Parent)
            {
                makesCycle |= at == move.Node;
                if (!places.ContainsKey(at)) break;
            }
            if (!makesCycle) places[move.Node] = move;
        }
        return Describe(TreeState.Root);

        string Describe(Dot parent) => string.Join(" ", places.Where(p => p.Value.Parent == parent && values.ContainsKey(p.Key))
            .OrderBy(p => Convert.ToHexString(p.Value.Position), StringComparer.Ordinal).ThenBy(p => p.Key)
            .Select(p => $"{p.Key}={values[p.Key]}({Describe(p.Key)})"));
    }

    private static string Describe(TreeState tree, Dot parent) => string.Join(" ", tree.Children(parent).Select(n =>
        $"{n}={(tree.TryGetValue(n, out var value) ? Text(value) : "?")}({Describe(tree, n)})"));

    private static string DescribeValues(TreeState tree, Dot parent) => string.Join(" ", tree.Children(parent).Select(n =>
        $"{(tree.TryGetValue(n, out var value) ? Text(value) : "?")}({DescribeValues(tree, n)})"));

    private static List<Dot> Nodes(TreeState tree, Dot parent) => [.. tree.Children(parent).SelectMany(n => Nodes(tree, n).Prepend(n))];

    private static bool IsUnder(TreeState tree, Dot node, Dot ancestor)
    {
        for (Dot? at = node; at is { } here; at = tree.Parent(here))
            if (here == ancestor) return true;
        return false;
    }
}

file static class IntExtensions
{
    public static int Max(this int value, int other) => Math.Max(value, other);
}
