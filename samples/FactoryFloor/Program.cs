using Edge.Sync;
using FactoryFloor;
using FactoryFloor.Recording;
using FactoryFloor.Training;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
try
{
    var line = CommandLine.Parse(args);
    if (line.Help)
        Console.WriteLine(CommandLine.Usage);
    else if (line.Train)
        TrainCommand.Run(line.Data, line.Out ?? "press.onnx");
    else
        return await RunCommand.RunAsync(line, stop.Token);
    return 0;
}
catch (InputException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (EdgeSyncException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine(stop.IsCancellationRequested ? "Stopped." : "The shift took too long and was stopped.");
    return 1;
}
