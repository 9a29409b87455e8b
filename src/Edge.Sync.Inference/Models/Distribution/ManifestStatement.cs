using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edge.Sync.Inference;

/// <summary>
/// What a manifest's signature covers, as JSON: anyone can read it in the table. One text per meaning: what would be written otherwise is refused, so a changed
/// byte cannot hide in white space, the order of members or the spelling of a number.
/// </summary>
internal sealed record ManifestStatement
{
    public const string Purpose = "edge-sync/model";

    private const string Format = "edge-sync/model/0";
    private const int StatementLengthMax = 1 << 20;
    private const int NameLengthMax = 256;
    private const int ChunksMax = 8_192;
    private const int WidthMax = 1 << 20;

    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required string Name { get; init; }

    public required ModelManifest Manifest { get; init; }

    public required byte[] Sha256 { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>SHA-256 of each chunk, in order.</summary>
    public required IReadOnlyList<byte[]> Chunks { get; init; }

    /// <summary>Floats that the model takes.</summary>
    public required int InputWidth { get; init; }

    /// <summary>Floats that it answers.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>What a publisher got wrong; null where nothing.</summary>
    public static string? Validate(string name, ModelManifest manifest) =>
        name.Length is 0 or > NameLengthMax ? $"its name has {name.Length} characters; 1 to {NameLengthMax} are allowed"
        : manifest.Version <= 0 ? $"its version is {manifest.Version}; versions begin with 1"
        : manifest.VersionFloor < 0 || manifest.VersionFloor > manifest.Version ? $"its version floor is {manifest.VersionFloor}; it lies between 0 and the version, {manifest.Version}"
        : manifest.FeatureSet.Length > NameLengthMax ? $"its feature set's name has {manifest.FeatureSet.Length} characters; {NameLengthMax} are allowed"
        : null;

    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_writing))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("name", Name);
            json.WriteNumber("version", Manifest.Version);
            json.WriteNumber("floor", Manifest.VersionFloor);
            if (Manifest.Expires is { } expires)
                json.WriteNumber("expires", expires.ToUnixTimeMilliseconds());
            json.WriteString("features", Manifest.FeatureSet);
            json.WriteString("sha256", Convert.ToHexStringLower(Sha256));
            json.WriteNumber("size", SizeBytes);
            json.WriteStartArray("chunks");
            foreach (var chunk in Chunks)
                json.WriteStringValue(Convert.ToHexStringLower(chunk));
            json.WriteEndArray();
            json.WriteNumber("input", InputWidth);
            json.WriteNumber("output", OutputWidth);
            if (Manifest.Scores is { } reference)
                Write(json, reference);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a statement.</summary>
    /// <returns>Null, and why, where it is none that <see cref="ToJson"/> writes.</returns>
    public static ManifestStatement? Read(string text, out string? fault)
    {
        if (text.Length > StatementLengthMax)
        {
            fault = $"it has {text.Length} characters; the limit is {StatementLengthMax}";
            return null;
        }
        try
        {
            using var json = JsonDocument.Parse(text, new() { MaxDepth = 4 });
            var statement = Read(json.RootElement);
            fault = Validate(statement.Name, statement.Manifest) ?? (statement.ToJson() == text ? null : "it is not in the one form that publishers write");
            return fault is null ? statement : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException or ArgumentException)
        {
            fault = $"it cannot be read: {e.Message}";
            return null;
        }
    }

    private static ManifestStatement Read(JsonElement json)
    {
        if (json.GetProperty("format").GetString() != Format)
            throw new FormatException($"its format is not '{Format}'");
        return new()
        {
            Name = Text(json, "name"),
            Manifest = new(json.GetProperty("version").GetInt64(), Text(json, "features"))
            {
                VersionFloor = json.GetProperty("floor").GetInt64(),
                Expires = json.TryGetProperty("expires", out var expires) ? DateTimeOffset.FromUnixTimeMilliseconds(expires.GetInt64()) : null,
                Scores = json.TryGetProperty("scores", out var reference) ? ReadHistogram(reference) : null,
            },
            Sha256 = Hash(json.GetProperty("sha256")),
            SizeBytes = json.GetProperty("size").GetInt64(),
            Chunks = [.. Bounded(json.GetProperty("chunks"), ChunksMax).EnumerateArray().Select(Hash)],
            InputWidth = Width(json.GetProperty("input")),
            OutputWidth = Width(json.GetProperty("output")),
        };
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    private static byte[] Hash(JsonElement json) =>
        Convert.FromHexString(json.GetString()!) is { Length: 32 } hash ? hash : throw new FormatException("a SHA-256 is not 32 bytes long");

    private static JsonElement Bounded(JsonElement list, int countMax) =>
        list.GetArrayLength() <= countMax ? list : throw new FormatException($"a list has {list.GetArrayLength()} entries; the limit is {countMax}");

    private static int Width(JsonElement json) =>
        json.GetInt32() is > 0 and <= WidthMax and var width ? width : throw new FormatException($"a row is {json.GetInt32()} wide; 1 to {WidthMax} are allowed");

    private static void Write(Utf8JsonWriter json, ScoreHistogram histogram)
    {
        json.WriteStartObject("scores");
        json.WriteStartArray("edges");
        foreach (var edge in histogram.Edges)
            json.WriteNumberValue(edge);
        json.WriteEndArray();
        json.WriteStartArray("counts");
        foreach (var count in histogram.Counts)
            json.WriteNumberValue(count);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ScoreHistogram ReadHistogram(JsonElement json) => new(
        [.. Bounded(json.GetProperty("edges"), ScoreHistogram.BinsMax).EnumerateArray().Select(static edge => edge.GetSingle())],
        [.. Bounded(json.GetProperty("counts"), ScoreHistogram.BinsMax).EnumerateArray().Select(static count => count.GetInt64())]);
}
