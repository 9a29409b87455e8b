using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync.Projections;

/// <summary>
/// The columns of a collection's read model. Kept in the file, so that changes from peers are projected even while no class of the collection is in use.
/// </summary>
internal sealed class ProjectionDefinition(string collection, IReadOnlyList<FieldDefinition> fields)
{
    public string Collection => collection;

    public IReadOnlyList<FieldDefinition> Fields => fields;

    /// <summary><c>[ name, kind, column, element, nullable, constant or nil, ... ]</c></summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(fields.Count * 6);
        foreach (var field in fields)
        {
            writer.Write(field.Name);
            writer.Write((byte)field.Kind);
            writer.Write((byte)field.Column);
            writer.Write((byte)field.Shape.Element);
            writer.Write(field.IsNullable);
            if (field.InitialValue is { } constant) writer.Write(constant.Span);
            else writer.WriteNil();
        }
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static ProjectionDefinition Read(string collection, byte[] bytes)
    {
        var reader = new WireReader(bytes, default);
        var fields = new FieldDefinition[reader.ReadArrayHeader("projection") / 6];
        for (var i = 0; i < fields.Length; i++)
        {
            var name = reader.ReadString("projection.name");
            var shape = new FieldShape((CrdtKind)reader.ReadInt32("projection.kind"), (ColumnType)reader.ReadInt32("projection.column")) { Element = (ColumnType)reader.ReadInt32("projection.element") };
            fields[i] = new(name, name, shape, reader.ReadBoolean("projection.nullable"))
            {
                InitialValue = reader.TryReadNil() ? null : new ValueBytes(reader.ReadBytes("projection.constant")),
            };
        }
        return new(collection, fields);
    }

    public string CreateTableSql
    {
        get
        {
            var columns = fields.Select(static f => $", {SqlName.Quote(f.Name)} {SqlType(f)}{(IsNullable(f) ? "" : " NOT NULL")}");
            return $"CREATE TABLE {SqlName.Quote(collection)} ({SqlName.Row} INTEGER PRIMARY KEY, {SqlName.Id} TEXT NOT NULL UNIQUE{string.Concat(columns)})";
        }
    }

    public string ReplaceSql
    {
        get
        {
            var names = string.Concat(fields.Select(static f => ", " + SqlName.Quote(f.Name)));
            var values = string.Concat(fields.Select(static (_, i) => $", $f{i}"));
            return $"INSERT OR REPLACE INTO {SqlName.Quote(collection)} ({SqlName.Row}, {SqlName.Id}{names}) VALUES ($row, $id{values})";
        }
    }

    public string DeleteSql => $"DELETE FROM {SqlName.Quote(collection)} WHERE {SqlName.Row} = $row";

    // NaN is NULL in its column, and so is a greatest or least value before the first.
    private static bool IsNullable(FieldDefinition field) => field.IsNullable || field.Column == ColumnType.Real || field.Kind is CrdtKind.MaxRegister or CrdtKind.MinRegister;

    private static string SqlType(FieldDefinition field) => field.Column switch
    {
        ColumnType.Integer => "INTEGER",
        ColumnType.Real => "REAL",
        _ => "TEXT",
    };
}
