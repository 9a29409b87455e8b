using MessagePack;

namespace Edge.Sync.Crdts;

/// <summary>A total order of values, the same on every replica: what a greatest or a least value is.</summary>
/// <remarks>
/// Nil, then booleans, integers by value, floats by value, text by code point, everything else by its bytes. Integers and floats are apart, since a
/// field has one type. Equal only where the bytes are equal. What is in arrays (times, decimals) compares by bytes, which is not their order: a
/// typed document offers this register for numbers and text only.
/// </remarks>
internal static class ValueOrder
{
    public static int Compare(ValueBytes left, ValueBytes right)
    {
        var (leftClass, rightClass) = (ClassOf(left), ClassOf(right));
        if (leftClass != rightClass) return leftClass.CompareTo(rightClass);
        var order = leftClass switch
        {
            Class.Integer => ReadInteger(left).CompareTo(ReadInteger(right)),
            Class.Float => ReadFloat(left).CompareTo(ReadFloat(right)),
            Class.Text => Content(left).SequenceCompareTo(Content(right)),
            _ => 0,
        };
        return order != 0 ? order : left.CompareTo(right);
    }

    private enum Class { Nil, Boolean, Integer, Float, Text, Other }

    private static Class ClassOf(ValueBytes value) => MessagePackCode.ToMessagePackType(value.Span[0]) switch
    {
        MessagePackType.Nil => Class.Nil,
        MessagePackType.Boolean => Class.Boolean,
        MessagePackType.Integer => Class.Integer,
        MessagePackType.Float => Class.Float,
        MessagePackType.String => Class.Text,
        _ => Class.Other,
    };

    private static Int128 ReadInteger(ValueBytes value)
    {
        var reader = new MessagePackReader(value.Memory);
        return value.Span[0] == MessagePackCode.UInt64 ? reader.ReadUInt64() : reader.ReadInt64();
    }

    private static double ReadFloat(ValueBytes value) => new MessagePackReader(value.Memory).ReadDouble();

    // Without the header, whose bytes would put all long texts behind all short ones.
    private static ReadOnlySpan<byte> Content(ValueBytes value)
    {
        var header = value.Span[0] switch
        {
            MessagePackCode.Str8 => 2,
            MessagePackCode.Str16 => 3,
            MessagePackCode.Str32 => 5,
            _ => 1,
        };
        return value.Span[header..];
    }
}
