using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Projections;

/// <summary>What a field of many values looks like in its SQL column: canonical JSON, the same text on every replica.</summary>
internal static class ColumnJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(FieldShape shape, CrdtState state)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
            Write(json, shape, state);
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>NaN and the infinities, of which JSON has none, are text.</summary>
    public static string NotFinite(double real) => real.ToString(CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter json, FieldShape shape, CrdtState state)
    {
        switch (state)
        {
            case SetState set: WriteElements(json, shape, set.Elements); break;
            case GrowSetState set: WriteElements(json, shape, set.Elements); break;
            case RemoveWinsSetState set: WriteElements(json, shape, set.Elements); break;
            default: throw new System.Diagnostics.UnreachableException($"A {shape.Kind} is no JSON.");
        }
    }

    private static void WriteElements(Utf8JsonWriter json, FieldShape shape, IEnumerable<ValueBytes> elements)
    {
        var values = new List<object>();
        foreach (var element in elements)
            if (ColumnValue.Decode(shape.Element, element) is { } value) values.Add(value);
        values.Sort(static (a, b) => a is string x && b is string y ? CanonicalOrder<string>.Comparer.Compare(x, y) : Comparer<object>.Default.Compare(a, b));
        json.WriteStartArray();
        foreach (var value in values)
            WriteValue(json, value);
        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        if (value is long integer) json.WriteNumberValue(integer);
        else if (value is double real && double.IsFinite(real)) json.WriteNumberValue(real);
        else json.WriteStringValue(value is double other ? NotFinite(other) : (string)value);
    }
}
