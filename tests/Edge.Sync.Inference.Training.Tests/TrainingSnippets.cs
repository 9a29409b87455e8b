namespace Edge.Sync.Inference.Training.Tests;

/// <summary>The code of docs/learning.md that needs this package.</summary>
public class TrainingSnippets
{
    [Fact]
    public void Trees_are_trained_and_written()
    {
        var random = new Random(1);
        var labelled = Enumerable.Range(0, 200).Select(i => (Features: Enumerable.Range(0, 24).Select(_ => random.NextSingle() + i % 2).ToArray(), Failed: i % 2 == 1)).ToList();
        // snippet: trees
        var data = new TrainingSet(inputWidth: 24, targetWidth: 1);
        foreach (var window in labelled) data.Add(window.Features, [window.Failed ? 1 : 0]);
        TabularModel trees = TabularTrainer.TrainTreeClassifier(data);     // or TrainTrees for a value, TrainLogisticRegression
        byte[] onnx = trees.ToOnnx("press-failure", version: 8);
        // end
        Assert.NotEmpty(onnx);
    }
}
