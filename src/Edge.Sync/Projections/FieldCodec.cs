using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync.Projections;

/// <summary>The stored form of a read model's columns.</summary>
/// <remarks><code>
/// fields  = [ name, kind, column, element, nullable, constant or nil, ... ]    nullable: a boolean, or flags 1 nullable, 2 ruled by the app, 4 local, 8 with an old field
/// element = column                               of one element of a set, a log or a tree; of a scalar, its own
///         | [ column, kind, column, element ]    a map: its keys, and what lies under them
///         | [ fields ]                           an object, a record, the objects of a list
/// </code></remarks>
internal static class FieldCodec
{
    /// <summary>Deeper than the maps of a document can lie in each other.</summary>
    private const int DepthMax = 2 * MapState.DepthMax;

    private const int FieldParts = 6;

    public static void Write(ref MessagePackWriter writer, IReadOnlyList<FieldDefinition> fields)
    {
        writer.WriteArrayHeader(fields.Count * FieldParts);
        foreach (var field in fields)
        {
            writer.Write(field.Name);
            writer.Write((byte)field.Kind);
            writer.Write((byte)field.Column);
            WriteElement(ref writer, field.Shape);
            if (field is { IsRuled: false, IsLocal: false, IsLensed: false }) writer.Write(field.IsNullable);
            else writer.Write((field.IsNullable ? 1 : 0) + (field.IsRuled ? 2 : 0) + (field.IsLocal ? 4 : 0) + (field.IsLensed ? 8 : 0));
            if (field.InitialValue is { } constant) writer.Write(constant.Span);
            else writer.WriteNil();
        }
    }

    /// <exception cref="EdgeDataException">The bytes are no such fields.</exception>
    public static FieldDefinition[] Read(ref WireReader reader, int depth = 0)
    {
        if (depth > DepthMax) throw reader.Malformed("projection", $"its fields lie more than {DepthMax} deep in each other");
        var length = reader.ReadArrayHeader("projection");
        if (length % FieldParts != 0) throw reader.Malformed("projection", "a field is cut short");
        var fields = new FieldDefinition[length / FieldParts];
        for (var i = 0; i < fields.Length; i++)
        {
            var name = reader.ReadString("projection.name");
            var shape = ReadShape(ref reader, depth);
            var flags = ReadFlags(ref reader);
            fields[i] = new(name, name, shape, (flags & 1) != 0)
            {
                IsRuled = (flags & 2) != 0,
                IsLocal = (flags & 4) != 0,
                IsLensed = (flags & 8) != 0,
                InitialValue = reader.TryReadNil() ? null : new ValueBytes(reader.ReadBytes("projection.constant")),
            };
        }
        return fields;
    }

    private static void WriteElement(ref MessagePackWriter writer, FieldShape shape)
    {
        if (shape is { Column: ColumnType.JsonObjects, Value.Fields: { } objects })
        {
            writer.WriteArrayHeader(1);
            Write(ref writer, objects);
        }
        else if (shape.Value is { } value)
        {
            writer.WriteArrayHeader(4);
            writer.Write((byte)shape.Element);
            writer.Write((byte)value.Kind);
            writer.Write((byte)value.Column);
            WriteElement(ref writer, value);
        }
        else if (shape.Fields is { } fields)
        {
            writer.WriteArrayHeader(1);
            Write(ref writer, fields);
        }
        else
        {
            writer.Write((byte)shape.Element);
        }
    }

    private static FieldShape ReadShape(ref WireReader reader, int depth)
    {
        if (depth > DepthMax) throw reader.Malformed("projection", $"its fields lie more than {DepthMax} deep in each other");
        var shape = new FieldShape((CrdtKind)reader.ReadInt32("projection.kind", 0, byte.MaxValue), ReadColumn(ref reader));
        if (shape.Column is not (ColumnType.JsonObject or ColumnType.JsonObjects)) return shape with { Element = ReadColumn(ref reader) };
        var parts = reader.ReadArrayHeader("projection.element");
        if (parts != 1 && (parts != 4 || shape.Column == ColumnType.JsonObjects)) throw reader.Malformed("projection.element", $"it has 1 or 4 parts, not {parts}");
        if (shape.Column == ColumnType.JsonObjects) return shape with { Value = new(CrdtKind.Map, ColumnType.JsonObject) { Fields = Read(ref reader, depth + 1) } };
        if (parts == 1) return shape with { Fields = Read(ref reader, depth + 1) };
        return shape with { Element = ReadColumn(ref reader), Value = ReadShape(ref reader, depth + 1) };
    }

    private static int ReadFlags(ref WireReader reader) =>
        reader.TryReadBoolean(out var nullable) ? nullable ? 1 : 0 : reader.ReadInt32("projection.nullable", 2, 15); // 0 and 1 are written as booleans

    private static ColumnType ReadColumn(ref WireReader reader) => (ColumnType)reader.ReadInt32("projection.column", 0, byte.MaxValue);
}
