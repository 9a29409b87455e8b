using Edge.Sync.Inference.Onnx;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace Edge.Sync.Inference.Training;

/// <summary>Boosted trees: the sum of their leaves, or the chance that follows from it.</summary>
public sealed class TreeModel : TabularModel
{
    private readonly MachineLearningRows.Prediction _predict;
    private readonly (float Slope, float Offset)? _platt;

    private TreeModel(int inputWidth, RegressionTreeEnsemble ensemble, PlattCalibrator? calibrator, MachineLearningRows.Prediction predict) : base(inputWidth)
    {
        (Trees, Bias, _predict) = ([.. ensemble.Trees.Select((tree, i) => Convert(tree, (float)ensemble.TreeWeights[i]))], (float)ensemble.Bias, predict);
        if (calibrator is not null) _platt = ((float)calibrator.Slope, (float)calibrator.Offset);
    }

    /// <summary>The trees, their weights multiplied into their leaves.</summary>
    public IReadOnlyList<DecisionTree> Trees { get; }

    /// <summary>What is added to the sum of leaves.</summary>
    public float Bias { get; }

    /// <inheritdoc/>
    public override byte[] ToOnnx(string name, long version = 1)
    {
        var graph = new OnnxGraph(name, version);
        var score = graph.Trees(graph.Input("x", InputWidth), Trees, Bias);
        // Platt: the chance is a logistic function of the score.
        graph.Output("y", _platt is { } platt ? graph.Sigmoid(graph.Sub(graph.Mul(score, [-platt.Slope]), [platt.Offset])) : score);
        return graph.ToArray();
    }

    internal static TreeModel OfRegression(int inputWidth, FastTreeRegressionModelParameters model, MachineLearningRows.Prediction predict) => new(inputWidth, model.TrainedTreeEnsemble, null, predict);

    internal static TreeModel OfClasses(int inputWidth, CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator> model, MachineLearningRows.Prediction predict) =>
        new(inputWidth, model.SubModel.TrainedTreeEnsemble, model.Calibrator, predict);

    private protected override float Compute(ReadOnlySpan<float> row) => _predict(row);

    private static DecisionTree Convert(RegressionTree tree, float weight)
    {
        var nodes = new TreeNode[tree.NumberOfNodes];
        for (var i = 0; i < nodes.Length; i++)
        {
            if (tree.CategoricalSplitFlags[i]) throw new NotSupportedException("The tree asks for categories. Rows here are of numbers only.");
            nodes[i] = new(tree.NumericalSplitFeatureIndexes[i], tree.NumericalSplitThresholds[i], tree.LeftChild[i], tree.RightChild[i]);
        }
        return new(nodes, [.. tree.LeafValues.Select(value => (float)(value * weight))]);
    }
}
