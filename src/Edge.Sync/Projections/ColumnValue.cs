using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Projections;

/// <summary>What a field looks like in its SQL column.</summary>
internal static class ColumnValue
{
    /// <summary>The column's value for a field's state; the default of its type where nothing has arrived.</summary>
    /// <param name="field">The field.</param>
    /// <param name="state">Its state; null where nothing has arrived.</param>
    /// <param name="companion">Its second state, see <see cref="FieldShape.Companion"/>.</param>
    public static object Of(FieldDefinition field, CrdtState? state, CrdtState? companion = null) =>
        Plain(field, state, companion) is var value && value is RecordJson json ? json.Text : value;

    /// <summary>The value of a register or of a member, as in <see cref="Of"/>, but that a record stays one.</summary>
    public static object OfValue(FieldDefinition field, ValueBytes? bytes) =>
        // SQLite has no NaN: it makes it NULL, and says so.
        bytes is { } present && Decode(field.Column, present, field.Shape.Fields) is { } value ? value is double.NaN ? DBNull.Value : value : Missing(field);

    /// <summary>As <see cref="Of"/>, but that a record stays one.</summary>
    public static object Plain(FieldDefinition field, CrdtState? state, CrdtState? companion = null) => state switch
    {
        CounterState counter => counter.Value,
        BoundedCounterState counter => counter.Value,
        FlagState flag => flag.IsEnabled ? 1L : 0L,
        TextState text => text.ToString(),
        RichTextState text => text.ToString(),
        _ when field.Kind == CrdtKind.Lattice => OfValue(field, Ruled(field.Shape, state ?? CrdtState.Create(CrdtKind.Lattice))),
        RegisterState { Count: > 1 } register when Ruled(field.Shape, register) is { } shown => OfValue(field, shown),
        RegisterState register => OfValue(field, register.TryGetWinner(out var bytes) ? bytes : null),
        ExtremeState extreme when extreme.TryGet(out var bytes) => Decode(field.Column, bytes) is { } value and not double.NaN ? value : Missing(field),
        not null when field.Column.IsJson() => ColumnJson.Of(field.Shape, state, companion),
        // An object is always there, and reads as its fields do.
        null when field.Shape is { Kind: CrdtKind.Map, Fields: not null } => ColumnJson.Of(field.Shape, CrdtState.Create(CrdtKind.Map)),
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
        DateTimeOffset time => ColumnTime.Write(time),
        Guid guid => guid.ToString("N", CultureInfo.InvariantCulture),
        DocumentId id => id.ToString(),
        IReference reference => reference.Id.ToString(),
        decimal number => Format(number),
        Enum wide when wide.GetTypeCode() == TypeCode.UInt64 => unchecked((long)Convert.ToUInt64(value, CultureInfo.InvariantCulture)),
        Enum or byte or sbyte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        char character => character.ToString(),
        _ => throw new NotSupportedException($"A query cannot compare with a value of type {value.GetType()}."),
    };

    /// <summary>A .NET value as a query compares it with the elements of a set's column.</summary>
    /// <exception cref="NotSupportedException">Values of that type cannot be compared with columns.</exception>
    public static object? OfElement(object? value) => OfConstant(value) is double real && !double.IsFinite(real) ? ColumnJson.NotFinite(real) : OfConstant(value);

    /// <summary>What the app's own rule shows; null where it is not at hand, or throws: then reading the property throws, and syncing goes on.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The app's code may throw whatever it likes.")]
    public static ValueBytes? Ruled(FieldShape shape, CrdtState state)
    {
        try { return shape.Rule?.Invoke(state); }
        catch (Exception) { return null; }
    }

    /// <summary>The type's default, as a non-nullable property reads it before anything has arrived.</summary>
    private static object Missing(FieldDefinition field) => field switch
    {
        { InitialValue: { } constant } => Decode(field.Column, constant) ?? Default(field.Column),
        { IsNullable: true } or { Kind: CrdtKind.MaxRegister or CrdtKind.MinRegister } => DBNull.Value,
        { Kind: not CrdtKind.Map, Shape.Fields: { } members } => new RecordJson(ColumnJson.OfDefaults(members)),
        _ => Default(field.Column),
    };

    /// <summary>What a column shows before anything has arrived.</summary>
    public static object Default(ColumnType column) => column switch
    {
        ColumnType.JsonArray or ColumnType.JsonObjects => "[]",
        ColumnType.JsonObject => "{}",
        ColumnType.Integer => 0L,
        ColumnType.Real => 0d,
        ColumnType.Time => ColumnTime.Write(default),
        ColumnType.Guid => Guid.Empty.ToString("N", CultureInfo.InvariantCulture),
        ColumnType.Decimal => "0",
        _ => "",
    };

    /// <summary>Null both for nil and for bytes of another type: either way the property reads as its default.</summary>
    public static object? Decode(ColumnType column, ValueBytes bytes, IReadOnlyList<FieldDefinition>? members = null)
    {
        if (bytes.IsNil) return null;
        switch (column)
        {
            case ColumnType.Integer:
                if (ValueCodec<long>.TryDecode(bytes, out var integer)) return integer;
                return ValueCodec<bool>.TryDecode(bytes, out var boolean) ? boolean ? 1L : 0L : null;
            case ColumnType.Real:
                return ValueCodec<double>.TryDecode(bytes, out var real) ? real : null;
            case ColumnType.Time:
                return ValueCodec<DateTimeOffset>.TryDecode(bytes, out var time) ? ColumnTime.Write(time) : null;
            case ColumnType.Guid:
                return ValueCodec<Guid>.TryDecode(bytes, out var guid) ? guid.ToString("N", CultureInfo.InvariantCulture) : null;
            case ColumnType.Decimal:
                return ValueCodec<decimal>.TryDecode(bytes, out var number) ? Format(number) : null;
            case ColumnType.JsonObject:
                return RecordJson.Of(bytes, members);
            default:
                return ValueCodec<string>.TryDecode(bytes, out var text) ? text : null;
        }
    }

    // Without zeros at the end: numbers that are equal must have equal text.
    public static string Format(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
}
