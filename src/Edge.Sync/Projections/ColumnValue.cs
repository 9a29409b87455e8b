using System.Globalization;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Projections;

/// <summary>What a field looks like in its SQL column.</summary>
internal static class ColumnValue
{
    /// <summary>The column's value for a field's state; the default of its type where nothing has arrived.</summary>
    public static object Of(FieldDefinition field, CrdtState? state) => state switch
    {
        CounterState counter => counter.Value,
        BoundedCounterState counter => counter.Value,
        FlagState flag => flag.IsEnabled ? 1L : 0L,
        TextState text => text.ToString(),
        RichTextState text => text.ToString(),
        // SQLite has no NaN: it makes it NULL, and says so.
        RegisterState register when register.TryGetWinner(out var bytes) => Decode(field.Column, bytes) is { } value ? value is double.NaN ? DBNull.Value : value : Missing(field),
        ExtremeState extreme when extreme.TryGet(out var bytes) => Decode(field.Column, bytes) is { } value and not double.NaN ? value : Missing(field),
        not null when field.Column is ColumnType.JsonArray or ColumnType.JsonObject => ColumnJson.Of(field.Shape, state),
        // An object is always there, and reads as its fields do.
        null when field.Shape.Fields is not null => ColumnJson.Of(field.Shape, CrdtState.Create(CrdtKind.Map)),
        _ => Missing(field),
    };

    /// <summary>A .NET value as a query compares it with a column: null, text, integer or real.</summary>
    /// <exception cref="NotSupportedException">Values of that type cannot be compared with columns.</exception>
    public static object? OfConstant(object? value) => value switch
    {
        null or string or double or long => value,
        ulong unsigned => unchecked((long)unsigned),
        bool boolean => boolean ? 1L : 0L,
        Counter counter => counter.Value,
        GrowCounter counter => counter.Value,
        BoundedCounter counter => counter.Value,
        EnableWinsFlag flag => flag.Value ? 1L : 0L,
        DisableWinsFlag flag => flag.Value ? 1L : 0L,
        float single => (double)single,
        DateTimeOffset time => Format(time),
        Guid guid => guid.ToString("N", CultureInfo.InvariantCulture),
        DocumentId id => id.ToString(),
        decimal number => Format(number),
        Enum wide when wide.GetTypeCode() == TypeCode.UInt64 => unchecked((long)Convert.ToUInt64(value, CultureInfo.InvariantCulture)),
        Enum or byte or sbyte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        char character => character.ToString(),
        _ => throw new NotSupportedException($"A query cannot compare with a value of type {value.GetType()}."),
    };

    /// <summary>A .NET value as a query compares it with the elements of a set's column.</summary>
    /// <exception cref="NotSupportedException">Values of that type cannot be compared with columns.</exception>
    public static object? OfElement(object? value) => OfConstant(value) is double real && !double.IsFinite(real) ? ColumnJson.NotFinite(real) : OfConstant(value);

    /// <summary>The type's default, as a non-nullable property reads it before anything has arrived.</summary>
    private static object Missing(FieldDefinition field) => field switch
    {
        { InitialValue: { } constant } => Decode(field.Column, constant) ?? Default(field.Column),
        { IsNullable: true } or { Kind: CrdtKind.MaxRegister or CrdtKind.MinRegister } => DBNull.Value,
        _ => Default(field.Column),
    };

    /// <summary>What a column shows before anything has arrived.</summary>
    public static object Default(ColumnType column) => column switch
    {
        ColumnType.JsonArray => "[]",
        ColumnType.JsonObject => "{}",
        ColumnType.Integer => 0L,
        ColumnType.Real => 0d,
        ColumnType.Time => Format(default(DateTimeOffset)),
        ColumnType.Guid => Guid.Empty.ToString("N", CultureInfo.InvariantCulture),
        ColumnType.Decimal => "0",
        _ => "",
    };

    /// <summary>Null both for nil and for bytes of another type: either way the property reads as its default.</summary>
    public static object? Decode(ColumnType column, ValueBytes bytes)
    {
        if (bytes.Span is [MessagePack.MessagePackCode.Nil]) return null;
        switch (column)
        {
            case ColumnType.Integer:
                if (ValueCodec<long>.TryDecode(bytes, out var integer)) return integer;
                return ValueCodec<bool>.TryDecode(bytes, out var boolean) ? boolean ? 1L : 0L : null;
            case ColumnType.Real:
                return ValueCodec<double>.TryDecode(bytes, out var real) ? real : null;
            case ColumnType.Time:
                return ValueCodec<DateTimeOffset>.TryDecode(bytes, out var time) ? Format(time) : null;
            case ColumnType.Guid:
                return ValueCodec<Guid>.TryDecode(bytes, out var guid) ? guid.ToString("N", CultureInfo.InvariantCulture) : null;
            case ColumnType.Decimal:
                return ValueCodec<decimal>.TryDecode(bytes, out var number) ? Format(number) : null;
            default:
                return ValueCodec<string>.TryDecode(bytes, out var text) ? text : null;
        }
    }

    // Without zeros at the end: numbers that are equal must have equal text.
    private static string Format(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
