using System.Text.Json;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync.Projections;

/// <summary>The marks of rich text in SQL: <c>[{"text":"The "},{"text":"fox","marks":{"bold":true}}]</c>, canonical.</summary>
internal static class MarkJson
{
    public static void Write(Utf8JsonWriter json, RichTextState state)
    {
        var text = state.ToString();
        json.WriteStartArray();
        foreach (var span in state.Spans())
        {
            json.WriteStartObject();
            json.WriteString("text", text.AsSpan(span.Start, span.Length));
            if (span.Marks.Length > 0)
            {
                json.WriteStartObject("marks");
                foreach (var mark in span.Marks)
                {
                    json.WritePropertyName(mark.Key);
                    WriteValue(json, mark.Value);
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>A mark's type is known from its value alone; what is not a value of ours is null.</summary>
    public static void WriteValue(Utf8JsonWriter json, ValueBytes value)
    {
        switch (MessagePackCode.ToMessagePackType(value.Span[0]))
        {
            case MessagePackType.Boolean: json.WriteBooleanValue(value.Span[0] == MessagePackCode.True); break;
            case MessagePackType.Integer: Write(json, ColumnValue.Decode(ColumnType.Integer, value)); break;
            case MessagePackType.Float: Write(json, ColumnValue.Decode(ColumnType.Real, value)); break;
            case MessagePackType.String: Write(json, ColumnValue.Decode(ColumnType.Text, value)); break;
            case MessagePackType.Binary: Write(json, ColumnValue.Decode(ColumnType.Guid, value)); break;
            case MessagePackType.Array: Write(json, ColumnValue.Decode(ColumnType.Time, value) ?? ColumnValue.Decode(ColumnType.Decimal, value) ?? ColumnValue.Decode(ColumnType.JsonObject, value)); break;
            default: json.WriteNullValue(); break;
        }
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        if (value is null) json.WriteNullValue();
        else ColumnJson.WriteElement(json, value);
    }
}
