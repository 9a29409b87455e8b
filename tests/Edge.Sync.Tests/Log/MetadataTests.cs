using System.Buffers;
using System.Diagnostics;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync.Tests.Log;

/// <summary>What a change says of itself survives as it was, and nothing else is taken for it.</summary>
public sealed class MetadataTests
{
    private static readonly byte[] s_salt = [.. Enumerable.Range(0, 16).Select(static i => (byte)i)];

    [Fact]
    public void Each_part_is_optional_and_comes_back()
    {
        var trace = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        foreach (var intent in new[] { null, "", "because 😀" })
            foreach (var author in new[] { null, "", "Zoë" })
                foreach (var context in new[] { default, trace })
                {
                    var read = MetadataSection.Read(MetadataSection.Write(s_salt, new(intent, author, context)))!.Value;
                    Assert.Equal((intent, author), (read.Intent, read.Author));
                    Assert.Equal((context.TraceId, context.SpanId, context.TraceFlags), (read.Trace.TraceId, read.Trace.SpanId, read.Trace.TraceFlags));
                }
    }

    [Fact]
    public void Section_of_another_kind_is_none() => Assert.Null(MetadataSection.Read(new byte[] { 0x91, 0x01 }));

    public static TheoryData<string, object?[]> Malformed => new()
    {
        { "metadata", [0, s_salt, "why"] },
        { "metadata.salt", [0, new byte[15], "why", "who", null] },
        { "metadata.intent", [0, s_salt, 7, "who", null] },
        { "metadata.author", [0, s_salt, "why", new string('x', 257), null] },
        { "metadata.trace", [0, s_salt, "why", "who", new byte[24]] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_malformed_is_refused_by_the_name_of_its_field(string field, object?[] values) =>
        Assert.Equal(field, Assert.Throws<EdgeDataException>(() => MetadataSection.Read(Encode(values))).Field);

    private static byte[] Encode(object?[] values)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(values.Length);
        foreach (var value in values)
        {
            if (value is null) writer.WriteNil();
            else if (value is int number) writer.Write(number);
            else if (value is string text) writer.Write(text);
            else writer.Write((byte[])value);
        }
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
