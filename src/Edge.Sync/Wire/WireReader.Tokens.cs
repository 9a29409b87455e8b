using System.Buffers.Binary;

namespace Edge.Sync.Wire;

/// <summary>Single MessagePack values.</summary>
internal ref partial struct WireReader
{
    private const string NotShortest = "it is not in its shortest form";

    /// <summary>What every NaN is written as: the runtime's own.</summary>
    private static readonly ulong s_nan = BitConverter.DoubleToUInt64Bits(double.NaN);

    public ulong ReadUInt64(string field)
    {
        var code = Peek(field);
        if (code < 0x80)
        {
            _at++;
            return code;
        }
        if (code is < WireTokens.UInt8 or > WireTokens.UInt64) throw Unexpected(field, "an unsigned integer was expected");
        var size = 1 << (code - WireTokens.UInt8);
        var value = ReadWide(field, size);
        return value >= (size == 1 ? 0x80 : 1UL << (size * 4)) ? value : throw Malformed(field, NotShortest);
    }

    public long ReadInt64(string field)
    {
        var code = Peek(field);
        if (code is < 0x80 or >= 0xE0)
        {
            _at++;
            return (sbyte)code;
        }
        if (code is >= WireTokens.UInt8 and <= WireTokens.UInt64)
        {
            var positive = ReadUInt64(field);
            return positive <= long.MaxValue ? (long)positive : throw Malformed(field, $"{positive} is beyond the range of a signed integer");
        }
        if (code is < WireTokens.Int8 or > WireTokens.Int64) throw Unexpected(field, "an integer was expected");
        var size = 1 << (code - WireTokens.Int8);
        var unused = 64 - (size * 8);
        var value = (long)(ReadWide(field, size) << unused) >> unused;
        // What is not negative is written without a sign.
        return value < (size == 1 ? -32 : -1L << ((size * 4) - 1)) ? value : throw Malformed(field, NotShortest);
    }

    /// <summary>One value of a register, a set or a key, as its bytes, nested to any depth. See docs/formats.md for what it may be.</summary>
    public ValueBytes ReadValue(string field)
    {
        var start = _at;
        for (var left = 1L; left > 0; left--)
        {
            switch (Peek(field))
            {
                case WireTokens.Nil or WireTokens.False or WireTokens.True:
                    _at++;
                    break;
                case < 0x80 or >= 0xE0 or (>= WireTokens.Int8 and <= WireTokens.Int64):
                    ReadInt64(field);
                    break;
                case >= WireTokens.UInt8 and <= WireTokens.UInt64:
                    ReadUInt64(field);
                    break;
                case WireTokens.Float64:
                    CheckFloat(field);
                    break;
                case (>= WireTokens.FixText and < WireTokens.Nil) or (>= WireTokens.Text8 and <= WireTokens.Text32):
                    ReadUtf8(field);
                    break;
                case >= WireTokens.Binary8 and <= WireTokens.Binary32:
                    ReadContent(field, WireTokens.Binary, "bytes were expected");
                    break;
                case (>= WireTokens.FixArray and < WireTokens.FixText) or WireTokens.Array16 or WireTokens.Array32:
                    left += ReadArrayHeader(field);
                    CheckLeft(field, left);
                    break;
                default:
                    throw Unexpected(field, "nil, a boolean, an integer, a 64-bit float, text, bytes or an array of these was expected");
            }
        }
        return new(_bytes[start.._at].ToArray());
    }

    /// <summary>Passes over one MessagePack value of any shape and form: what a later version wrote.</summary>
    public void Skip(string field)
    {
        for (var left = 1L; left > 0; left--)
        {
            var code = Peek(field);
            if (code == WireTokens.Never) throw Unexpected(field, "a value was expected");
            _at++;
            switch (code)
            {
                case >= 0x80 and < 0x90: left += 2 * (code & 0x0F); break;
                case >= 0x90 and < 0xA0: left += code & 0x0F; break;
                case >= 0xA0 and < 0xC0: Pass(field, code & 0x1FU); break;
                case >= 0xC4 and <= 0xC6: Pass(field, ReadNumber(field, 1 << (code - 0xC4))); break;
                case >= 0xC7 and <= 0xC9: Pass(field, ReadNumber(field, 1 << (code - 0xC7)) + 1); break;
                case 0xCA: Pass(field, 4); break;
                case 0xCB: Pass(field, 8); break;
                case >= 0xCC and <= 0xCF: Pass(field, 1UL << (code - 0xCC)); break;
                case >= 0xD0 and <= 0xD3: Pass(field, 1UL << (code - 0xD0)); break;
                case >= 0xD4 and <= 0xD8: Pass(field, 1 + (1UL << (code - 0xD4))); break;
                case >= 0xD9 and <= 0xDB: Pass(field, ReadNumber(field, 1 << (code - 0xD9))); break;
                case 0xDC or 0xDD: left += (long)ReadNumber(field, 2 << (code - 0xDC)); break;
                case 0xDE or 0xDF: left += 2 * (long)ReadNumber(field, 2 << (code - 0xDE)); break;
                default: break; // nil, a boolean, or an integer of one byte
            }
            CheckLeft(field, left);
        }
    }

    private void CheckFloat(string field)
    {
        var bits = ReadWide(field, sizeof(double));
        if (bits == 1UL << 63) throw Malformed(field, "zero has no sign");
        if (bits != s_nan && double.IsNaN(BitConverter.UInt64BitsToDouble(bits))) throw Malformed(field, "there is only one NaN");
    }

    // No value is shorter than a byte. "left" still counts the one that has just been read.
    private readonly void CheckLeft(string field, long left)
    {
        if (left - 1 > Remaining) throw Malformed(field, $"it claims {left - 1} more elements, and only {Remaining} bytes follow");
    }

    private ReadOnlySpan<byte> ReadUtf8(string field)
    {
        var bytes = ReadContent(field, WireTokens.Text, "text was expected");
        return System.Text.Unicode.Utf8.IsValid(bytes) ? bytes : throw Malformed(field, "its bytes are not UTF-8");
    }

    private ReadOnlySpan<byte> ReadContent(string field, in WireTokens.LengthCodes codes, string expected)
    {
        var length = ReadLength(field, codes, expected);
        var start = _at;
        Pass(field, length);
        return _bytes[start.._at];
    }

    /// <summary>The length with which an array, text or bytes begin.</summary>
    private uint ReadLength(string field, in WireTokens.LengthCodes codes, string expected)
    {
        var code = Peek(field);
        if (code == WireTokens.Never) throw Unexpected(field, expected);
        if (code - (uint)codes.Fix is var length && length < codes.FixCount)
        {
            _at++;
            return length;
        }
        var (size, least) = code == codes.Wide8 ? (1, codes.FixCount)
            : code == codes.Wide16 ? (2, codes.Wide8 == WireTokens.Never ? codes.FixCount : 1U << 8)
            : code == codes.Wide16 + 1 ? (4, 1U << 16)
            : throw Unexpected(field, expected);
        length = (uint)ReadWide(field, size);
        return length >= least ? length : throw Malformed(field, NotShortest);
    }

    /// <summary>A number of so many bytes, and the code before it.</summary>
    private ulong ReadWide(string field, int size)
    {
        _at++;
        return ReadNumber(field, size);
    }

    private ulong ReadNumber(string field, int size)
    {
        var number = _bytes[_at..];
        Pass(field, (uint)size);
        return size switch
        {
            1 => number[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(number),
            4 => BinaryPrimitives.ReadUInt32BigEndian(number),
            _ => BinaryPrimitives.ReadUInt64BigEndian(number),
        };
    }

    private void Pass(string field, ulong count)
    {
        if (count > (ulong)Remaining) throw Malformed(field, $"{count} bytes were expected, and only {Remaining} follow");
        _at += (int)count;
    }

    private readonly byte Peek(string field) => _at < _bytes.Length ? _bytes[_at] : throw Malformed(field, "the input ends here");

    private readonly EdgeDataException Unexpected(string field, string expected) => Malformed(field, $"{expected}, 0x{_bytes[_at]:X2} is there");
}
