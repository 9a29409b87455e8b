using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace Edge.Sync.Inference.Training;

/// <summary>Trains models of tables, by ML.NET: on a gateway or a developer's machine, in a second or so for some ten thousand rows.</summary>
/// <remarks>One thread, so the same rows and options give the same model on one machine. For models that learn on devices, see <see cref="TrainableNetwork"/>.</remarks>
public static class TabularTrainer
{
    /// <summary>Boosted trees that answer with a value (FastTree: Friedman, "Greedy function approximation", 2001, as MART).</summary>
    /// <param name="data">Rows with one target each.</param>
    /// <param name="options">How trees are grown; null for the defaults.</param>
    /// <exception cref="ArgumentException">They are no such rows, or too few.</exception>
    public static TreeModel TrainTrees(TrainingSet data, TreeTrainerOptions? options = null)
    {
        MachineLearningRows.Check(data, areClasses: false);
        var settings = ValidOf(options);
        var context = new MLContext(settings.Seed);
        var model = context.Regression.Trainers.FastTree(Set(new FastTreeRegressionTrainer.Options { LabelColumnName = nameof(MachineLearningRows.Row.Label) }, settings)).Fit(MachineLearningRows.ToView(context, data));
        return TreeModel.OfRegression(data.InputWidth, model.Model, MachineLearningRows.Predictor<MachineLearningRows.Valued>(context, model, data.InputWidth, static answer => answer.Score));
    }

    /// <summary>Boosted trees that answer with the chance of class 1.</summary>
    /// <param name="data">Rows with one target each, 0 or 1.</param>
    /// <param name="options">How trees are grown; null for the defaults.</param>
    /// <exception cref="ArgumentException">They are no such rows, too few, or all of one class.</exception>
    public static TreeModel TrainTreeClassifier(TrainingSet data, TreeTrainerOptions? options = null)
    {
        MachineLearningRows.Check(data, areClasses: true);
        var settings = ValidOf(options);
        var context = new MLContext(settings.Seed);
        var model = context.BinaryClassification.Trainers.FastTree(Set(new FastTreeBinaryTrainer.Options { LabelColumnName = nameof(MachineLearningRows.Row.Class) }, settings)).Fit(MachineLearningRows.ToView(context, data));
        return TreeModel.OfClasses(data.InputWidth, (CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator>)model.Model,
            MachineLearningRows.Predictor<MachineLearningRows.Likely>(context, model, data.InputWidth, static answer => answer.Probability));
    }

    /// <summary>Logistic regression of normalised features, by L-BFGS: answers with the chance of class 1.</summary>
    /// <param name="data">Rows with one target each, 0 or 1.</param>
    /// <param name="seed">Where chance comes from.</param>
    /// <exception cref="ArgumentException">They are no such rows, too few, or all of one class.</exception>
    public static LogisticModel TrainLogisticRegression(TrainingSet data, int seed = 0)
    {
        MachineLearningRows.Check(data, areClasses: true);
        var context = new MLContext(seed);
        var (mean, scale) = LogisticModel.Normalize(data);
        var normalized = new TrainingSet(data.InputWidth, 1);
        var row = new float[data.InputWidth];
        for (var i = 0; i < data.Count; i++)
        {
            LogisticModel.Normalize(data.InputOf(i), mean, scale, row);
            normalized.Add(row, data.TargetOf(i));
        }
        var model = context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options { LabelColumnName = nameof(MachineLearningRows.Row.Class), NumberOfThreads = 1 }).Fit(MachineLearningRows.ToView(context, normalized));
        var linear = model.Model.SubModel;
        return new(mean, scale, [.. linear.Weights], linear.Bias, MachineLearningRows.Predictor<MachineLearningRows.Likely>(context, model, data.InputWidth, static answer => answer.Probability));
    }

    private static TreeTrainerOptions ValidOf(TreeTrainerOptions? options)
    {
        options ??= new();
        options.Validate();
        return options;
    }

    private static TOptions Set<TOptions>(TOptions options, TreeTrainerOptions settings) where TOptions : BoostedTreeOptions
    {
        options.FeatureColumnName = nameof(MachineLearningRows.Row.Features);
        options.NumberOfTrees = settings.Trees;
        options.NumberOfLeaves = settings.LeavesMax;
        options.MinimumExampleCountPerLeaf = settings.RowsInLeafMin;
        options.LearningRate = settings.LearningRate;
        options.NumberOfThreads = 1;
        options.Seed = options.FeatureSelectionSeed = settings.Seed;
        return options;
    }
}
