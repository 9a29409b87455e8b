using System.Text.Json.Nodes;
using Edge.Sync.Tool.Commands;

namespace Edge.Sync.Tool;

/// <summary>Runs one command: its result as JSON or as text, its errors on the error stream, and an exit code.</summary>
internal static class Tool
{
    private const string Usage = """
        edge-sync inspect FILE                     whose replica it is, its feeds and collections
        edge-sync log FILE [--limit N] [--document COLLECTION/ID]
                                                   the newest changes (100), or those of one document
        edge-sync verify FILE                      proves the whole file; exits with 0 only if it is sound
        edge-sync storage FILE                     what takes the space
        edge-sync pack FILE                        packs the old part of the log, and gives free room back
        edge-sync repair FILE                      saves every whole change of a damaged file, and keeps the damaged one
                                                   (--name NAME, --pairing-key KEYFILE: of a file that cannot say them)
        edge-sync backup FILE TARGET               a copy that opens as a replica of its own
        edge-sync seed FILE TARGET                 the same, verified and packed: a pre-filled database to ship
        edge-sync export FILE [OUT]                all changes as lines of JSON, to OUT or the standard output
        edge-sync schema APP.dll [LOCK]            writes the schema lock file (edge-sync.schema.json) of a built app
                                                   (--check only compares, --retire lets fields go)
        edge-sync preflight FILE [--schema LOCK]   what a build with that schema would not read of FILE's log
        edge-sync import FILE LINES                takes such lines, each checked; makes FILE where there is none (--name NAME,
                                                   --pairing-key KEYFILE)
        edge-sync purge FILE COLLECTION ID         erases a document for good, here and on every replica (--intent TEXT says why)
        edge-sync forget FILE COLLECTION ID        the same of an encrypted one, and destroys its keys: old backups cannot be read either

        --json       the result as JSON      --progress   counts on the error stream even where that is no terminal

        Exit codes: 0 success, 1 not sound or not all saved, 2 usage, 3 no such file or not ours, 4 in use elsewhere,
        5 no room or no permission, 6 damaged, 7 bad input.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var isJson = args.Contains("--json");
        try
        {
            var line = CommandLine.Parse(args);
            if (line.Verb is null or "help")
            {
                Console.Error.WriteLine(Usage);
                return line.Verb is null ? ExitCode.Usage : ExitCode.Success;
            }
            using var progress = new ProgressLine(line.WantsProgress);
            var (result, code) = await RunAsync(line, progress).ConfigureAwait(false);
            progress.Dispose();
            if (result is not null) Console.Out.WriteLine(line.IsJson ? Text.ToJson(result) : Text.Render(result));
            return code;
        }
        catch (Exception e) when (ExitCode.Has(e))
        {
            if (isJson) Console.Out.WriteLine(Text.ToJson(new() { ["error"] = (e as EdgeSyncException)?.Code.ToString() ?? e.GetType().Name, ["message"] = e.Message }));
            else Console.Error.WriteLine(e.Message);
            if (e is UsageException && !isJson) Console.Error.WriteLine("'edge-sync help' lists the commands.");
            return ExitCode.Of(e);
        }
    }

    private static Task<(JsonObject? Result, int ExitCode)> RunAsync(CommandLine line, ProgressLine progress) => line.Verb switch
    {
        "inspect" => InspectCommand.RunAsync(line),
        "log" => LogCommand.RunAsync(line),
        "verify" => VerifyCommand.RunAsync(line, progress),
        "storage" => StorageCommand.RunAsync(line, progress),
        "pack" => PackCommand.RunAsync(line, progress),
        "repair" => RepairCommand.RunAsync(line, progress),
        "backup" => CopyCommand.RunAsync(line, isSeed: false, progress),
        "seed" => CopyCommand.RunAsync(line, isSeed: true, progress),
        "export" => ExportCommand.RunAsync(line, progress),
        "purge" => PurgeCommand.RunAsync(line, forgets: false),
        "forget" => PurgeCommand.RunAsync(line, forgets: true),
        "schema" => SchemaCommand.RunAsync(line),
        "preflight" => PreflightCommand.RunAsync(line),
        "import" => ImportCommand.RunAsync(line, progress),
        var verb => throw new UsageException($"There is no command '{verb}'."),
    };
}
