using FactoryFloor.Sensing;
using FactoryFloor.Training;

namespace FactoryFloor.Recording;

/// <summary>A recording of one machine, played by three presses: each plays a third, so every reading is handled once.</summary>
/// <remarks>
/// The model learns from the first 15 % of the recording, as the Numenta benchmark allows, and never from labels. These readings are played too; what is
/// found in them was found by a model that has seen them.
/// </remarks>
internal sealed class RecordedPlant : IPlant
{
    private const double TrainingShare = 0.15;

    /// <summary>Half an hour, where readings come every 5 minutes: a row then looks 12 hours back.</summary>
    private const int ReadingsPerStepMax = 6;

    /// <summary>Training needs to see a window's length many times over.</summary>
    private const int WindowsInTraining = 10;

    private RecordedPlant(IReadOnlyList<IReadOnlyList<Reading>> presses, IReadOnlyCollection<LabelledWindow> labels, SensorFeatures features, byte[] model) =>
        (Presses, Labels, Features, Model) = (presses, labels, features, model);

    /// <exception cref="InputException">A file is missing or malformed, or the recording is too short to learn from.</exception>
    public static RecordedPlant Load(string dataPath, string? labelsPath)
    {
        var readings = RecordingFile.Read(dataPath);
        var labels = labelsPath is null ? [] : LabelFile.Read(labelsPath, dataPath);
        var (features, model) = Train(readings);
        return new([.. Thirds(readings)], labels, features, model);
    }

    /// <summary>Trains on the first part. The steps of a row are as long as so few readings allow.</summary>
    public static (SensorFeatures Features, byte[] Model) Train(List<Reading> readings, double share = TrainingShare)
    {
        var training = readings[..(int)(readings.Count * share)];
        var steps = SensorFeatures.Recording(readingsPerStep: 1).Steps;
        var features = SensorFeatures.Recording(Math.Clamp(training.Count / (steps * WindowsInTraining), 1, ReadingsPerStepMax));
        return (features, ModelTrainer.Train(training, features, "recording"));
    }

    public IReadOnlyList<IReadOnlyList<Reading>> Presses { get; }

    public IReadOnlyCollection<LabelledWindow> Labels { get; }

    public SensorFeatures Features { get; }

    public byte[] Model { get; }

    private static IEnumerable<IReadOnlyList<Reading>> Thirds(List<Reading> readings)
    {
        for (var third = 0; third < 3; third++)
        {
            var press = $"press-{third + 1}";
            yield return [.. readings[(readings.Count * third / 3)..(readings.Count * (third + 1) / 3)].Select(reading => reading with { Press = press })];
        }
    }
}
