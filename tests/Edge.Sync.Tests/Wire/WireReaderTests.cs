using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync.Tests.Wire;

/// <summary>One value has one byte string: of MessagePack's several encodings only the shortest is taken.</summary>
public sealed class WireReaderTests
{
    private static readonly long[] s_edges =
    [
        0, 1, 31, 32, 127, 128, 255, 256, short.MaxValue, short.MaxValue + 1, ushort.MaxValue, ushort.MaxValue + 1, int.MaxValue, int.MaxValue + 1L,
        uint.MaxValue, uint.MaxValue + 1L, long.MaxValue, -1, -32, -33, -128, -129, short.MinValue, short.MinValue - 1, int.MinValue, int.MinValue - 1L, long.MinValue,
    ];

    [Fact]
    public void Integer_is_read_in_its_shortest_form_and_in_no_other()
    {
        foreach (var number in s_edges)
        {
            var shortest = ValueCodec<long>.Encode(number).Span.ToArray();
            Assert.Equal(number, new WireReader(shortest, default).ReadInt64("number"));
            Assert.Equal(shortest, Value(shortest));
            if (number >= 0) Assert.Equal((ulong)number, new WireReader(shortest, default).ReadUInt64("number"));
            foreach (var form in FormsOf(number).Where(form => !form.SequenceEqual(shortest)))
            {
                Refused(form, static bytes => new WireReader(bytes, default).ReadInt64("number"));
                Refused(form, static bytes => Value(bytes));
                if (number >= 0) Refused(form, static bytes => new WireReader(bytes, default).ReadUInt64("number"));
            }
        }
    }

    [Fact]
    public void Number_beyond_the_range_is_refused()
    {
        byte[] beyond = [0xCF, 0x80, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(1UL << 63, new WireReader(beyond, default).ReadUInt64("number"));
        Refused(beyond, static bytes => new WireReader(bytes, default).ReadInt64("number"));
        Refused([0xFF], static bytes => new WireReader(bytes, default).ReadUInt64("number"));
    }

    [Theory]
    [InlineData("A0", "D900", "DA0000", "DB00000000")] // ""
    [InlineData("A161", "D90161", "DA000161", "DB0000000161")]
    [InlineData("C400", "C50000", "C600000000", "A0C0")]
    [InlineData("90", "DC0000", "DD00000000", "80")]
    [InlineData("9105", "DC000105", "DD0000000105", "8105C0")]
    [InlineData("CB3FF0000000000000", "CA3F800000", "D6FF00000001", "C1")] // 1.0; as a 32-bit float, as an extension; a code that means nothing
    [InlineData("CB0000000000000000", "CB8000000000000000", "CB00000000000000", "CB")] // 0; -0; cut short
    [InlineData("CBFFF8000000000000", "CB7FF8000000000000", "CBFFF8000000000001", "CB7FF0000000000001")] // NaN
    [InlineData("A2C3A9", "A2C328", "A3EDA080", "A1C3")] // é; no UTF-8, a lone surrogate, cut
    [InlineData("92C0C3", "C102C0C3", "9291", "929392", "DD7FFFFFFFC0")] // arrays that promise more than there is
    public void Value_has_one_form(string form, params string[] others)
    {
        Assert.Equal(Convert.FromHexString(form), Value(Convert.FromHexString(form)));
        foreach (var other in others) Refused(Convert.FromHexString(other), static bytes => { _ = Value(bytes).Length == bytes.Length ? 0 : throw new EdgeDataException("More follows.", "value", 0); });
    }

    [Theory]
    [InlineData("0001C0")] // found by fuzzing: a code that begins no array was taken for one of those that do
    [InlineData("C101C0")]
    [InlineData("C0")]
    [InlineData("A161")]
    public void What_is_no_array_is_refused_as_one(string hex) =>
        Refused(Convert.FromHexString(hex), static bytes => new WireReader(bytes, default).ReadArrayHeader("list"));

    [Fact]
    public void Error_names_what_was_expected_what_is_there_and_where()
    {
        var error = Assert.Throws<EdgeDataException>(static () => { var reader = new WireReader(new byte[] { 0x92, 0x01, 0xC3 }, default); reader.ReadArrayHeader("list"); reader.ReadInt64("list.count"); reader.ReadInt64("list.sum"); });
        Assert.Equal("Malformed list.sum at byte 2: an integer was expected, 0xC3 is there.", error.Message);
        Assert.Equal(2, error.Offset);
    }

    [Fact]
    public void Everything_that_a_later_version_may_write_is_passed_over()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(12);
        writer.WriteMapHeader(2);
        writer.Write("a");
        writer.Write(1f);
        writer.WriteNil();
        writer.Write(2d);
        writer.WriteExtensionFormat(new(7, new byte[3]));
        writer.WriteExtensionFormat(new(7, new byte[16]));
        writer.WriteExtensionFormat(new(7, new byte[300]));
        writer.Write(new byte[300]);
        writer.Write(new byte[70_000]);
        writer.Write(new string('x', 300));
        writer.WriteInt64(1);
        writer.WriteUInt64(1);
        writer.Write(true);
        writer.WriteMapHeader(0);
        writer.WriteArrayHeader(0);
        writer.Flush();
        var reader = new WireReader(output.WrittenMemory, default);
        reader.Skip("later");
        reader.ReadEnd("later");
        for (var length = 0; length < output.WrittenCount; length += length < 100 || length > output.WrittenCount - 100 ? 1 : 997)
            Refused(output.WrittenSpan[..length].ToArray(), static bytes => new WireReader(bytes, default).Skip("later"));
    }

    private static byte[] Value(byte[] bytes)
    {
        var reader = new WireReader(bytes, default);
        return reader.ReadValue("value").Span.ToArray();
    }

    private static IEnumerable<byte[]> FormsOf(long number)
    {
        for (var size = 1; size <= 8; size *= 2)
        {
            var bits = size * 8;
            var code = System.Numerics.BitOperations.Log2((uint)size);
            byte[] content = [.. BitConverter.GetBytes(number)[..size].Reverse()];
            if (number >= 0 && (bits == 64 || number >> bits == 0)) yield return [(byte)(0xCC + code), .. content];
            if (bits == 64 || (number < 1L << (bits - 1) && number >= -1L << (bits - 1))) yield return [(byte)(0xD0 + code), .. content];
        }
    }

    private static void Refused(byte[] bytes, Action<byte[]> read)
    {
        var error = Assert.Throws<EdgeDataException>(() => read(bytes));
        Assert.InRange(error.Offset, 0, bytes.Length);
    }
}
