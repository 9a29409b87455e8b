using Edge.Sync.Inference.Onnx;
using Edge.Sync.Inference.Tests.Models;

namespace Edge.Sync.Inference.Tests.Onnx;

public class OnnxTreesTests
{
    private const int Width = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Runtime_answers_as_the_trees_do_also_at_a_threshold_and_for_what_is_no_number(int seed)
    {
        var random = new Random(seed);
        var trees = Enumerable.Range(0, 20).Select(_ => Tree(random)).ToArray();
        var graph = new OnnxGraph("trees");
        graph.Output("y", graph.Trees(graph.Input("x", Width), trees, bias: 0.5f));
        using var model = OpenModel.Onnx(graph.ToArray());
        for (var run = 0; run < 1000; run++)
        {
            var row = new float[Width];
            foreach (ref var value in row.AsSpan())
                value = random.Next(10) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => -0f, _ => random.Next(-8, 9) / 4f };
            row.CopyTo(model.Input);
            model.Run();
            Assert.Equal(0.5 + trees.Sum(tree => (double)tree.Predict(row)), model.Output[0], 1e-5);
        }
    }

    [Fact]
    public void Trees_stand_in_a_graph_as_any_layer_does()
    {
        var graph = new OnnxGraph("scored");
        graph.Output("y", graph.Sigmoid(graph.Mul(graph.Trees(graph.Mul(graph.Input("x", 1), [2f]), [new([new(0, 1, ~0, ~1)], [-3, 3])]), [0.5f])));
        using var model = OpenModel.Onnx(graph.ToArray());
        model.Input[0] = 0.5f;
        model.Run();
        Assert.Equal(1 / (1 + Math.Exp(1.5)), model.Output[0], 1e-6);
        model.Input[0] = 0.51f;
        model.Run();
        Assert.Equal(1 / (1 + Math.Exp(-1.5)), model.Output[0], 1e-6);
    }

    [Fact]
    public void What_is_no_tree_is_refused()
    {
        foreach (var (nodes, leaves) in ((TreeNode[], float[])[])[
            ([], []), ([], [1, 2]), ([new(0, 1, ~0, ~0)], [1, 2]), ([new(0, 1, 0, ~1)], [1, 2]), ([new(0, 1, ~0, ~2)], [1, 2]), ([new(0, 1, 1, ~0), new(0, 1, 1, ~1)], [1, 2, 3]), ([new(0, 1, 5, ~1)], [1, 2]),
            ([new(-1, 1, ~0, ~1)], [1, 2]), ([new(0, float.NaN, ~0, ~1)], [1, 2]), ([new(0, 1, ~0, ~1)], [1, float.PositiveInfinity])])
            Assert.Throws<ArgumentException>(() => new DecisionTree(nodes, leaves));
        var graph = new OnnxGraph("trees");
        var input = graph.Input("x", 2);
        Assert.Throws<ArgumentException>(() => graph.Trees(input, []));
        Assert.Contains("feature 2", Assert.Throws<ArgumentException>(() => graph.Trees(input, [new([new(2, 1, ~0, ~1)], [1, 2])])).Message, StringComparison.Ordinal);
    }

    private static DecisionTree Tree(Random random)
    {
        var count = random.Next(0, 12);
        var (nodes, leaves, next) = (new TreeNode[count], 0, 1);
        // Children that are not given yet: nodes as long as there are any, in an order of chance.
        var open = new List<(int Node, bool Left)>();
        for (var i = 0; i < count; i++)
        {
            nodes[i] = new(random.Next(Width), random.Next(-8, 9) / 4f, 0, 0);
            open.Add((i, true));
            open.Add((i, false));
            if (next >= count) continue;
            var ready = open.Where(place => place.Node <= i).ToList();
            var (node, left) = ready[random.Next(ready.Count)];
            open.Remove((node, left));
            nodes[node] = left ? nodes[node] with { Left = next } : nodes[node] with { Right = next };
            next++;
        }
        foreach (var (node, left) in open)
            nodes[node] = left ? nodes[node] with { Left = ~leaves++ } : nodes[node] with { Right = ~leaves++ };
        return new(nodes, [.. Enumerable.Range(0, count + 1).Select(_ => random.Next(-100, 100) / 8f)]);
    }
}
