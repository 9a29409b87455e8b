using System.Text;

namespace Edge.Sync.Inference.Onnx;

/// <summary>Reads the protobuf wire format (protobuf.dev/programming-guides/encoding), field by field, from bytes that may be anything.</summary>
/// <remarks>Bytes that are no such message set <see cref="Failed"/>, after which nothing more is read; nothing throws.</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private const int VarintSizeMax = 10;

    private ReadOnlySpan<byte> _rest = bytes;
    private int _wireType;

    public bool Failed { get; private set; }

    /// <summary>The field's number, after <see cref="TryReadField"/>.</summary>
    public int Field { get; private set; }

    /// <summary>The field's number or length, whichever its type has.</summary>
    public ulong Number { get; private set; }

    /// <summary>The field's bytes, where it has any.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    public readonly bool IsBytes => _wireType == 2;

    /// <summary>Moves to the next field; false at the end, or where what follows is none.</summary>
    public bool TryReadField()
    {
        if (Failed || _rest.IsEmpty)
            return false;
        if (!TryReadVarint(out var tag) || tag >> 3 is 0 or > int.MaxValue)
            return Fail();
        (Field, _wireType, Number) = ((int)(tag >> 3), (int)(tag & 7), 0);
        Content = default;
        switch (_wireType)
        {
            case 0:
                if (!TryReadVarint(out var number))
                    return Fail();
                Number = number;
                return true;
            case 1 or 5:
                return TryTake(_wireType == 1 ? 8u : 4u);
            case 2:
                return TryReadVarint(out var length) ? TryTake(length) : Fail();
            default:
                return Fail();
        }
    }

    /// <summary>The field as text; null where it is none.</summary>
    public readonly string? Text => IsBytes ? TryDecode(Content) : null;

    private bool TryTake(ulong length)
    {
        if (length > (ulong)_rest.Length)
            return Fail();
        Content = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(VarintSizeMax, _rest.Length); i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] >= 0x80)
                continue;
            _rest = _rest[(i + 1)..];
            return true;
        }
        return false;
    }

    private bool Fail()
    {
        Failed = true;
        return false;
    }

    private static string? TryDecode(ReadOnlySpan<byte> utf8) => System.Text.Unicode.Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : null;
}
