using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync.Projections;

/// <summary>The stored form of a read model's columns.</summary>
/// <remarks><code>
/// fields  = [ name, kind, column, element, nullable, constant or nil, ... ]
/// element = column                               of one element of a set, a log or a tree; of a scalar, its own
///         | [ column, kind, column, element ]    a map: its keys, and what lies under them
///         | [ fields ]                           an object
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
            writer.Write(field.IsNullable);
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
            fields[i] = new(name, name, ReadShape(ref reader, depth), reader.ReadBoolean("projection.nullable"))
            {
                InitialValue = reader.TryReadNil() ? null : new ValueBytes(reader.ReadBytes("projection.constant")),
            };
        }
        return fields;
    }

    private static void WriteElement(ref MessagePackWriter writer, FieldShape shape)
    {
        if (shape.Value is { } value)
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
        if (shape.Column != ColumnType.JsonObject) return shape with { Element = ReadColumn(ref reader) };
        var parts = reader.ReadArrayHeader("projection.element");
        if (parts is not (1 or 4)) throw reader.Malformed("projection.element", $"it has 1 or 4 parts, not {parts}");
        if (parts == 1) return shape with { Fields = Read(ref reader, depth + 1) };
        return shape with { Element = ReadColumn(ref reader), Value = ReadShape(ref reader, depth + 1) };
    }

    private static ColumnType ReadColumn(ref WireReader reader) => (ColumnType)reader.ReadInt32("projection.column", 0, byte.MaxValue);
}
