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

    public IReadOnlyList<ProjectionColumn> Columns { get; } = ProjectionColumn.Of(fields);

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
            var columns = Columns.Select(static c => $", {SqlName.Quote(c.Name)} {SqlType(c.Field)}{(IsNullable(c.Field) ? "" : " NOT NULL")}");
            return $"CREATE TABLE {SqlName.Quote(collection)} ({SqlName.Row} INTEGER PRIMARY KEY, {SqlName.Id} TEXT NOT NULL UNIQUE{string.Concat(columns)})";
        }
    }

    public string ReplaceSql
    {
        get
        {
            var names = string.Concat(Columns.Select(static c => ", " + SqlName.Quote(c.Name)));
            var values = string.Concat(Columns.Select(static (_, i) => $", ?{i + 3}"));
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
