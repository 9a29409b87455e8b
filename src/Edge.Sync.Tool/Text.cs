using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Edge.Sync.Tool;

/// <summary>Shows a result to people: one line a value, lists of objects as tables. What JSON has is here too, and nothing else.</summary>
internal static class Text
{
    private const int KeyWidth = 16;

    private static readonly JsonWriterOptions s_json = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToJson(JsonObject result)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, s_json))
            result.WriteTo(json);
        return Encoding.UTF8.GetString(output.GetBuffer().AsSpan(0, (int)output.Length));
    }

    public static string Render(JsonObject result)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in result)
        {
            switch (value)
            {
                case JsonArray { Count: 0 }: break;
                case JsonArray rows when rows[0] is JsonObject:
                    text.AppendLine().AppendLine(key);
                    AppendTable(text, rows);
                    break;
                case JsonArray items:
                    text.AppendLine().AppendLine(key);
                    foreach (var item in items)
                        text.Append("  ").AppendLine(Show(item));
                    break;
                case JsonObject inner:
                    text.AppendLine().AppendLine(key);
                    foreach (var (name, part) in inner)
                        text.Append("  ").Append(name.PadRight(KeyWidth)).AppendLine(Show(part));
                    break;
                default:
                    text.Append(key.PadRight(KeyWidth + 2)).AppendLine(Show(value));
                    break;
            }
        }
        return text.ToString().TrimEnd();
    }

    private static void AppendTable(StringBuilder text, JsonArray rows)
    {
        var columns = new List<string>();
        foreach (var row in rows)
            foreach (var (key, _) in row!.AsObject())
                if (!columns.Contains(key)) columns.Add(key);
        var cells = rows.Select(row => columns.ConvertAll(column => Show(row![column]))).Prepend(columns).ToList();
        var widths = columns.Select((_, i) => cells.Max(row => row[i].Length)).ToList();
        foreach (var row in cells)
            text.Append("  ").AppendLine(string.Join("  ", row.Select((cell, i) => i == row.Count - 1 ? cell : cell.PadRight(widths[i]))).TrimEnd());
    }

    private static string Show(JsonNode? value) => value switch
    {
        null => "",
        JsonArray items => string.Join(", ", items.Select(Show)),
        JsonObject part => string.Join(" ", part.Select(static pair => Show(pair.Value))),
        _ when value.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue(out long number) => number.ToString("N0", CultureInfo.InvariantCulture),
        _ when value.GetValueKind() == JsonValueKind.True => "yes",
        _ when value.GetValueKind() == JsonValueKind.False => "no",
        _ => value.ToString(),
    };
}
