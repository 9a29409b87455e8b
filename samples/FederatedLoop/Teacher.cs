using Edge.Sync.Inference;
using FederatedLoop.Data;

namespace FederatedLoop;

/// <summary>How any of them learns: the same small network, the same way, so that only whose rows it sees makes a difference.</summary>
internal static class Teacher
{
    private const int Hidden = 8;

    public static TrainableNetwork NewNetwork(int features) => TrainableNetwork.Dense([features, Hidden, 1], LayerActivation.Tanh, LayerActivation.Sigmoid, seed: 1);

    /// <summary>Rows to learn from.</summary>
    public static TrainingSet ToTrainingSet(IEnumerable<Row> rows, int features)
    {
        var data = new TrainingSet(features, 1);
        foreach (var row in rows)
            data.Add(row.Features, [row.Label]);
        return data;
    }

    /// <summary>By Adam, for those who have all their rows at hand.</summary>
    public static void Learn(TrainableNetwork network, TrainingSet data, int epochs) =>
        new Trainer(network, new() { Loss = TrainerLoss.CrossEntropy, LearningRate = 0.005f, BatchRows = 32 }).TrainEpochs(data, epochs);

    /// <summary>Within a round: plain descent, whose steps of several devices can be averaged.</summary>
    public static void LearnForRound(TrainableNetwork network, TrainingSet data, int round) =>
        new Trainer(network, new() { Method = TrainerMethod.Sgd, Loss = TrainerLoss.CrossEntropy, LearningRate = 0.1f, BatchRows = 32, Seed = (ulong)round + 1 }).TrainEpochs(data, 2);

    /// <summary>The share of rows that it answers rightly.</summary>
    public static double Accuracy(TrainableNetwork network, IEnumerable<Row> rows)
    {
        Span<float> answer = stackalloc float[1];
        var (right, all) = (0, 0);
        foreach (var row in rows)
        {
            network.Predict(row.Features, answer);
            right += answer[0] > 0.5f == row.Label > 0.5f ? 1 : 0;
            all++;
        }
        return (double)right / all;
    }
}
