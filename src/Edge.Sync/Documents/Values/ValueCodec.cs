using System.Buffers;
using System.Runtime.CompilerServices;
using Edge.Sync.Crdts;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>
/// Turns .NET values into the canonical MessagePack bytes that registers and sets hold, and back. One byte string per value.
/// </summary>
/// <remarks>
/// Chosen by type without reflection: <c>typeof(T) == typeof(…)</c> is a constant for the JIT and under Native AOT. Bytes that are of another
/// type (an old version of the class) read as "not there": the caller then shows the default and the log keeps the bytes.
/// </remarks>
internal static class ValueCodec<T>
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    private static readonly bool s_isReference = typeof(T).IsValueType && typeof(IReference).IsAssignableFrom(typeof(T));

    /// <summary>How a record struct is stored; null for what is none, and before a schema has described it. All say the same, so it does not matter which comes first.</summary>
    public static RecordType<T>? Record { get; set; }

    /// <summary>Whether values of <typeparamref name="T"/> can be stored at all.</summary>
    public static bool IsSupported => s_isSimple || s_isReference || Record is not null;

    public static bool IsReference => s_isReference;

    private static readonly bool s_isSimple =
        typeof(T) == typeof(string) || typeof(T) == typeof(bool) || typeof(T) == typeof(byte) || typeof(T) == typeof(short) || typeof(T) == typeof(int)
        || typeof(T) == typeof(long) || typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(decimal)
        || typeof(T) == typeof(Guid) || typeof(T) == typeof(DateTimeOffset) || typeof(T) == typeof(DocumentId) || typeof(T).IsEnum;

    /// <exception cref="NotSupportedException">Values of this type cannot be stored.</exception>
    public static ValueBytes Encode(T? value)
    {
        var buffer = s_buffer ??= new(64);
        buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, value);
        writer.Flush();
        return new(buffer.WrittenSpan.ToArray());
    }

    public static bool TryDecode(ValueBytes bytes, out T? value)
    {
        var reader = new MessagePackReader(bytes.Memory);
        try
        {
            if (reader.TryReadNil()) { value = default; return true; }
            value = Read(ref reader);
            return true;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException or InvalidOperationException or ArgumentException)
        {
            value = default;
            return false;
        }
    }

    private static void Write(ref MessagePackWriter writer, T? value)
    {
        if (value is null) writer.WriteNil();
        else if (typeof(T) == typeof(string)) writer.Write((string)(object)value);
        else if (typeof(T) == typeof(bool)) writer.Write(As<bool>(value));
        else if (typeof(T) == typeof(byte)) writer.Write((long)As<byte>(value));
        else if (typeof(T) == typeof(short)) writer.Write((long)As<short>(value));
        else if (typeof(T) == typeof(int)) writer.Write((long)As<int>(value));
        else if (typeof(T) == typeof(long)) writer.Write(As<long>(value));
        else if (typeof(T) == typeof(float)) writer.Write((double)Canonical(As<float>(value)));
        else if (typeof(T) == typeof(double)) writer.Write(Canonical(As<double>(value)));
        else if (typeof(T) == typeof(decimal)) WriteDecimal(ref writer, As<decimal>(value));
        else if (typeof(T) == typeof(Guid)) WriteGuid(ref writer, As<Guid>(value));
        else if (typeof(T) == typeof(DocumentId)) WriteGuid(ref writer, As<DocumentId>(value).Value);
        else if (typeof(T) == typeof(DateTimeOffset)) WriteTime(ref writer, As<DateTimeOffset>(value));
        else if (typeof(T).IsEnum) writer.Write(EnumToInt64(value));
        else if (s_isReference) WriteGuid(ref writer, As<DocumentId>(value).Value);
        else if (Record is { } record) record.Write(ref writer, value);
        else throw new NotSupportedException($"Values of type {typeof(T)} cannot be stored in a register or a set.");
    }

    private static T Read(ref MessagePackReader reader)
    {
        if (typeof(T) == typeof(string)) return (T)(object)(reader.ReadString() ?? "");
        if (typeof(T) == typeof(bool)) return To(reader.ReadBoolean());
        if (typeof(T) == typeof(byte)) return To(reader.ReadByte());
        if (typeof(T) == typeof(short)) return To(reader.ReadInt16());
        if (typeof(T) == typeof(int)) return To(reader.ReadInt32());
        if (typeof(T) == typeof(long)) return To(reader.ReadInt64());
        if (typeof(T) == typeof(float)) return To(ReadSingle(ref reader));
        if (typeof(T) == typeof(double)) return To(ReadDouble(ref reader));
        if (typeof(T) == typeof(decimal)) return To(ReadDecimal(ref reader));
        if (typeof(T) == typeof(Guid)) return To(ReadGuid(ref reader));
        if (typeof(T) == typeof(DocumentId)) return To(new DocumentId(ReadGuid(ref reader)));
        if (typeof(T) == typeof(DateTimeOffset)) return To(ReadTime(ref reader));
        if (typeof(T).IsEnum) return ReadEnum(ref reader);
        if (s_isReference) return To(new DocumentId(ReadGuid(ref reader)));
        if (Record is { } record) return record.Read(ref reader);
        throw new NotSupportedException($"Values of type {typeof(T)} cannot be stored in a register or a set.");
    }

    private static void WriteGuid(ref MessagePackWriter writer, Guid value)
    {
        writer.WriteBinHeader(16);
        value.TryWriteBytes(writer.GetSpan(16), bigEndian: true, out _);
        writer.Advance(16);
    }

    // The reader would take an integer for a number, too, and text for bytes.
    private static double ReadDouble(ref MessagePackReader reader) =>
        reader.NextCode == MessagePackCode.Float64 ? reader.ReadDouble() : throw new MessagePackSerializationException("A 64-bit float was expected.");

    private static float ReadSingle(ref MessagePackReader reader)
    {
        var number = ReadDouble(ref reader);
        return (float)number == number || double.IsNaN(number) ? (float)number : throw new MessagePackSerializationException("The number has more digits than a float.");
    }

    /// <summary>The value of an enum that a number stands for; false where that is beyond its range.</summary>
    public static bool TryOfNumber(long number, out T value)
    {
        value = Int64ToEnum(number);
        return EnumToInt64(value) == number;
    }

    private static T ReadEnum(ref MessagePackReader reader)
    {
        var number = reader.ReadInt64();
        var value = Int64ToEnum(number);
        return EnumToInt64(value) == number ? value : throw new MessagePackSerializationException("The number is beyond the range of the enum.");
    }

    private static Guid ReadGuid(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType != MessagePackType.Binary) throw new MessagePackSerializationException("Bytes were expected.");
        var bytes = reader.ReadBytes() ?? throw new MessagePackSerializationException("A GUID was expected.");
        if (bytes.Length != 16) throw new MessagePackSerializationException("A GUID has 16 bytes.");
        Span<byte> span = stackalloc byte[16];
        bytes.CopyTo(span);
        return new(span, bigEndian: true);
    }

    // [ticks of the UTC time, minutes that the local time is ahead of it]
    private static void WriteTime(ref MessagePackWriter writer, DateTimeOffset value)
    {
        writer.WriteArrayHeader(2);
        writer.Write(value.UtcTicks);
        writer.Write((long)value.TotalOffsetMinutes);
    }

    private static DateTimeOffset ReadTime(ref MessagePackReader reader)
    {
        if (reader.ReadArrayHeader() != 2) throw new MessagePackSerializationException("A time has two parts.");
        var ticks = reader.ReadInt64();
        var minutes = reader.ReadInt64();
        if (ticks is < 0 or > 3155378975999999999 || minutes is < -840 or > 840) throw new MessagePackSerializationException("The time is out of range.");
        var offset = TimeSpan.FromMinutes(minutes);
        var local = ticks + offset.Ticks;
        if (local is < 0 or > 3155378975999999999) throw new MessagePackSerializationException("The time is out of range.");
        return new(local, offset);
    }

    // The four 32-bit words of decimal.GetBits, so that 1.0 and 1.00 stay apart, as they do in .NET.
    private static void WriteDecimal(ref MessagePackWriter writer, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        writer.WriteArrayHeader(4);
        foreach (var word in bits)
            writer.Write(word);
    }

    private static decimal ReadDecimal(ref MessagePackReader reader)
    {
        if (reader.ReadArrayHeader() != 4) throw new MessagePackSerializationException("A decimal has four parts.");
        Span<int> bits = stackalloc int[4];
        for (var i = 0; i < 4; i++) bits[i] = reader.ReadInt32();
        try { return new(bits); }
        catch (ArgumentException e) { throw new MessagePackSerializationException("These are no decimal's bits.", e); }
    }

    // One NaN and one zero: equal values must have equal bytes.
    private static float Canonical(float value) => float.IsNaN(value) ? float.NaN : value == 0 ? 0f : value;

    private static double Canonical(double value) => double.IsNaN(value) ? double.NaN : value == 0 ? 0d : value;

    // An enum is its number, so that SQL sees it too; those of ulong beyond the range of long wrap.
    private static long EnumToInt64(T value) => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.SByte => As<sbyte>(value),
        TypeCode.Byte => As<byte>(value),
        TypeCode.Int16 => As<short>(value),
        TypeCode.UInt16 => As<ushort>(value),
        TypeCode.Int32 => As<int>(value),
        TypeCode.UInt32 => As<uint>(value),
        _ => As<long>(value),
    };

    private static T Int64ToEnum(long value) => Unsafe.SizeOf<T>() switch
    {
        1 => To((sbyte)value),
        2 => To((short)value),
        4 => To((int)value),
        _ => To(value),
    };

    private static TTo As<TTo>(T value) => Unsafe.As<T, TTo>(ref value);

    private static T To<TFrom>(TFrom value) => Unsafe.As<TFrom, T>(ref value);
}
