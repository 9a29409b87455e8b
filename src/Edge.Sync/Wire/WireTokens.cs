namespace Edge.Sync.Wire;

/// <summary>The first bytes of MessagePack's values (https://github.com/msgpack/msgpack/blob/master/spec.md).</summary>
internal static class WireTokens
{
    /// <summary>Begins no value.</summary>
    public const byte Never = 0xC1;

    public const byte Nil = 0xC0, False = 0xC2, True = 0xC3, Float64 = 0xCB;

    public const byte UInt8 = 0xCC, UInt64 = 0xCF, Int8 = 0xD0, Int64 = 0xD3;

    public const byte FixText = 0xA0, Text8 = 0xD9, Text32 = 0xDB, FixArray = 0x90, Array16 = 0xDC, Array32 = 0xDD, Binary8 = 0xC4, Binary32 = 0xC6;

    public static LengthCodes Array => new(FixArray, 16, Wide8: Never, Array16);

    public static LengthCodes Text => new(FixText, 32, Text8, Text8 + 1);

    public static LengthCodes Binary => new(Fix: 0, 0, Binary8, Binary8 + 1);

    /// <summary>The codes of what begins with a length.</summary>
    /// <param name="Fix">The first code that has the length in itself.</param>
    /// <param name="FixCount">How many of these there are.</param>
    /// <param name="Wide8">The code before a length of one byte; <see cref="Never"/> where there is none.</param>
    /// <param name="Wide16">The code before a length of two bytes; the next one stands before one of four.</param>
    public readonly record struct LengthCodes(byte Fix, uint FixCount, byte Wide8, byte Wide16);
}
