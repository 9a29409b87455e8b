using Edge.Sync.Inference;
using FactoryFloor.Recording;
using FactoryFloor.Sensing;

namespace FactoryFloor.Training;

/// <summary>Makes a model of what is normal from readings, without labels: seconds at most, on the device itself.</summary>
/// <remarks>
/// The readings may hold a fault or two that nobody knows of. So the rows that are rebuilt worst after half the time are left out of the other half, and the unit of
/// scores comes from their median, which a few faulty rows do not move.
/// </remarks>
internal static class ModelTrainer
{
    private const ulong Seed = 1;
    private const int Hidden = 8;
    private const int Epochs = 50;
    private const float LearningRate = 0.3f;
    private const float LeftOut = 0.05f;
    private const int RowsMin = 100;

    /// <summary>Half of a normal distribution lies within this many standard deviations of its mean.</summary>
    private const float MedianDeviations = 0.6745f;

    /// <summary>The bytes of an <c>.onnx</c> file, with the statistics in its metadata.</summary>
    public static byte[] Train(List<Reading> readings, SensorFeatures features, string name)
    {
        var data = TrainingRows.Of(readings, features);
        if (data.Rows.Count < RowsMin)
            throw new InputException($"There are {readings.Count} readings to train on; a model of windows of {features.WindowCount} needs at least {features.WindowCount + RowsMin - 1}.");
        var random = new SeededRandom(Seed);
        var network = new Autoencoder(features.Count, Hidden, random);
        var trainer = new AutoencoderTrainer(network, features.SignalCount, random);
        var rows = data.Rows;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            if (epoch == Epochs / 2)
                rows = Usual(network, data.Rows);
            // Ever smaller steps, so that where training ends depends little on its last rows.
            trainer.Epoch(rows, LearningRate * (1 - epoch / (float)Epochs));
        }

        var scores = Scores(network, data.Rows);
        Array.Sort(scores);
        var graph = network.ToOnnx(name);
        graph.Metadata(ModelMetadataKeys.Mean, data.Mean);
        graph.Metadata(ModelMetadataKeys.Scale, data.Scale);
        graph.Metadata(ModelMetadataKeys.ScoreScale, [scores[scores.Length / 2] / MedianDeviations]);
        return graph.ToArray();
    }

    private static List<float[]> Usual(Autoencoder network, IReadOnlyList<float[]> rows)
    {
        var scores = Scores(network, rows);
        var limit = scores.Order().ElementAt((int)((rows.Count - 1) * (1 - LeftOut)));
        return [.. rows.Where((_, row) => scores[row] <= limit)];
    }

    private static float[] Scores(Autoencoder network, IReadOnlyList<float[]> rows)
    {
        var (code, output) = (new float[network.Hidden], new float[network.Width]);
        var scores = new float[rows.Count];
        for (var row = 0; row < scores.Length; row++)
        {
            network.Reconstruct(rows[row], code, output);
            scores[row] = ModelScore.ReconstructionError(rows[row], output);
        }
        return scores;
    }
}
