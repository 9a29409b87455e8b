using System.Runtime.CompilerServices;

namespace Edge.Sync.Documents;

/// <summary>Reads values of a type from the columns of a read model, where those have all that the value is.</summary>
/// <typeparam name="T">The value's type, without its question mark.</typeparam>
internal static class ColumnCodec<T>
{
    /// <summary>Whether a column has all of such a value. A time's has no offset, a decimal's no zeros at the end, a record's is JSON; NaN and null are one.</summary>
    public static bool IsExact(bool nullable) =>
        typeof(T) == typeof(string) || typeof(T) == typeof(bool) || typeof(T) == typeof(byte) || typeof(T) == typeof(short) || typeof(T) == typeof(int) || typeof(T) == typeof(long)
        || typeof(T).IsEnum || typeof(T) == typeof(Guid) || typeof(T) == typeof(DocumentId) || (typeof(T) == typeof(double) && !nullable);

    /// <summary>The value; false where there is none, or one beyond the type's range.</summary>
    public static bool TryRead(in ColumnCell cell, out T value)
    {
        value = default!;
        if (typeof(T) == typeof(double))
        {
            value = To(cell.IsNull ? double.NaN : BitConverter.Int64BitsToDouble(cell.Number));
            return true;
        }
        if (cell.IsNull) return false;
        if (typeof(T) == typeof(string)) value = (T)(object)cell.Text!;
        else if (typeof(T) == typeof(bool)) value = To(cell.Number != 0);
        else if (typeof(T) == typeof(long)) value = To(cell.Number);
        else if (typeof(T) == typeof(int)) return TryNarrow((int)cell.Number, cell.Number, out value);
        else if (typeof(T) == typeof(short)) return TryNarrow((short)cell.Number, cell.Number, out value);
        else if (typeof(T) == typeof(byte)) return TryNarrow((byte)cell.Number, cell.Number, out value);
        else if (typeof(T) == typeof(Guid)) value = To(Guid.ParseExact(cell.Text!, "N"));
        else if (typeof(T) == typeof(DocumentId)) value = To(new DocumentId(Guid.ParseExact(cell.Text!, "N")));
        else return ValueCodec<T>.TryOfNumber(cell.Number, out value);
        return true;
    }

    private static bool TryNarrow<TFrom>(TFrom narrow, long wide, out T value) where TFrom : System.Numerics.IBinaryInteger<TFrom>
    {
        value = To(narrow);
        return long.CreateTruncating(narrow) == wide;
    }

    private static T To<TFrom>(TFrom value) => Unsafe.As<TFrom, T>(ref value);
}
