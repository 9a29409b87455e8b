using Edge.Sync;
using FederatedLoop;
using FederatedLoop.Data;

try
{
    var line = CommandLine.Parse(args);
    if (line.Help)
    {
        Console.WriteLine(CommandLine.Usage);
        return 0;
    }
    var task = line.Data is null ? SimulatedMachines.Make(line.Devices, rowsEach: 300) : RecordedMachine.Load(line.Data, line.Devices);
    await using var fleet = await Fleet.OpenAsync(task);
    var figures = await new Loop(task, fleet, line).RunAsync();
    figures.Print(Console.Out);
    if (line.Json is not null)
    {
        using var json = File.Create(line.Json);
        figures.WriteJson(json);
    }
    return figures.IsIdentical && figures.IsThrough ? 0 : 1;
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
