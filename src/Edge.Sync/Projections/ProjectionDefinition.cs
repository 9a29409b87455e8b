using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync.Projections;

/// <summary>
/// The columns of a collection's read model. Kept in the file, so that changes from peers are projected even while no class of the collection is in use.
/// </summary>
/// <remarks>Stored as the fields (<see cref="FieldCodec"/>); where any is indexed or searched, their names follow: an array of each; then nil where rows are stale.</remarks>
internal sealed class ProjectionDefinition(string collection, IReadOnlyList<FieldDefinition> fields)
{
    private readonly FieldDefinition[] _blind = [.. fields.Where(static field => (field.IsRuled && !field.Shape.HasRule) || (field.IsLensed && field.Lens is null))];

    public string Collection => collection;

    public IReadOnlyList<FieldDefinition> Fields => fields;

    public IReadOnlyList<ProjectionColumn> Columns { get; } = ProjectionColumn.Of(fields);

    /// <summary>The columns that the full-text index reads; none where there is no such index.</summary>
    public IReadOnlyList<ProjectionColumn> SearchColumns { get; } = [.. ProjectionColumn.Of(fields).Where(static column => column.IsSearched)];

    /// <summary>Whether rows have what their columns lack.</summary>
    public bool HasRest { get; } = ColumnRest.IsIn(fields);

    /// <summary>Whether there are fields that stay on the device, which are in a table of their own.</summary>
    public bool HasLocalFields { get; } = fields.Any(static f => f.IsLocal);

    /// <summary>Whether a column may change though its own field was not written: then whole rows are written.</summary>
    public bool HasForeignColumns { get; } = fields.Any(static f => f.IsLocal || f.IsLensed);

    /// <summary>Whether the file notes that rows were written without the app's own rules.</summary>
    public bool IsStale { get; private init; }

    /// <summary>Whether a rule of the app's would be needed to know what the document shows, and is not at hand.</summary>
    public bool IsBlindTo(DocumentState document)
    {
        foreach (var field in _blind)
            if (field.IsLensed || document.Find(field.Id, field.Kind) is RegisterState { Count: > 1 } or LatticeState or MapState) return true;
        return false;
    }

    public byte[] ToBytes(bool isStale = false)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        FieldCodec.Write(ref writer, fields);
        if (fields.Any(static field => field.IsIndexed || field.IsSearchable))
        {
            WriteNames(ref writer, NamesOf(fields, static field => field.IsIndexed));
            WriteNames(ref writer, NamesOf(fields, static field => field.IsSearchable));
        }
        if (isStale) writer.WriteNil();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static ProjectionDefinition Read(string collection, byte[] bytes)
    {
        var reader = new WireReader(bytes, default);
        var fields = FieldCodec.Read(ref reader);
        var isStale = !reader.End && reader.TryReadNil();
        if (!reader.End && !isStale)
        {
            var (indexed, searched) = (ReadNames(ref reader), ReadNames(ref reader));
            fields = [.. fields.Select(field => field with { IsIndexed = indexed.Contains(field.Name), IsSearchable = searched.Contains(field.Name) })];
            if (indexed.Count + searched.Count == 0 || !indexed.SequenceEqual(NamesOf(fields, static field => field.IsIndexed)) || !searched.SequenceEqual(NamesOf(fields, static field => field.IsSearchable)))
                throw reader.Malformed("projection.names", "they are not those of its fields, each once and in their order");
            isStale = !reader.End && reader.TryReadNil();
        }
        reader.ReadEnd("projection");
        return new(collection, fields) { IsStale = isStale };
    }

    public string CreateTableSql
    {
        get
        {
            var columns = Columns.Select(static c => $", {SqlName.Quote(c.Name)} {SqlType(c.Field)}{(IsNullable(c.Field) ? "" : " NOT NULL")}");
            return $"CREATE TABLE {SqlName.Quote(collection)} ({SqlName.Row} INTEGER PRIMARY KEY, {SqlName.Id} TEXT NOT NULL UNIQUE{string.Concat(columns)}{(HasRest ? $", {SqlName.Rest} BLOB" : "")})";
        }
    }

    public IEnumerable<string> CreateIndexesSql =>
        Columns.Where(static c => c.Field.IsIndexed && !c.IsMarks)
            .Select(c => $"CREATE INDEX {SqlName.Quote($"edge_index_{collection}_{c.Name}")} ON {SqlName.Quote(collection)} ({SqlName.Quote(c.Name)}, {SqlName.Id})");

    public string ReplaceSql
    {
        get
        {
            var names = string.Concat(Columns.Select(static c => ", " + SqlName.Quote(c.Name))) + (HasRest ? $", {SqlName.Rest}" : "");
            var values = string.Concat(Enumerable.Range(3, Columns.Count + (HasRest ? 1 : 0)).Select(static i => $", ?{i}"));
            return $"INSERT OR REPLACE INTO {SqlName.Quote(collection)} ({SqlName.Row}, {SqlName.Id}{names}) VALUES (?1, ?2{values})";
        }
    }

    /// <summary>Writes the columns whose bits are set, the first column's the lowest, and behind them what the columns lack, where they may lack something.</summary>
    public string UpdateSql(ulong columns, bool withRest)
    {
        var parameter = 2;
        var names = Columns.Where((_, i) => i < 64 && (columns >> i & 1) != 0).Select(static c => SqlName.Quote(c.Name)).Concat(withRest ? [SqlName.Rest] : []);
        var values = names.Select(name => $"{name} = ?{parameter++}");
        return $"UPDATE {SqlName.Quote(collection)} SET {string.Join(", ", values)} WHERE {SqlName.Row} = ?1";
    }

    public string DeleteSql => $"DELETE FROM {SqlName.Quote(collection)} WHERE {SqlName.Row} = ?1";

    private static string[] NamesOf(IReadOnlyList<FieldDefinition> fields, Func<FieldDefinition, bool> condition) => [.. fields.Where(condition).Select(static field => field.Name)];

    private static void WriteNames(ref MessagePackWriter writer, string[] names)
    {
        writer.WriteArrayHeader(names.Length);
        foreach (var name in names) writer.Write(name);
    }

    private static List<string> ReadNames(ref WireReader reader)
    {
        var names = new List<string>();
        for (var count = reader.ReadArrayHeader("projection.names"); count > 0; count--) names.Add(reader.ReadString("projection.names"));
        return names;
    }

    // NaN is NULL in its column, and so is a greatest or least value before the first.
    private static bool IsNullable(FieldDefinition field) => field.IsNullable || field.Column == ColumnType.Real || field.IsRuled || field.Kind is CrdtKind.MaxRegister or CrdtKind.MinRegister;

    private static string SqlType(FieldDefinition field) => field.Column switch
    {
        ColumnType.Integer => "INTEGER",
        ColumnType.Real => "REAL",
        _ => "TEXT",
    };
}
