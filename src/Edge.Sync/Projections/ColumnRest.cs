using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync.Projections;

/// <summary>
/// What the columns of a row lack of the values that they show, so that documents can be read from rows: the offset of a time, zeros at the end of a decimal, NaN where null may be,
/// the members of a record that its class does not know, elements of a set that are of another type. Most rows have no such thing.
/// </summary>
/// <remarks>
/// <code>rest = NULL or [ slot, value, ... ]    slot: the field's place in its class; value: as in the state, or nil where the state is needed to read the field</code>
/// </remarks>
internal static class ColumnRest
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    /// <summary>Whether a table with these fields has the column.</summary>
    public static bool IsIn(IEnumerable<FieldDefinition> fields) => fields.Any(IsIn);

    /// <summary>Whether a field may have something there.</summary>
    public static bool IsIn(FieldDefinition field) => !field.IsRuled && !field.IsLensed && field.Kind switch
    {
        CrdtKind.Register => field.Column is ColumnType.Time or ColumnType.Decimal or ColumnType.JsonObject || (field is { Column: ColumnType.Real, IsNullable: true }),
        CrdtKind.MaxRegister or CrdtKind.MinRegister => field.Column == ColumnType.Time,
        CrdtKind.Set or CrdtKind.GrowSet or CrdtKind.RemoveWinsSet => field.Shape.Element is ColumnType.Text or ColumnType.Integer or ColumnType.Real or ColumnType.Guid,
        _ => false,
    };

    /// <summary>What a row is given; null for NULL.</summary>
    public static byte[]? Of(IReadOnlyList<FieldDefinition> fields, DocumentState document, DocumentState? local)
    {
        var count = 0;
        var buffer = s_buffer ??= new(256);
        buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(buffer);
        for (var slot = 0; slot < fields.Count; slot++)
        {
            var field = fields[slot];
            if (!IsIn(field) || !TryFind(field, (field.IsLocal ? local : document)?.Find(field.Id, field.Kind), out var value)) continue;
            writer.Write(slot);
            if (value is { } bytes) writer.WriteRaw(bytes.Span);
            else writer.WriteNil();
            count++;
        }
        if (count == 0) return null;
        writer.Flush();
        var header = new ArrayBufferWriter<byte>(buffer.WrittenCount + 5);
        var whole = new MessagePackWriter(header);
        whole.WriteArrayHeader(count * 2);
        whole.WriteRaw(buffer.WrittenSpan);
        whole.Flush();
        return header.WrittenSpan.ToArray();
    }

    /// <summary>Puts into the cells of a row what stands beside them. Returns whether one is now absent.</summary>
    /// <exception cref="InvalidCastException">That is not what is written there.</exception>
    public static bool Apply(ReadOnlySpan<byte> rest, ColumnCell[] cells)
    {
        var lacksOne = false;
        try
        {
            var reader = new MessagePackReader(rest.ToArray());
            for (var count = reader.ReadArrayHeader(); count > 0; count -= 2)
            {
                ref var cell = ref cells[reader.ReadInt32()];
                var value = reader.ReadRaw();
                cell = value.FirstSpan is [MessagePackCode.Nil] ? default : ColumnCell.OfValue(new(value.ToArray()));
                lacksOne |= cell.IsAbsent;
            }
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or IndexOutOfRangeException) { throw new InvalidCastException("The value is not what is written beside columns.", e); }
        return lacksOne;
    }

    /// <summary>Whether the column lacks something of a state; and if so the value, null where it is no single one.</summary>
    private static bool TryFind(FieldDefinition field, CrdtState? state, out ValueBytes? value)
    {
        value = null;
        switch (state)
        {
            case SetState set: return !AreInColumn(field.Shape.Element, set.Elements);
            case GrowSetState set: return !AreInColumn(field.Shape.Element, set.Elements);
            case RemoveWinsSetState set: return !AreInColumn(field.Shape.Element, set.Elements);
            case ExtremeState extreme: return extreme.TryGet(out var reached) && !IsInColumn(field, reached) && (value = reached) is not null;
            default:
                var shown = state is RegisterState register && register.TryGetWinner(out var winner) && IsOfType(field.Column, winner) ? winner : field.InitialValue;
                return shown is { } bytes && !IsInColumn(field, bytes) && (value = bytes) is not null;
        }
    }

    private static bool IsOfType(ColumnType column, ValueBytes bytes) => column != ColumnType.Decimal || ValueCodec<decimal>.TryDecode(bytes, out _);

    private static bool IsInColumn(FieldDefinition field, ValueBytes bytes) => bytes.IsNil || field.Column switch
    {
        ColumnType.Time => !ValueCodec<DateTimeOffset>.TryDecode(bytes, out var time) || time.Offset == TimeSpan.Zero,
        ColumnType.Decimal => !ValueCodec<decimal>.TryDecode(bytes, out var number) || HasBitsOfText(number),
        ColumnType.Real => !ValueCodec<double>.TryDecode(bytes, out var real) || !double.IsNaN(real),
        _ => false,
    };

    private static bool HasBitsOfText(decimal number)
    {
        Span<int> bits = stackalloc int[4], ofText = stackalloc int[4];
        decimal.GetBits(number, bits);
        decimal.GetBits(decimal.Parse(ColumnValue.Format(number), NumberStyles.Number, CultureInfo.InvariantCulture), ofText);
        return bits.SequenceEqual(ofText);
    }

    private static bool AreInColumn(ColumnType column, IEnumerable<ValueBytes> elements)
    {
        foreach (var element in elements)
            if (!IsElement(column, element.Span)) return false;
        return true;
    }

    /// <summary>Whether the column gives these very bytes again. Looks at what tells the types apart, and decodes nothing: a set may be large.</summary>
    private static bool IsElement(ColumnType column, ReadOnlySpan<byte> bytes) => column switch
    {
        ColumnType.Text => MessagePackCode.ToMessagePackType(bytes[0]) == MessagePackType.String && Utf8.IsValid(bytes[HeaderLength(bytes[0])..]),
        ColumnType.Integer => MessagePackCode.ToMessagePackType(bytes[0]) == MessagePackType.Integer && (bytes[0] != MessagePackCode.UInt64 || bytes[1] < 0x80),
        // One zero and one NaN: a peer may have written others.
        ColumnType.Real => bytes[0] == MessagePackCode.Float64 && ValueCodec<double>.TryDecode(new(bytes.ToArray()), out var real) && ValueCodec<double>.Encode(real).Span.SequenceEqual(bytes),
        _ => bytes.Length == 18 && bytes[0] == MessagePackCode.Bin8,
    };

    private static int HeaderLength(byte code) => code switch
    {
        MessagePackCode.Str8 => 2,
        MessagePackCode.Str16 => 3,
        MessagePackCode.Str32 => 5,
        _ => 1,
    };
}
