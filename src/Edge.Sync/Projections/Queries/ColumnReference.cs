using System.Globalization;
using System.Text.Encodings.Web;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Projections.Queries;

/// <summary>A column of a read model, or an expression over one.</summary>
/// <param name="raw">As it is stored: NULL where nothing has arrived.</param>
/// <param name="definition">The field that it holds; null for what is computed.</param>
/// <param name="isOptional">Whether it may not be there at all, as what lies under a key of a map.</param>
internal sealed class ColumnReference(string raw, FieldDefinition? definition, bool isOptional = false)
{
    public string Raw => raw;

    public FieldDefinition? Field => definition;

    /// <summary>What the property reads as: a greatest or least value is NULL before the first, and reads as its type's default; what is not there, as empty.</summary>
    public string Sql => definition is { Kind: CrdtKind.MaxRegister or CrdtKind.MinRegister } || (isOptional && definition is { Kind: not CrdtKind.Register })
        ? $"coalesce({raw}, {Literal(ColumnValue.Default(definition.Column))})" : raw;

    public bool IsFlag => definition is { Kind: CrdtKind.EnableWinsFlag or CrdtKind.DisableWinsFlag };

    public bool IsJson => definition is { Column: var column } && column.IsJson();

    public bool IsDecimal => definition is { Column: ColumnType.Decimal };

    /// <summary>What compares by order: decimals are text in SQL, where 10 would come before 9.</summary>
    public string SortedSql => IsDecimal ? $"{Sql} COLLATE {SqlFunctions.DecimalOrder}" : Sql;

    /// <summary>A field of the object that this column holds; null where there is no such field, or its name has characters that JSON paths cannot say.</summary>
    public ColumnReference? FieldOfObject(string property)
    {
        foreach (var inner in definition!.Shape.Fields!)
        {
            if (inner.Property != property) continue;
            var name = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(inner.Name);
            if (name != inner.Name) return null;
            var path = $"$.\"{name}\"".Replace("'", "''", StringComparison.Ordinal);
            // -> gives JSON, ->> a value.
            return new(inner.Column.IsJson() ? $"({raw} -> '{path}')" : $"({raw} ->> '{path}')", inner);
        }
        return null;
    }

    private static string Literal(object value) => value is string text ? $"'{text}'" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
