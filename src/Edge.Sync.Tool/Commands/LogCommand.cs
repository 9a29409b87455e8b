using System.Text.Json.Nodes;

namespace Edge.Sync.Tool.Commands;

/// <summary>The newest changes, or those of one document, oldest first.</summary>
internal static class LogCommand
{
    private const long LimitDefault = 100;

    public static Task<(JsonObject?, int)> RunAsync(CommandLine line)
    {
        var path = line.Word(0, "a file");
        line.Expect(1, "--limit", "--document");
        var limit = line.Number("--limit", LimitDefault);
        (string, DocumentId)? document = null;
        if (line.Option("--document") is { } name)
        {
            var slash = name.LastIndexOf('/');
            Span<byte> id = stackalloc byte[DocumentId.SizeBytes];
            if (slash < 1 || name.Length - slash - 1 != 2 * id.Length || Convert.FromHexString(name.AsSpan(slash + 1), id, out _, out _) != System.Buffers.OperationStatus.Done) throw new UsageException($"'--document' takes COLLECTION/ID with an id of 32 hexadecimal digits, not '{name}'.");
            document = (name[..slash], DocumentId.FromBytes(id));
        }
        var changes = new JsonArray();
        foreach (var change in FileInspector.ReadLog(path, document, limit))
            changes.Add((JsonNode)new JsonObject
            {
                ["sequence"] = change.Sequence,
                ["time"] = change.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
                ["replica"] = change.Replica,
                ["first"] = change.First,
                ["count"] = change.Count,
                ["bytes"] = change.Bytes,
                ["sealed"] = change.IsSealed,
                ["documents"] = new JsonArray([.. change.Documents.Select(static text => JsonValue.Create(text))]),
                ["intent"] = change.Intent,
                ["author"] = change.Author,
                ["id"] = change.Id,
            });
        return Task.FromResult<(JsonObject?, int)>((new() { ["changes"] = changes }, ExitCode.Success));
    }
}
