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

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        FieldCodec.Write(ref writer, fields);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static ProjectionDefinition Read(string collection, byte[] bytes)
    {
        var reader = new WireReader(bytes, default);
        var fields = FieldCodec.Read(ref reader);
        reader.ReadEnd("projection");
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
            var values = string.Concat(fields.Select(static (_, i) => $", ?{i + 3}"));
            return $"INSERT OR REPLACE INTO {SqlName.Quote(collection)} ({SqlName.Row}, {SqlName.Id}{names}) VALUES (?1, ?2{values})";
        }
    }

    public string DeleteSql => $"DELETE FROM {SqlName.Quote(collection)} WHERE {SqlName.Row} = ?1";

    // NaN is NULL in its column, and so is a greatest or least value before the first.
    private static bool IsNullable(FieldDefinition field) => field.IsNullable || field.Column == ColumnType.Real || field.Kind is CrdtKind.MaxRegister or CrdtKind.MinRegister;

    private static string SqlType(FieldDefinition field) => field.Column switch
    {
        ColumnType.Integer => "INTEGER",
        ColumnType.Real => "REAL",
        _ => "TEXT",
    };
}
