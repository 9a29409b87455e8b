using Microsoft.ML.OnnxRuntime;

namespace Edge.Sync.Inference.Training.Tests;

public class TabularTrainerTests
{
    private const int Width = 8;

    [Fact]
    public void Trees_answer_in_the_runtime_as_they_were_trained_and_have_learned()
    {
        var model = TabularTrainer.TrainTrees(Rows(2000, 1, static row => row[0] * row[1] + (row[2] > 0.5f ? 3 : 0)), new() { Trees = 60 });
        using var onnx = new Session(model.ToOnnx("surface", version: 8));
        var (error, variance, worst) = (0.0, 0.0, 0.0);
        var test = Rows(500, 2, static row => row[0] * row[1] + (row[2] > 0.5f ? 3 : 0));
        for (var i = 0; i < test.Count; i++)
        {
            var answer = model.Predict(test.InputOf(i));
            worst = Math.Max(worst, Math.Abs(answer - onnx.Run(test.InputOf(i))));
            error += Math.Pow(answer - test.TargetOf(i)[0], 2);
            variance += Math.Pow(test.TargetOf(i)[0] - 1.5, 2);
        }
        Assert.True(worst <= 2e-5, $"the runtime differs by {worst}");
        Assert.True(error < variance / 20, $"{error} of {variance} is not explained");
        Assert.Equal((60, 8L), (model.Trees.Count, onnx.Version));
        // The trees that are shown are those that answer.
        Assert.Equal(model.Predict(test.InputOf(0)), model.Bias + model.Trees.Sum(tree => tree.Predict(test.InputOf(0))), 1e-4);
    }

    [Fact]
    public void Classes_are_told_apart_with_the_same_chance_in_the_runtime()
    {
        static float Class(float[] row) => row[0] * row[0] + row[1] * row[1] < 1.2f ? 1 : 0;
        var model = TabularTrainer.TrainTreeClassifier(Rows(2000, 3, Class));
        using var onnx = new Session(model.ToOnnx("ring"));
        var (right, worst) = (0, 0.0);
        var test = Rows(500, 4, Class);
        for (var i = 0; i < test.Count; i++)
        {
            var chance = model.Predict(test.InputOf(i));
            Assert.InRange(chance, 0, 1);
            worst = Math.Max(worst, Math.Abs(chance - onnx.Run(test.InputOf(i))));
            if (chance > 0.5 == test.TargetOf(i)[0] > 0.5) right++;
        }
        Assert.True(worst <= 1e-5, $"the runtime differs by {worst}");
        Assert.True(right >= 470, $"{right} of 500 are right");
    }

    [Fact]
    public void Logistic_regression_answers_the_same_in_the_runtime_and_weighs_what_counts()
    {
        // Features of other sizes, one that never changes.
        static float Class(float[] row) => row[0] - 2 * row[1] > 0 ? 1 : 0;
        var (data, test) = (Rows(1000, 5, Class, scale: 100), Rows(300, 6, Class, scale: 100));
        var model = TabularTrainer.TrainLogisticRegression(data);
        using var onnx = new Session(model.ToOnnx("line"));
        var (right, worst) = (0, 0.0);
        for (var i = 0; i < test.Count; i++)
        {
            var chance = model.Predict(test.InputOf(i));
            worst = Math.Max(worst, Math.Abs(chance - onnx.Run(test.InputOf(i))));
            if (chance > 0.5 == test.TargetOf(i)[0] > 0.5) right++;
        }
        Assert.True(worst <= 1e-6, $"the runtime differs by {worst}");
        Assert.True(right >= 285, $"{right} of 300 are right");
        Assert.True(model.Weights[0] > 0 && model.Weights[1] < -model.Weights[0] && Math.Abs(model.Weights[5]) < model.Weights[0] / 3, string.Join(' ', model.Weights));
    }

    [Fact]
    public void Same_rows_and_options_give_the_same_model()
    {
        static float Target(float[] row) => row[0] + row[3];
        Assert.Equal(TabularTrainer.TrainTrees(Rows(400, 7, Target)).ToOnnx("a"), TabularTrainer.TrainTrees(Rows(400, 7, Target)).ToOnnx("a"));
        Assert.NotEqual(TabularTrainer.TrainTrees(Rows(400, 7, Target)).ToOnnx("a"), TabularTrainer.TrainTrees(Rows(400, 7, Target), new() { Trees = 50 }).ToOnnx("a"));
    }

    [Fact]
    public async Task Trained_trees_serve_a_pipeline()
    {
        var token = TestContext.Current.CancellationToken;
        var model = TabularTrainer.TrainTrees(Rows(1000, 8, static row => row[0] * 2));
        var rows = Rows(50, 9, static row => row[0] * 2);
        await using var db = new EdgeDatabase(new EdgeDatabaseOptions { Path = Path.Combine(Path.GetTempPath(), "never-opened.db") });
        await using var ai = EdgeInference.Create(db);
        await using var pipeline = await ai.From(AsyncEnumerable.Empty<int>())
            .Sliding(static _ => "all", static i => DateTimeOffset.UnixEpoch.AddSeconds(i), count: 1)
            .Features(Width, (window, features) => rows.InputOf(window[0]).CopyTo(features))
            .Model(ModelContent.FromBytes("double", model.ToOnnx("double")), ModelScore.FirstOutput)
            .Decide(static (in Inference<int, string> r) => $"{r.Score:R}")
            .BuildAsync(token);
        for (var i = 0; i < rows.Count; i++)
        {
            Assert.True(pipeline.TryInfer(i, out var score));
            Assert.Equal(model.Predict(rows.InputOf(i)), float.Parse(score, System.Globalization.CultureInfo.InvariantCulture), 1e-5f);
        }
    }

    [Fact]
    public void Rows_that_nothing_can_be_learned_from_are_refused()
    {
        var two = new TrainingSet(Width, 2);
        var (mixed, one) = (Rows(50, 1, static row => row[0]), Rows(50, 1, static _ => 1));
        Assert.Contains("one answer", Assert.Throws<ArgumentException>(() => TabularTrainer.TrainTrees(two)).Message, StringComparison.Ordinal);
        Assert.Contains("too few", Assert.Throws<ArgumentException>(() => TabularTrainer.TrainTrees(new(Width, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("classes are 0 and 1", Assert.Throws<ArgumentException>(() => TabularTrainer.TrainTreeClassifier(mixed)).Message, StringComparison.Ordinal);
        Assert.Contains("one class", Assert.Throws<ArgumentException>(() => TabularTrainer.TrainLogisticRegression(one)).Message, StringComparison.Ordinal);
        foreach (var options in (TreeTrainerOptions[])[new() { Trees = 0 }, new() { LeavesMax = 1 }, new() { RowsInLeafMin = 0 }, new() { LearningRate = 0 }, new() { LearningRate = 2 }])
            Assert.Throws<ArgumentOutOfRangeException>(() => TabularTrainer.TrainTrees(mixed, options));
        Assert.Throws<ArgumentException>(() => TabularTrainer.TrainTrees(mixed).Predict(new float[3]));
    }

    private static TrainingSet Rows(int count, int seed, Func<float[], float> target, float scale = 1)
    {
        var random = new Random(seed);
        var data = new TrainingSet(Width, 1);
        var row = new float[Width];
        for (var i = 0; i < count; i++)
        {
            for (var n = 0; n < Width; n++)
                row[n] = n == 7 ? 4 : (random.NextSingle() * 4 - 2) * (n == 2 ? scale : 1);
            data.Add(row, [target(row)]);
        }
        return data;
    }

    private sealed class Session(byte[] onnx) : IDisposable
    {
        private readonly InferenceSession _session = new(onnx);

        public long Version => _session.ModelMetadata.Version;

        public float Run(ReadOnlySpan<float> row)
        {
            using var input = OrtValue.CreateTensorValueFromMemory(row.ToArray(), [1, row.Length]);
            using var options = new RunOptions();
            using var output = _session.Run(options, ["x"], [input], ["y"]);
            return output[0].GetTensorDataAsSpan<float>()[0];
        }

        public void Dispose() => _session.Dispose();
    }
}
