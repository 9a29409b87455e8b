using MessagePack;

namespace Edge.Sync.Documents.History;

/// <summary>Turns stored values into .NET values without knowing their declared type. See <see cref="ValueCodec{T}"/> for the typed way.</summary>
internal static class PlainValue
{
    public static object? Of(ValueBytes? value)
    {
        if (value is not { } bytes) return null;
        var reader = new MessagePackReader(bytes.Memory);
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil: return null;
            case MessagePackType.Boolean: return reader.ReadBoolean();
            case MessagePackType.Integer: return ValueCodec<long>.TryDecode(bytes, out var number) ? number : ToHex(bytes);
            case MessagePackType.Float: return reader.ReadDouble();
            case MessagePackType.String: return reader.ReadString();
            case MessagePackType.Binary when ValueCodec<Guid>.TryDecode(bytes, out var guid): return guid;
            case MessagePackType.Array when ValueCodec<DateTimeOffset>.TryDecode(bytes, out var time): return time;
            case MessagePackType.Array when ValueCodec<decimal>.TryDecode(bytes, out var amount): return amount;
            default: return ToHex(bytes);
        }
    }

    public static object? Of(ValueBytes value) => Of((ValueBytes?)value);

    public static IReadOnlyList<object?> OfAll(IEnumerable<ValueBytes> values) => [.. values.Select(Of)];

    /// <summary>What no version of the library writes, as it is.</summary>
    private static string ToHex(ValueBytes bytes) => Convert.ToHexString(bytes.Span);
}
