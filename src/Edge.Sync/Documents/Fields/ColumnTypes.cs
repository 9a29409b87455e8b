namespace Edge.Sync.Documents;

/// <summary>Picks the column type of a value type.</summary>
internal static class ColumnTypes
{
    /// <exception cref="NotSupportedException">Values of that type cannot be stored.</exception>
    public static ColumnType Of<T>()
    {
        if (!ValueCodec<T>.IsSupported)
            throw new NotSupportedException($"Values of type {typeof(T)} cannot be stored. Use string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId, Reference<T>, an enum or a record struct of these.");
        if (typeof(T) == typeof(string)) return ColumnType.Text;
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double)) return ColumnType.Real;
        if (typeof(T) == typeof(decimal)) return ColumnType.Decimal;
        if (typeof(T) == typeof(Guid) || typeof(T) == typeof(DocumentId) || ValueCodec<T>.IsReference) return ColumnType.Guid;
        if (typeof(T) == typeof(DateTimeOffset)) return ColumnType.Time;
        if (ValueCodec<T>.Record is not null) return ColumnType.JsonObject;
        return ColumnType.Integer;
    }
}
