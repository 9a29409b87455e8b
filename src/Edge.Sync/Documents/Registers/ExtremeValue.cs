using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Reads and writes the greatest or the least value.</summary>
/// <remarks>
/// Values compare by their bytes' order (<see cref="ValueOrder"/>), so only types may be used of which that is the order: a decimal's words are
/// not. A time is its ticks, which is the order of moments, then the offset.
/// </remarks>
internal static class ExtremeValue
{
    public static bool TryRead<T>(Field field, CrdtKind kind, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (field.TryFindCell(out var cell)) return ColumnCodec<T>.TryRead(cell, out value!) && !IsNaN(value);
        // NaN is no value here, though a peer may write it.
        return field.Find<ExtremeState>(kind) is { } state && state.TryGet(out var bytes) && ValueCodec<T>.TryDecode(bytes, out value) && value is not null && !IsNaN(value);
    }

    public static bool Reach<T>(Field field, CrdtKind kind, T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var sink = field.Writable();
        if (IsNaN(value) || field.FindOrNew<ExtremeState>(kind).Reach(sink.Next, ValueCodec<T>.Encode(value)) is not { } delta) return false;
        field.Commit(sink, delta);
        return true;
    }

    /// <summary>Whether a greatest and a least value of the type have a meaning.</summary>
    public static bool IsSupported<T>() =>
        typeof(T) == typeof(string) || typeof(T) == typeof(DateTimeOffset) || typeof(T) == typeof(byte) || typeof(T) == typeof(short) || typeof(T) == typeof(int)
        || typeof(T) == typeof(long) || typeof(T) == typeof(float) || typeof(T) == typeof(double) || (typeof(T).IsEnum && Type.GetTypeCode(typeof(T)) != TypeCode.UInt64);

    private static bool IsNaN<T>(T value) => value switch
    {
        double real => double.IsNaN(real),
        float real => float.IsNaN(real),
        _ => false,
    };
}
