using System.Globalization;
using System.Text.Json;
using Edge.Sync.Fuzz;
using Edge.Sync.Tests.Fuzzing;
using Edge.Sync.Tests.Fuzzing.Codecs;

// Runs the fuzzer in earnest:
//   dotnet run -c Release --project tests/Fuzz -- [--codec NAME] [--inputs N] [--seed S] [--results FOLDER]
//   dotnet run -c Release --project tests/Fuzz -- laws [SEEDS]
// What a codec's run found is kept in a file of the folder; a run that is started again goes on with the codecs that have none yet.
if (args is ["laws", ..]) return LawsCommand.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 120);
var (name, inputs, seed, folder) = ((string?)null, 1_000_000L, 1, "artifacts/fuzz");
for (var i = 0; i + 1 < args.Length; i += 2)
    switch (args[i])
    {
        case "--codec": name = args[i + 1]; break;
        case "--inputs": inputs = long.Parse(args[i + 1], NumberStyles.AllowThousands, CultureInfo.InvariantCulture); break;
        case "--seed": seed = int.Parse(args[i + 1], CultureInfo.InvariantCulture); break;
        case "--results": folder = args[i + 1]; break;
        default: Console.Error.WriteLine($"Unknown option {args[i]}."); return 2;
    }
var codecs = AllCodecs.All.Where(c => name is null || c.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToList();
if (codecs.Count == 0)
{
    Console.Error.WriteLine($"There is no codec {name}. There are: {string.Join(", ", AllCodecs.All.Select(c => c.Name))}");
    return 2;
}
Directory.CreateDirectory(folder);
Console.WriteLine($"{"codec",-26} {"inputs",12} {"accepted",12} {"refused",12} {"bytes/byte",10} {"> 20 ms",8} {"slowest",9}");
var (total, failures) = (0L, new List<string>());
foreach (var codec in codecs)
{
    var file = Path.Combine(folder, $"{codec.Name}.{seed}.json");
    var run = File.Exists(file) ? JsonSerializer.Deserialize<FuzzRun>(File.ReadAllText(file)) : null;
    try
    {
        if (run is null || run.Inputs < inputs)
        {
            run = FuzzRun.Of(codec, seed, inputs, done => { if (!Console.IsErrorRedirected) Console.Error.Write($"\r{codec.Name} {done:N0}   \r"); });
            File.WriteAllText(file, JsonSerializer.Serialize(run));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Codec,-26} {run.Inputs,12:N0} {run.Accepted,12:N0} {run.Refused,12:N0} {run.BytesPerByte,10:N1} {run.Slow,8:N0} {run.SlowestMilliseconds,6:N1} ms"));
        total += run.Inputs;
    }
    catch (FuzzException e)
    {
        Console.WriteLine($"{codec.Name,-26} FAILED");
        failures.Add($"{e.Message}\n{string.Join('\n', (e.InnerException?.StackTrace ?? "").Split('\n').Take(6))}");
    }
}
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{codecs.Count} codecs, {total:N0} inputs, {failures.Count} failed"));
foreach (var failure in failures) Console.WriteLine($"\n{failure}");
return failures.Count == 0 ? 0 : 1;
