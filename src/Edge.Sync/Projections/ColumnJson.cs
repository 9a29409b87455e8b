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

    public static string Of(FieldShape shape, CrdtState state, CrdtState? companion = null) => Make((shape, state, companion), static (json, field) => Write(json, field.shape, field.state, field.companion));

    /// <summary>A record of which nothing is known yet.</summary>
    public static string OfDefaults(IReadOnlyList<FieldDefinition> members) => Make(members, static (json, members) => WriteObject(json, members, new()));

    private static string Make<TValue>(TValue value, Action<Utf8JsonWriter, TValue> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
            write(json, value);
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>NaN and the infinities, of which JSON has none, are text.</summary>
    public static string NotFinite(double real) => real.ToString(CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter json, FieldShape shape, CrdtState state, CrdtState? companion)
    {
        switch (state)
        {
            case SetState set: WriteElements(json, shape, set.Elements); break;
            case GrowSetState set: WriteElements(json, shape, set.Elements); break;
            case RemoveWinsSetState set: WriteElements(json, shape, set.Elements); break;
            case EventLogState log: WriteLog(json, shape, log); break;
            case ListState list when shape.Value is { } objects: WriteObjects(json, objects, list, companion as MapState ?? new()); break;
            case ListState list: WriteList(json, shape, list); break;
            case TreeState tree: WriteTree(json, shape, tree); break;
            case RichTextState text: MarkJson.Write(json, text); break;
            case MapState map when shape.Fields is { } fields: WriteObject(json, fields, map); break;
            case MapState map: WriteMap(json, shape, map); break;
            default: throw new System.Diagnostics.UnreachableException($"A {shape.Kind} is no JSON.");
        }
    }

    private static void WriteElements(Utf8JsonWriter json, FieldShape shape, IEnumerable<ValueBytes> elements)
    {
        json.WriteStartArray();
        foreach (var (value, _) in Sort(shape.Element, elements))
            WriteElement(json, value);
        json.WriteEndArray();
    }

    private static void WriteLog(Utf8JsonWriter json, FieldShape shape, EventLogState log)
    {
        json.WriteStartArray();
        foreach (ref readonly var entry in log.Entries)
            WriteElement(json, ColumnValue.Decode(shape.Element, entry.Value) ?? ColumnValue.Default(shape.Element));
        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, FieldShape shape, ListState list)
    {
        json.WriteStartArray();
        foreach (var value in list.ToArray())
            WriteElement(json, ColumnValue.Decode(shape.Element, value) ?? ColumnValue.Default(shape.Element));
        json.WriteEndArray();
    }

    private static void WriteObjects(Utf8JsonWriter json, FieldShape shape, ListState list, MapState objects)
    {
        json.WriteStartArray();
        foreach (var key in list.ToArray())
            WriteObject(json, shape.Fields!, objects.Find(key, CrdtKind.Map) as MapState ?? new());
        json.WriteEndArray();
    }

    /// <summary>Flat, depth first: a tree may be deeper than JSON readers go.</summary>
    private static void WriteTree(Utf8JsonWriter json, FieldShape shape, TreeState tree)
    {
        json.WriteStartArray();
        foreach (var (node, parent, _) in TreeWalk.DepthFirst(tree))
        {
            json.WriteStartObject();
            json.WriteString("id", new NodeId(node).ToString());
            if (parent == TreeState.Root) json.WriteNull("parent");
            else json.WriteString("parent", new NodeId(parent).ToString());
            json.WritePropertyName("value");
            WriteElement(json, (tree.TryGetValue(node, out var value) ? ColumnValue.Decode(shape.Element, value) : null) ?? ColumnValue.Default(shape.Element));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, FieldShape shape, MapState map)
    {
        var value = new FieldDefinition("", "", shape.Value!, false);
        json.WriteStartObject();
        foreach (var (name, key) in Sort(shape.Element, map.Keys))
        {
            json.WritePropertyName(KeyText(name));
            WriteField(json, value, map, key);
        }
        json.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter json, IReadOnlyList<FieldDefinition> fields, MapState map)
    {
        json.WriteStartObject();
        foreach (var field in fields)
        {
            json.WritePropertyName(field.Name);
            WriteField(json, field, map, field.Key);
        }
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, FieldDefinition field, MapState map, ValueBytes key)
    {
        var state = map.Find(key, field.Kind);
        if (field.Column.IsJson() && field.Kind is not (CrdtKind.Register or CrdtKind.Lattice))
            Write(json, field.Shape, state ?? CrdtState.Create(field.Kind), field.Shape.Companion is { } companion ? map.Find(key, companion) : null);
        else
            WriteScalar(json, ColumnValue.Plain(field, state));
    }

    /// <summary>What a column would hold.</summary>
    public static void WriteScalar(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case DBNull: json.WriteNullValue(); break;
            // A number to SQLite and to others, as it is in a column.
            case double.PositiveInfinity: json.WriteRawValue("9e999"); break;
            case double.NegativeInfinity: json.WriteRawValue("-9e999"); break;
            default: WriteElement(json, value); break;
        }
    }

    /// <summary>The name of a map's entry in JSON, where a column would hold <paramref name="key"/>.</summary>
    public static string KeyText(object key) => Convert.ToString(key, CultureInfo.InvariantCulture)!;

    private static List<(object Value, ValueBytes Bytes)> Sort(ColumnType column, IEnumerable<ValueBytes> elements)
    {
        var values = new List<(object Value, ValueBytes Bytes)>();
        foreach (var element in elements)
            if (ColumnValue.Decode(column, element) is { } value) values.Add((value, element));
        values.Sort(static (a, b) =>
        {
            var order = a.Value is string x && b.Value is string y ? CanonicalOrder<string>.Comparer.Compare(x, y) : Comparer<object>.Default.Compare(a.Value, b.Value);
            return order != 0 ? order : a.Bytes.CompareTo(b.Bytes);
        });
        return values;
    }

    internal static void WriteElement(Utf8JsonWriter json, object value)
    {
        if (value is RecordJson record) json.WriteRawValue(record.Text);
        else if (value is long integer) json.WriteNumberValue(integer);
        else if (value is double real && double.IsFinite(real)) json.WriteNumberValue(real);
        else json.WriteStringValue(value is double other ? NotFinite(other) : (string)value);
    }
}
