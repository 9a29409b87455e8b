using FactoryFloor;
using FactoryFloor.Recording;
using FactoryFloor.Training;

try
{
    var line = CommandLine.Parse(args);
    if (line.Help)
        Console.WriteLine(CommandLine.Usage);
    else if (line.Train)
        TrainCommand.Run(line.Data, line.Out ?? "press.onnx");
    return 0;
}
catch (InputException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
