using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Edge.Sync.Inference;

/// <summary>What closes a round, as JSON with one text per meaning: whose contributions count, by their hashes, and what they come to.</summary>
internal sealed record RoundStatement(DocumentId Base, int Round, double Clip, double NoiseMultiplier, IReadOnlyList<(ReplicaId Device, string Hash)> Members, string Result)
{
    public const string Purpose = "edge-sync/round";

    private const string Format = "edge-sync/round/0";
    private const int StatementLengthMax = 128 << 20;
    private const int MembersMax = 1 << 20;

    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("base", Base.Value);
            json.WriteNumber("round", Round);
            json.WriteNumber("clip", Clip);
            json.WriteNumber("noise", NoiseMultiplier);
            json.WriteStartObject("members");
            foreach (var (device, hash) in Members)
                json.WriteString(Convert.ToHexStringLower(device.ToByteArray()), hash);
            json.WriteEndObject();
            json.WriteString("result", Result);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static RoundStatement? Read(string text)
    {
        if (text.Length > StatementLengthMax)
            return null;
        try
        {
            using var document = JsonDocument.Parse(text, new() { MaxDepth = 3 });
            var json = document.RootElement;
            var members = new List<(ReplicaId, string)>();
            foreach (var member in json.GetProperty("members").EnumerateObject())
            {
                if (members.Count == MembersMax)
                    return null;
                members.Add((ReplicaId.FromBytes(Convert.FromHexString(member.Name)), member.Value.GetString()!));
            }
            var statement = new RoundStatement(new(json.GetProperty("base").GetGuid()), json.GetProperty("round").GetInt32(), json.GetProperty("clip").GetDouble(),
                json.GetProperty("noise").GetDouble(), members, json.GetProperty("result").GetString()!);
            return statement.ToJson() == text ? statement : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }
}
