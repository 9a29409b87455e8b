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
            case MessagePackType.Array when TryReadRecord(bytes) is { } record: return record;
            default: return ToHex(bytes);
        }
    }

    /// <summary>A record struct: its members by name.</summary>
    private static Dictionary<string, object?>? TryReadRecord(ValueBytes bytes)
    {
        var reader = new MessagePackReader(bytes.Memory);
        var length = reader.ReadArrayHeader();
        if (length == 0 || length % 2 != 0) return null;
        var members = new Dictionary<string, object?>();
        for (var i = 0; i < length; i += 2)
        {
            if (reader.NextMessagePackType != MessagePackType.String) return null;
            members[reader.ReadString()!] = Of(new ValueBytes(System.Buffers.BuffersExtensions.ToArray(reader.ReadRaw())));
        }
        return members;
    }

    public static object? Of(ValueBytes value) => Of((ValueBytes?)value);

    public static IReadOnlyList<object?> OfAll(IEnumerable<ValueBytes> values) => [.. values.Select(Of)];

    /// <summary>What no version of the library writes, as it is.</summary>
    private static string ToHex(ValueBytes bytes) => Convert.ToHexString(bytes.Span);
}
