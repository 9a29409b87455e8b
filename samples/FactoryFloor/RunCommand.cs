using System.Text;
using FactoryFloor.Floor;
using FactoryFloor.Recording;
using FactoryFloor.Reporting;
using FactoryFloor.Sensing;
using FactoryFloor.Simulation;

namespace FactoryFloor;

/// <summary>Runs one shift and reports it.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan s_act = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(55);

    /// <returns>0 exactly if all replicas are equal in the end.</returns>
    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var json = line.Json is null ? null : CreateFile(line.Json);
        using var plot = line.Plot is null ? null : CreateFile(line.Plot);
        using var folder = ReplicaFolder.Open(line.Out);
        var plant = Open(line);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(s_longest);

        await using var factory = await Factory.OpenAsync(folder.Path, plant);
        var shift = new Shift(factory, s_act);
        await Screen.ShowAsync(factory, shift, shift.RunAsync(stop.Token));
        var figures = await Figures.OfAsync(factory, shift, plant, TimeProvider.System.GetElapsedTime(started));
        Summary.Print(figures, Console.Out);
        if (json is not null)
            figures.WriteJson(json);
        if (plot is not null)
            await plot.WriteAsync(Encoding.UTF8.GetBytes(await PlotAsync(factory, plant)), cancellationToken);
        return figures.ReplicasEqual ? 0 : 1;
    }

    private static IPlant Open(CommandLine line) => line.Data is null ? new SimulatedPlant(CommittedModel()) : RecordedPlant.Load(line.Data, line.Labels);

    // Alarms as the gateway has them: what is drawn is what has arrived.
    private static async Task<string> PlotAsync(Factory factory, IPlant plant) => ScorePlot.Draw(
        [.. factory.Presses.Select(static press => (press.Node.Name, press.Trace.ToList()))],
        [.. (await factory.Gateway.Alarms.ToListAsync()).Select(static alarm => alarm.ToDraft())],
        plant.Labels);

    private static byte[] CommittedModel()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "press.onnx");
        return File.Exists(path) ? File.ReadAllBytes(path) : throw new InputException($"{path}: the model is missing. Make it: FactoryFloor train --out {path}");
    }

    // Before the run, so that a path that cannot be written is told at once.
    private static FileStream CreateFile(string path)
    {
        try
        {
            return File.Create(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be written: {e.Message}");
        }
    }
}
