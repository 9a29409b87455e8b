using System.Text.Json;

namespace Edge.Sync;

/// <summary>Changes as lines of JSON: what <c>edge-sync export</c> writes and <c>import</c> reads. The bytes are the truth, the rest is for people.</summary>
internal static class ChangeLines
{
    public static void Write(Stream output, Log.Change change, string? id, ReadOnlySpan<byte> seal, ReadOnlySpan<byte> past = default)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("replica", change.Written.Replica.ToString());
            json.WriteNumber("first", change.Written.First);
            json.WriteNumber("count", change.Written.Count);
            if (id is not null) json.WriteString("id", id);
            json.WriteString("time", change.Written.Timestamp.ToDateTimeOffset().UtcDateTime);
            json.WriteBase64String("bytes", change.Bytes.Span);
            if (!seal.IsEmpty) json.WriteBase64String("seal", seal);
            if (!past.IsEmpty) json.WriteBase64String("follows", past);
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    /// <summary>The changes with their seals, and with the ids of what they follow where these are there.</summary>
    /// <exception cref="EdgeDataException">A line is no change.</exception>
    public static IEnumerable<(byte[] Bytes, byte[] Seal, byte[] Past)> Read(TextReader input)
    {
        long number = 0;
        while (input.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            byte[]? bytes = null, seal = null, past = null;
            Exception? cause = null;
            try
            {
                using var json = JsonDocument.Parse(line);
                bytes = ReadBytes(json.RootElement, "bytes");
                seal = ReadBytes(json.RootElement, "seal");
                past = ReadBytes(json.RootElement, "follows");
            }
            catch (JsonException e) { cause = e; }
            yield return (bytes ?? throw new EdgeDataException($"Line {number} is no change: an object with the text 'bytes' in Base64 was expected.", "line", number, innerException: cause), seal ?? [], past ?? []);
        }
    }

    private static byte[]? ReadBytes(JsonElement line, string name) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) ? bytes : null;
}
