using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>Erases one document for good, on every replica; with its keys, where it is to be forgotten.</summary>
internal static class PurgeCommand
{
    public static async Task<(JsonObject?, int)> RunAsync(CommandLine line, bool forgets)
    {
        var (path, collection, name) = (line.Word(0, "a file, a collection and an id"), line.Word(1, "a collection and an id"), line.Word(2, "an id"));
        line.Expect(3, "--intent");
        if (!CollectionName.IsValid(collection)) throw new UsageException($"'{collection}' is no name of a collection.");
        Span<byte> bytes = stackalloc byte[DocumentId.SizeBytes];
        if (name.Length != 2 * bytes.Length || Convert.FromHexString(name, bytes, out _, out _) != System.Buffers.OperationStatus.Done) throw new UsageException($"An id has 32 hexadecimal digits; '{name}' has not.");
        var id = DocumentId.FromBytes(bytes);
        var database = await DatabaseFile.OpenAsync(path).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var options = new EditOptions { Intent = line.Option("--intent") };
            var receipt = await (forgets ? database.ForgetAsync(collection, id, options) : database.PurgeAsync(collection, id, options)).ConfigureAwait(false);
            return (new() { ["document"] = $"{collection}/{id}", ["change"] = receipt.ChangeId?.ToString() }, ExitCode.Success);
        }
    }
}
