using System.ComponentModel;

namespace Edge.Sync;

/// <summary>Values of points as 64 bits. For generated code only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SeriesValue
{
    /// <summary>All bits are kept, those of NaN too.</summary>
    public static long Of(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>All bits are kept, those of NaN too.</summary>
    public static long Of(double value) => BitConverter.DoubleToInt64Bits(value);

    /// <summary>Every integer as it is.</summary>
    public static long Of(long value) => value;

    /// <summary>1 for true.</summary>
    public static long Of(bool value) => value ? 1 : 0;

    /// <summary>What was given.</summary>
    public static float ToSingle(long value) => BitConverter.UInt32BitsToSingle((uint)value);

    /// <summary>What was given.</summary>
    public static double ToDouble(long value) => BitConverter.Int64BitsToDouble(value);

    /// <summary>What was given.</summary>
    public static bool ToBoolean(long value) => value != 0;
}
