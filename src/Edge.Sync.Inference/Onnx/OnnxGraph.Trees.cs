namespace Edge.Sync.Inference.Onnx;

// Ensembles of trees: TreeEnsembleRegressor of ai.onnx.ml (github.com/onnx/onnx: docs/Operators-ml.md), set 3.
public sealed partial class OnnxGraph
{
    private const string TreeDomain = "ai.onnx.ml";
    private const int TreeOperatorSet = 3;

    /// <summary>The sum of what the leaves say that a row reaches, one in each tree, and of a bias: one value.</summary>
    /// <param name="row">The features.</param>
    /// <param name="trees">One or more.</param>
    /// <param name="bias">Is added once.</param>
    /// <exception cref="ArgumentException">There is no tree, or one names a feature that <paramref name="row"/> lacks.</exception>
    /// <remarks>A classifier is the same with a <see cref="Sigmoid"/> behind it: the operator of that name gives a label and a map beside the number that a pipeline wants.</remarks>
    public OnnxValue Trees(OnnxValue row, IReadOnlyList<DecisionTree> trees, float bias = 0)
    {
        Check(row);
        ArgumentNullException.ThrowIfNull(trees);
        if (trees.Count == 0)
            throw new ArgumentException("An ensemble has at least one tree.", nameof(trees));
        foreach (var tree in trees)
            if (tree.Nodes.Any(node => node.Feature >= row.Width))
                throw new ArgumentException($"A tree asks for feature {tree.Nodes.Max(static node => node.Feature)}, and the row has {row.Width} values.", nameof(trees));

        var (treeIds, nodeIds, features, truths, falsehoods, missing) = (new List<long>(), new List<long>(), new List<long>(), new List<long>(), new List<long>(), new List<long>());
        var (values, weights, modes) = (new List<float>(), new List<float>(), new List<string>());
        var (leafTrees, leafNodes, targets) = (new List<long>(), new List<long>(), new List<long>());
        void Add(int tree, int node, string mode, int feature, float value, int truth, int falsehood)
        {
            treeIds.Add(tree);
            nodeIds.Add(node);
            modes.Add(mode);
            features.Add(feature);
            values.Add(value);
            truths.Add(truth);
            falsehoods.Add(falsehood);
            missing.Add(0);
        }
        for (var tree = 0; tree < trees.Count; tree++)
        {
            var (nodes, leaves) = (trees[tree].Nodes, trees[tree].Leaves);
            // Leaves are numbered behind the nodes.
            int IdOf(int child) => child >= 0 ? child : nodes.Count + ~child;
            for (var node = 0; node < nodes.Count; node++)
                Add(tree, node, "BRANCH_LEQ", nodes[node].Feature, nodes[node].Threshold, IdOf(nodes[node].Left), IdOf(nodes[node].Right));
            for (var leaf = 0; leaf < leaves.Count; leaf++)
            {
                Add(tree, nodes.Count + leaf, "LEAF", 0, 0, 0, 0);
                leafTrees.Add(tree);
                leafNodes.Add(nodes.Count + leaf);
                targets.Add(0);
                weights.Add(leaves[leaf]);
            }
        }
        _hasTrees = true;
        var name = NextName();
        _nodes.Message(GraphField.Node, new ProtobufWriter()
            .Text(NodeField.Input, row.Name).Text(NodeField.Output, name).Text(NodeField.Operation, "TreeEnsembleRegressor")
            .Message(NodeField.Attribute, Integer("n_targets", 1))
            .Message(NodeField.Attribute, Text("post_transform", "NONE"))
            .Message(NodeField.Attribute, Text("aggregate_function", "SUM"))
            .Message(NodeField.Attribute, Floats("base_values", [bias]))
            .Message(NodeField.Attribute, Integers("nodes_treeids", treeIds))
            .Message(NodeField.Attribute, Integers("nodes_nodeids", nodeIds))
            .Message(NodeField.Attribute, Texts("nodes_modes", modes))
            .Message(NodeField.Attribute, Integers("nodes_featureids", features))
            .Message(NodeField.Attribute, Floats("nodes_values", values))
            .Message(NodeField.Attribute, Integers("nodes_truenodeids", truths))
            .Message(NodeField.Attribute, Integers("nodes_falsenodeids", falsehoods))
            .Message(NodeField.Attribute, Integers("nodes_missing_value_tracks_true", missing))
            .Message(NodeField.Attribute, Integers("target_treeids", leafTrees))
            .Message(NodeField.Attribute, Integers("target_nodeids", leafNodes))
            .Message(NodeField.Attribute, Integers("target_ids", targets))
            .Message(NodeField.Attribute, Floats("target_weights", weights))
            .Text(NodeField.Domain, TreeDomain));
        return new(this, name, 1);
    }

    private static ProtobufWriter Integer(string name, long value) =>
        new ProtobufWriter().Text(AttributeField.Name, name).Integer(AttributeField.Integer, value).Integer(AttributeField.Type, AttributeType.Integer);

    private static ProtobufWriter Text(string name, string value) =>
        new ProtobufWriter().Text(AttributeField.Name, name).Text(AttributeField.Text, value).Integer(AttributeField.Type, AttributeType.Text);

    private static ProtobufWriter Integers(string name, List<long> values)
    {
        var attribute = new ProtobufWriter().Text(AttributeField.Name, name);
        foreach (var value in values)
            attribute.Integer(AttributeField.Integers, value);
        return attribute.Integer(AttributeField.Type, AttributeType.Integers);
    }

    private static ProtobufWriter Floats(string name, List<float> values)
    {
        var attribute = new ProtobufWriter().Text(AttributeField.Name, name);
        foreach (var value in values)
            attribute.Float(AttributeField.Floats, value);
        return attribute.Integer(AttributeField.Type, AttributeType.Floats);
    }

    private static ProtobufWriter Texts(string name, List<string> values)
    {
        var attribute = new ProtobufWriter().Text(AttributeField.Name, name);
        foreach (var value in values)
            attribute.Text(AttributeField.Texts, value);
        return attribute.Integer(AttributeField.Type, AttributeType.Texts);
    }
}
