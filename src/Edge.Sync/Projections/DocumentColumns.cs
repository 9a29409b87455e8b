using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Storage;

namespace Edge.Sync.Projections;

/// <summary>How documents of a class are read from the rows of its read model: which columns a query selects, and what they mean. Immutable.</summary>
internal sealed class DocumentColumns
{
    private readonly (int Slot, ColumnType Column)[] _cells;
    private readonly bool _hasRest;
    private readonly int _rowColumn;

    public DocumentColumns(DocumentSchema schema)
    {
        Schema = schema;
        var cells = new List<(int, ColumnType)>();
        var sql = $"t.{SqlName.Id}";
        for (var slot = 0; slot < schema.Fields.Count; slot++)
        {
            var field = schema.Fields[slot];
            if (field.Use == ColumnUse.None) continue;
            cells.Add((slot, field.Column));
            // A record is read from what the column is made of, which is beside it.
            if (field.Column != ColumnType.JsonObject) sql += $", t.{SqlName.Quote(field.Name)}";
        }
        _cells = [.. cells];
        _hasRest = ColumnRest.IsIn(schema.Fields);
        if (_hasRest) sql += $", t.{SqlName.Rest}";
        NeedsState = !schema.IsFlat;
        _rowColumn = 1 + _cells.Count(static cell => cell.Column != ColumnType.JsonObject) + (_hasRest ? 1 : 0);
        Sql = NeedsState ? $"{sql}, t.{SqlName.Row}" : sql;
    }

    public DocumentSchema Schema { get; }

    /// <summary>What a query selects of its read model <c>t</c>.</summary>
    public string Sql { get; }

    /// <summary>Whether the columns lack something that the properties have: then a document has its stored bytes too.</summary>
    public bool NeedsState { get; }

    public static DocumentId Id(SqliteStatement row) =>
        row.TryUtf8(0, out var text) && TryReadId(text, out var id) ? id : throw new InvalidCastException("The value is no document's id.");

    /// <summary>The document's row, where its stored bytes are needed.</summary>
    public long Row(SqliteStatement row) => row.Int64(_rowColumn);

    /// <summary>What the row has of each field, by slot.</summary>
    /// <param name="row">The row.</param>
    /// <param name="lacksOne">Whether one of them is not in the row, for once, but in the state.</param>
    public ColumnCell[] ReadCells(SqliteStatement row, out bool lacksOne)
    {
        var cells = new ColumnCell[Schema.Fields.Count];
        var column = 1;
        foreach (var (slot, type) in _cells)
            cells[slot] = type == ColumnType.JsonObject ? ColumnCell.Null : ReadCell(row, column++, type);
        lacksOne = _hasRest && row.TryBlob(column, out var rest) && ColumnRest.Apply(rest, cells);
        return cells;
    }

    private static bool TryReadId(ReadOnlySpan<byte> text, out DocumentId id)
    {
        Span<byte> bytes = stackalloc byte[DocumentId.SizeBytes];
        var isWhole = text.Length == 2 * DocumentId.SizeBytes && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done;
        id = isWhole ? DocumentId.FromBytes(bytes) : default;
        return isWhole;
    }

    private static ColumnCell ReadCell(SqliteStatement row, int column, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.Integer: return row.TryInt64(column, out var number) ? ColumnCell.Of(number) : ColumnCell.Null;
            case ColumnType.Real: return row.TryReal(column, out var real) ? ColumnCell.Of(real) : ColumnCell.Null;
            default:
                if (!row.TryUtf8(column, out var text)) return ColumnCell.Null;
                return type switch
                {
                    ColumnType.Time => ColumnCell.Of(ColumnTime.Read(text)),
                    ColumnType.JsonArray => ColumnCell.OfJson(text.ToArray()),
                    _ => ColumnCell.Of(System.Text.Encoding.UTF8.GetString(text)),
                };
        }
    }
}

/// <summary>The same for one class.</summary>
internal static class DocumentColumns<T> where T : class, IEdgeDocument<T>
{
    public static DocumentColumns Instance { get; } = new(T.Schema);

    public static string FindSql { get; } = $"SELECT {Instance.Sql} FROM {SqlName.Quote(T.Schema.Collection)} t WHERE t.{SqlName.Id} = ?1";
}
