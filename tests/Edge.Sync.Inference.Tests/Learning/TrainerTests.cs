using Edge.Sync.Inference.Learning;

namespace Edge.Sync.Inference.Tests.Learning;

public class TrainerTests
{
    [Theory]
    [InlineData(LayerActivation.Tanh, LayerActivation.Identity, TrainerLoss.SquaredError)]
    [InlineData(LayerActivation.Sigmoid, LayerActivation.Tanh, TrainerLoss.SquaredError)]
    [InlineData(LayerActivation.Tanh, LayerActivation.Sigmoid, TrainerLoss.SquaredError)]
    [InlineData(LayerActivation.Tanh, LayerActivation.Sigmoid, TrainerLoss.CrossEntropy)]
    [InlineData(LayerActivation.Relu, LayerActivation.Identity, TrainerLoss.SquaredError)]
    public void Gradient_is_the_slope_of_the_loss(LayerActivation hidden, LayerActivation output, TrainerLoss loss)
    {
        var network = TrainableNetwork.Dense([4, 5, 3, 2], hidden, output, seed: 3);
        var trainer = new Trainer(network, new() { Loss = loss });
        var data = Random(seed: 4, rows: 7, network, static x => x > 0.5f ? 1 : 0);
        var gradient = trainer.GradientOf(data).ToArray();
        const float Step = 1e-3f;
        for (var i = 0; i < gradient.Length; i++)
        {
            var value = network.Parameters[i];
            network.Parameters[i] = value + Step;
            var above = trainer.ComputeLoss(data) * data.Count;
            network.Parameters[i] = value - Step;
            var below = trainer.ComputeLoss(data) * data.Count;
            network.Parameters[i] = value;
            // Central differences of sums that are rounded to floats.
            Assert.Equal((above - below) / (2 * Step), gradient[i], 0.02 + 0.02 * Math.Abs(gradient[i]));
        }
    }

    [Theory]
    [InlineData(TrainerMethod.Sgd, 0.5f)]
    [InlineData(TrainerMethod.Adam, 0.05f)]
    public void Network_learns_what_no_single_layer_can(TrainerMethod method, float rate)
    {
        var data = new TrainingSet(2, 1);
        foreach (var (a, b) in new[] { (0f, 0f), (0f, 1f), (1f, 0f), (1f, 1f) })
            data.Add([a, b], [a != b ? 1 : 0]);
        var trainer = new Trainer(TrainableNetwork.Dense([2, 8, 1], LayerActivation.Tanh, LayerActivation.Sigmoid, seed: 1),
            new() { Method = method, Loss = TrainerLoss.CrossEntropy, LearningRate = rate, BatchRows = 4, Momentum = method == TrainerMethod.Sgd ? 0.9f : 0 });
        Assert.True(trainer.TrainEpochs(data, 1_000));
        Assert.InRange(trainer.ComputeLoss(data), 0, 0.05);
    }

    [Fact]
    public void Logistic_regression_comes_to_the_weights_that_made_the_data()
    {
        var random = new SplitMix64(5);
        var data = new TrainingSet(2, 1);
        for (var i = 0; i < 20_000; i++)
        {
            var (a, b) = ((float)random.NextNormal(), (float)random.NextNormal());
            data.Add([a, b], [random.NextDouble() < 1 / (1 + Math.Exp(-(1.5 * a - 0.7 * b + 0.4))) ? 1 : 0]);
        }
        var network = TrainableNetwork.LogisticRegression(2);
        new Trainer(network, new() { Loss = TrainerLoss.CrossEntropy, BatchRows = 200, LearningRate = 0.02f }).TrainEpochs(data, 10);
        Assert.Equal(1.5f, network.Parameters[0], 0.1f);
        Assert.Equal(-0.7f, network.Parameters[1], 0.1f);
        Assert.Equal(0.4f, network.Parameters[2], 0.1f);
    }

    [Theory]
    [InlineData(TrainerMethod.Sgd)]
    [InlineData(TrainerMethod.Adam)]
    public void Training_that_is_stopped_after_any_step_and_resumed_gives_the_same_bits(TrainerMethod method)
    {
        var options = new TrainerOptions { Method = method, InputNoise = 0.3f, Momentum = 0.5f, WeightDecay = 0.01f, BatchRows = 8, Seed = 7 };
        var data = Waves(50);
        const int Steps = 30; // four epochs and a bit
        var whole = new Trainer(TrainableNetwork.Autoencoder(6, 3, seed: 2), options);
        Assert.Equal(Steps, whole.TrainSteps(data, Steps));
        for (var stop = 0; stop <= Steps; stop++)
        {
            var first = new Trainer(TrainableNetwork.Autoencoder(6, 3, seed: 2), options);
            first.TrainSteps(data, stop);
            var resumed = Trainer.Resume(first.ToCheckpoint());
            Assert.Equal((first.Steps, first.Epochs, first.Options), (resumed.Steps, resumed.Epochs, resumed.Options));
            resumed.TrainSteps(Waves(50), Steps - stop);
            Assert.Equal(whole.Network.Parameters, resumed.Network.Parameters);
            Assert.Equal(whole.ToCheckpoint(), resumed.ToCheckpoint());
        }
        Assert.NotEqual(whole.Network.Parameters.ToArray(), TrainableNetwork.Autoencoder(6, 3, seed: 2).Parameters.ToArray());
    }

    [Fact]
    public void Cancelled_training_stops_between_two_steps_and_says_so()
    {
        using var stop = new CancellationTokenSource();
        var trainer = new Trainer(TrainableNetwork.Autoencoder(6, 3, seed: 2));
        trainer.TrainSteps(Waves(50), 2, stop.Token);
        stop.Cancel();
        Assert.False(trainer.TrainEpochs(Waves(50), 5, stop.Token));
        Assert.Equal(0, trainer.TrainSteps(Waves(50), 5, stop.Token));
        Assert.Equal(2, trainer.Steps);
        Assert.True(trainer.TrainEpochs(Waves(50), 1));
    }

    [Fact]
    public void Damaged_checkpoint_is_refused_wherever_a_byte_is_wrong()
    {
        var trainer = new Trainer(TrainableNetwork.Autoencoder(4, 2, seed: 2));
        trainer.TrainSteps(Waves(20, width: 4), 3);
        var checkpoint = trainer.ToCheckpoint();
        for (var i = 0; i < checkpoint.Length; i++)
        {
            checkpoint[i] ^= 0x40;
            Assert.Throws<EdgeModelException>(() => Trainer.Resume(checkpoint));
            checkpoint[i] ^= 0x40;
            Assert.Throws<EdgeModelException>(() => Trainer.Resume(checkpoint.AsSpan(0, i)));
        }
        Trainer.Resume(checkpoint);
    }

    [Fact]
    public void Other_rows_and_rows_that_spoil_weights_are_slips()
    {
        var trainer = new Trainer(TrainableNetwork.Autoencoder(6, 3, seed: 2));
        trainer.TrainSteps(Waves(50), 2);
        Assert.Throws<ArgumentException>(() => trainer.TrainSteps(Waves(51), 1));
        Assert.Throws<ArgumentException>(() => trainer.TrainSteps(Waves(50, width: 5), 1));
        Assert.Throws<ArgumentException>(() => new Trainer(TrainableNetwork.Autoencoder(6, 3, seed: 2)).TrainSteps(new TrainingSet(6, 6), 1));
        Assert.Throws<ArgumentException>(() => new TrainingSet(1, 1).Add([float.NaN]));
        Assert.Throws<ArgumentException>(() => new Trainer(TrainableNetwork.Autoencoder(6, 3, seed: 2), new() { Loss = TrainerLoss.CrossEntropy }));
        Assert.Throws<ArgumentException>(() => new Trainer(TrainableNetwork.LogisticRegression(2), new() { LearningRate = float.NaN }));
    }

    [Fact]
    public void Step_allocates_nothing()
    {
        var data = Waves(50);
        var trainer = new Trainer(TrainableNetwork.Autoencoder(6, 3, seed: 2), new() { InputNoise = 0.1f });
        trainer.TrainEpochs(data, 2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        trainer.TrainSteps(data, 100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static TrainingSet Waves(int rows, int width = 6)
    {
        var data = new TrainingSet(width, width);
        for (var i = 0; i < rows; i++)
            data.Add([.. Enumerable.Range(0, width).Select(j => (float)Math.Sin(i * 0.3 + j))]);
        return data;
    }

    private static TrainingSet Random(ulong seed, int rows, TrainableNetwork network, Func<float, float> target)
    {
        var random = new SplitMix64(seed);
        var data = new TrainingSet(network.InputWidth, network.OutputWidth);
        for (var row = 0; row < rows; row++)
            data.Add([.. Enumerable.Range(0, network.InputWidth).Select(_ => 2 * random.NextSingle() - 1)], [.. Enumerable.Range(0, network.OutputWidth).Select(_ => target(random.NextSingle()))]);
        return data;
    }
}
