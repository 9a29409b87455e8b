using FactoryFloor.Sensing;
using FactoryFloor.Training;

namespace FactoryFloor.Simulation;

/// <summary>Three simulated presses. One stays well, one wears out once, one twice.</summary>
internal sealed class SimulatedPlant : IPlant
{
    private const int ReadingsPerPress = 12_000;
    private const int TrainingReadings = 6_000;
    private const ulong TrainingSeed = 100;

    public SimulatedPlant(byte[] model)
    {
        Model = model;
        PressSimulator[] presses =
        [
            new("press-1", seed: 1, [new(First: 4_000, Last: 5_800)]),
            new("press-2", seed: 2, []),
            new("press-3", seed: 3, [new(First: 2_500, Last: 3_700), new(First: 8_000, Last: 10_000)]),
        ];
        Presses = [.. presses.Select(press => press.Readings(ReadingsPerPress).ToList())];
        Labels = [.. presses.SelectMany(press => press.Labels)];
    }

    public IReadOnlyList<IReadOnlyList<Reading>> Presses { get; }

    public IReadOnlyCollection<LabelledWindow> Labels { get; }

    public SensorFeatures Features => SensorFeatures.Press;

    public byte[] Model { get; }

    /// <summary>Trains the model that is committed as <c>press.onnx</c>: on a press that is well, and that is none of the three.</summary>
    public static byte[] TrainModel() =>
        ModelTrainer.Train([.. new PressSimulator("press-0", TrainingSeed, faults: []).Readings(TrainingReadings)], SensorFeatures.Press, "press");
}
