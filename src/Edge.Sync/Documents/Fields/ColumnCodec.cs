using System.Globalization;
using System.Runtime.CompilerServices;

namespace Edge.Sync.Documents;

/// <summary>Reads values of a type from the columns of a read model.</summary>
/// <typeparam name="T">The value's type, without its question mark.</typeparam>
internal static class ColumnCodec<T>
{
    /// <summary>The value; false where there is none, or one beyond the type's range. A NULL is NaN where the type has one: whose property may be null asks for NULL before.</summary>
    public static bool TryRead(in ColumnCell cell, out T value)
    {
        value = default!;
        if (cell.Value is { } bytes) return ValueCodec<T>.TryDecode(bytes, out value!) && value is not null;
        if (typeof(T) == typeof(double))
        {
            value = To(cell.IsNull ? double.NaN : cell.Real);
            return true;
        }
        if (typeof(T) == typeof(float))
        {
            var real = cell.IsNull ? double.NaN : cell.Real;
            value = To((float)real);
            return (float)real == real || double.IsNaN(real);
        }
        if (cell.IsNull) return false;
        if (typeof(T) == typeof(string)) value = (T)(object)cell.Text;
        else if (typeof(T) == typeof(bool)) value = To(cell.Number != 0);
        else if (typeof(T) == typeof(long)) value = To(cell.Number);
        else if (typeof(T) == typeof(int)) return TryNarrow((int)cell.Number, cell.Number, out value);
        else if (typeof(T) == typeof(short)) return TryNarrow((short)cell.Number, cell.Number, out value);
        else if (typeof(T) == typeof(byte)) return TryNarrow((byte)cell.Number, cell.Number, out value);
        else if (typeof(T) == typeof(DateTimeOffset)) value = To(new DateTimeOffset(cell.Number, TimeSpan.Zero));
        else if (typeof(T) == typeof(decimal)) value = To(decimal.Parse(cell.Text, NumberStyles.Number, CultureInfo.InvariantCulture));
        else if (typeof(T) == typeof(Guid)) value = To(Guid.ParseExact(cell.Text, "N"));
        else if (typeof(T) == typeof(DocumentId) || ValueCodec<T>.IsReference) value = To(new DocumentId(Guid.ParseExact(cell.Text, "N")));
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
