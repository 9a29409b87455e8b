using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>Takes changes that were exported, or set aside by a repair.</summary>
internal static class ImportCommand
{
    public static async Task<(JsonObject?, int)> RunAsync(CommandLine line, IProgress<long> progress)
    {
        var (path, lines) = (line.Word(0, "a file and lines"), line.Word(1, "a file with lines"));
        line.Expect(2, "--name", "--pairing-key");
        if (!File.Exists(lines)) throw new UsageException($"'{lines}' does not exist.");
        var database = File.Exists(path)
            ? await DatabaseFile.OpenAsync(path).ConfigureAwait(false)
            : await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path, Name = line.Option("--name") ?? "default", PairingKey = line.PairingKey() }).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var report = await database.ImportAsync(lines, progress).ConfigureAwait(false);
            return (new() { ["taken"] = report.TakenCount, ["known"] = report.KnownCount, ["waiting"] = report.WaitingCount }, report.WaitingCount == 0 ? ExitCode.Success : ExitCode.Unsound);
        }
    }
}
