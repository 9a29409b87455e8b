using FactoryFloor.Recording;
using FactoryFloor.Simulation;

namespace FactoryFloor.Training;

/// <summary><c>train [--data FILE] [--out MODEL.onnx]</c>: makes the model of the simulated press, or of a recording.</summary>
internal static class TrainCommand
{
    public static void Run(string? dataPath, string outPath)
    {
        var model = dataPath is null ? SimulatedPlant.TrainModel() : RecordedPlant.Train(RecordingFile.Read(dataPath)).Model;
        try
        {
            File.WriteAllBytes(outPath, model);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{outPath}: cannot be written: {e.Message}");
        }
        Console.WriteLine($"{outPath}: {model.Length} bytes, trained on {(dataPath is null ? "the simulation" : $"the first 15 % of {dataPath}")}");
    }
}
