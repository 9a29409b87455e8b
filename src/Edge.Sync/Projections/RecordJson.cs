using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync.Projections;

/// <summary>The JSON of a record struct: <c>{"Amount":"12.5","Currency":"EUR"}</c>, members ascending by name.</summary>
/// <param name="Text">The JSON.</param>
internal readonly record struct RecordJson(string Text) : IComparable
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null where the bytes are no record.</summary>
    /// <param name="bytes">The value.</param>
    /// <param name="fields">The members that the class knows: those alone are written, with defaults for what is missing. Null to write what is there.</param>
    public static RecordJson? Of(ValueBytes bytes, IReadOnlyList<FieldDefinition>? fields)
    {
        if (TryReadMembers(bytes) is not { } members) return null;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartObject();
            if (fields is not null) WriteKnown(json, members, fields);
            else WriteAll(json, members);
            json.WriteEndObject();
        }
        return new(Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }

    private static void WriteAll(Utf8JsonWriter json, List<(string Name, ValueBytes Value)> members)
    {
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            MarkJson.WriteValue(json, value);
        }
    }

    /// <summary>The names and values of a record; null where the bytes are none.</summary>
    public static List<(string Name, ValueBytes Value)>? TryReadMembers(ValueBytes bytes)
    {
        var reader = new MessagePackReader(bytes.Memory);
        if (reader.NextMessagePackType != MessagePackType.Array) return null;
        var length = reader.ReadArrayHeader();
        if (length == 0 || length % 2 != 0) return null;
        var members = new List<(string, ValueBytes)>();
        for (var i = 0; i < length; i += 2)
        {
            if (reader.NextMessagePackType != MessagePackType.String) return null;
            var name = reader.ReadString()!;
            members.Add((name, new(System.Buffers.BuffersExtensions.ToArray(reader.ReadRaw()))));
        }
        return members;
    }

    /// <summary>All alike: who sorts goes on by the bytes.</summary>
    public int CompareTo(object? obj) => 0;

    private static void WriteKnown(Utf8JsonWriter json, List<(string Name, ValueBytes Value)> members, IReadOnlyList<FieldDefinition> fields)
    {
        foreach (var field in fields)
        {
            json.WritePropertyName(field.Name);
            ColumnJson.WriteScalar(json, ColumnValue.OfValue(field, members.Find(member => member.Name == field.Name) is { Name: not null } found ? found.Value : null));
        }
    }
}
