using Microsoft.ML.OnnxRuntime;

namespace Edge.Sync.Inference.Tests.Learning;

public class NetworkOnnxTests
{
    [Theory]
    [InlineData(LayerActivation.Tanh, LayerActivation.Identity, 24, 8, 24)]
    [InlineData(LayerActivation.Relu, LayerActivation.Sigmoid, 30, 16, 8, 1)]
    [InlineData(LayerActivation.Sigmoid, LayerActivation.Tanh, 3, 2)]
    [InlineData(LayerActivation.Identity, LayerActivation.Relu, 1, 1, 1)]
    public void Runtime_and_network_agree_after_training(LayerActivation hidden, LayerActivation output, params int[] widths)
    {
        var network = TrainableNetwork.Dense(widths, hidden, output, seed: 9);
        var random = new Random(10);
        var data = new TrainingSet(network.InputWidth, network.OutputWidth);
        for (var row = 0; row < 100; row++)
            data.Add(Row(random, network.InputWidth), Row(random, network.OutputWidth));
        new Trainer(network).TrainEpochs(data, 3);

        using var session = new InferenceSession(network.ToOnnx("net", version: 3).ToArray());
        Assert.Equal(3, session.ModelMetadata.Version);
        var answer = new float[network.OutputWidth];
        for (var run = 0; run < 300; run++)
        {
            var row = Row(random, network.InputWidth);
            network.Predict(row, answer);
            using var input = OrtValue.CreateTensorValueFromMemory(row, [1, row.Length]);
            using var run1 = new RunOptions();
            using var outputs = session.Run(run1, ["features"], [input], ["output"]);
            var said = outputs[0].GetTensorDataAsSpan<float>();
            for (var i = 0; i < answer.Length; i++)
                Assert.Equal(answer[i], said[i], 1e-5f);
        }
    }

    [Fact]
    public void Clone_is_equal_and_apart()
    {
        var network = TrainableNetwork.Dense([2, 2], LayerActivation.Tanh, LayerActivation.Tanh, seed: 1);
        var clone = network.Clone();
        Assert.Equal(network.Parameters, clone.Parameters);
        clone.Parameters[0]++;
        Assert.NotEqual(network.Parameters[0], clone.Parameters[0]);
        Assert.Throws<ArgumentException>(() => network.Predict(new float[3], new float[2]));
        Assert.Throws<ArgumentException>(() => TrainableNetwork.Dense([2], LayerActivation.Tanh, LayerActivation.Tanh, 1));
        Assert.Throws<ArgumentException>(() => TrainableNetwork.Dense([1 << 20, 1 << 20], LayerActivation.Tanh, LayerActivation.Tanh, 1));
    }

    private static float[] Row(Random random, int width) => [.. Enumerable.Range(0, width).Select(_ => 2 * random.NextSingle() - 1)];
}
