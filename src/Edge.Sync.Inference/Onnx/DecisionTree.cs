namespace Edge.Sync.Inference.Onnx;

/// <summary>A tree of questions about numbers, at whose leaves numbers stand.</summary>
public sealed class DecisionTree
{
    /// <summary>A tree.</summary>
    /// <param name="nodes">Its questions, the first one first; none for a tree that is one leaf.</param>
    /// <param name="leaves">What its leaves say.</param>
    /// <exception cref="ArgumentException">It is no tree: a node or leaf is reached twice or never, or a number is not finite.</exception>
    public DecisionTree(IReadOnlyList<TreeNode> nodes, IReadOnlyList<float> leaves)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(leaves);
        (Nodes, Leaves) = ([.. nodes], [.. leaves]);
        if (Leaves.Count != Nodes.Count + 1)
            throw new ArgumentException($"A tree of {Nodes.Count} questions has {Nodes.Count + 1} leaves, not {Leaves.Count}.", nameof(leaves));
        if (!Leaves.All(float.IsFinite) || !Nodes.All(static node => float.IsFinite(node.Threshold) && node.Feature >= 0))
            throw new ArgumentException("A tree has numbers that are not finite, or asks for a feature below 0.", nameof(nodes));
        var reached = new HashSet<int>();
        var open = new Stack<int>([Nodes.Count == 0 ? ~0 : 0]);
        while (open.TryPop(out var child))
        {
            if (child >= Nodes.Count || ~child >= Leaves.Count || !reached.Add(child))
                throw new ArgumentException($"In a tree each node and leaf is reached once; {(child >= 0 ? $"node {child}" : $"leaf {~child}")} is not.", nameof(nodes));
            if (child < 0)
                continue;
            open.Push(Nodes[child].Left);
            open.Push(Nodes[child].Right);
        }
        // As many leaves as questions and one more, none of them twice: so none is left out.
    }

    /// <summary>The questions; the first is asked first.</summary>
    public IReadOnlyList<TreeNode> Nodes { get; }

    /// <summary>What the leaves say.</summary>
    public IReadOnlyList<float> Leaves { get; }

    /// <summary>What the leaf says that a row reaches.</summary>
    public float Predict(ReadOnlySpan<float> row)
    {
        var at = Nodes.Count == 0 ? ~0 : 0;
        while (at >= 0)
            at = row[Nodes[at].Feature] <= Nodes[at].Threshold ? Nodes[at].Left : Nodes[at].Right;
        return Leaves[~at];
    }
}

/// <summary>A question: is the feature at most the threshold? NaN is not.</summary>
/// <param name="Feature">Which value of the row, from 0.</param>
/// <param name="Threshold">What it is compared with.</param>
/// <param name="Left">Where to go if it is: a node, or <c>~leaf</c>.</param>
/// <param name="Right">Where to go if not.</param>
public readonly record struct TreeNode(int Feature, float Threshold, int Left, int Right);
