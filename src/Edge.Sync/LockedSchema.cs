using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edge.Sync;

/// <summary>A schema lock file, <c>edge-sync.schema.json</c>: what documents of an app look like on the wire. See docs/schema.md.</summary>
internal sealed class LockedSchema
{
    /// <summary>The file's name, beside the project.</summary>
    public const string FileName = "edge-sync.schema.json";

    /// <summary>In front of the type of a field that no class has any more.</summary>
    public const string Retired = "retired ";

    private const int Format = 1;

    /// <summary>The lines of each collection: a path, and its type on the wire.</summary>
    public SortedDictionary<string, SortedDictionary<string, string>> Collections { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Of(string collection)
    {
        if (!Collections.TryGetValue(collection, out var lines)) Collections.Add(collection, lines = new(StringComparer.Ordinal));
        return lines;
    }

    /// <exception cref="EdgeDataException">It is no such file.</exception>
    public static LockedSchema Parse(ReadOnlyMemory<byte> json)
    {
        var schema = new LockedSchema();
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.GetProperty("format").GetInt32() != Format) throw new EdgeDataException($"The schema lock file has another format than {Format}. Update Edge.Sync.", "schema.format");
            foreach (var collection in document.RootElement.GetProperty("collections").EnumerateObject())
                foreach (var line in collection.Value.EnumerateObject())
                    schema.Of(collection.Name)[line.Name] = line.Value.GetString() ?? "";
            return schema;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new EdgeDataException($"The schema lock file is no such file: {e.Message} Write it anew with 'edge-sync schema'.", "schema", innerException: e);
        }
    }

    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteStartObject("collections");
            foreach (var (collection, lines) in Collections)
            {
                json.WriteStartObject(collection);
                foreach (var (path, type) in lines)
                    json.WriteString(path, type);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>The lock file that follows this one when an app has <paramref name="now"/>: what is new is added, what is gone is retired.</summary>
    /// <param name="now">What the app's classes say.</param>
    /// <param name="retires">Whether fields may go.</param>
    /// <param name="problems">Gets what would break devices in the field; then the result is not to be used.</param>
    public LockedSchema Follow(LockedSchema now, bool retires, List<string> problems)
    {
        var next = new LockedSchema();
        foreach (var (collection, lines) in Collections)
        {
            var current = now.Collections.GetValueOrDefault(collection);
            foreach (var (path, locked) in lines)
            {
                var isRetired = locked.StartsWith(Retired, StringComparison.Ordinal);
                var type = isRetired ? locked[Retired.Length..] : locked;
                var found = current?.GetValueOrDefault(path);
                if (found is not null && found != type) problems.Add($"'{path}' of '{collection}' was '{type}' and is '{found}' now: take another name, and read the old one with a lens");
                else if (found is null && !isRetired && !retires) problems.Add($"'{path}' of '{collection}' is gone: rename its property with [Field(\"{path}\")], or retire it with --retire");
                next.Of(collection)[path] = found ?? Retired + type;
            }
        }
        foreach (var (collection, lines) in now.Collections)
            foreach (var (path, type) in lines)
                next.Of(collection)[path] = type;
        return next;
    }
}
