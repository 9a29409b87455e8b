using System.Buffers;
using System.Diagnostics;
using System.Text;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>The part of a change's body that says why, by whom and within which trace it was made. It is body, not header, since hubs that may not read see headers.</summary>
/// <remarks>
/// <code>
/// section = [ 0, salt bin 16, intent str or nil, author str or nil, trace bin 25 or nil ]
/// trace     W3C trace context: trace id 16 bytes, id of the parent span 8, flags 1
/// </code>
/// </remarks>
internal static class MetadataSection
{
    /// <summary>The first element of a section with metadata.</summary>
    public const int SectionKind = 0;

    private const int TraceIdBytes = 16, SpanIdBytes = 8, TraceBytes = TraceIdBytes + SpanIdBytes + 1;

    /// <summary>The metadata of a section; null for another section.</summary>
    /// <exception cref="EdgeDataException">The section is malformed.</exception>
    public static ChangeMetadata? Read(ReadOnlyMemory<byte> section)
    {
        var reader = new WireReader(section, default);
        var fields = reader.ReadArrayHeader("metadata");
        if (reader.ReadInt32("metadata.kind") != SectionKind) return null;
        if (fields != 5) throw reader.Malformed("metadata", $"5 fields were expected, {fields} are there");
        if (reader.ReadBytes("metadata.salt").Length != DocumentSection.SaltBytes) throw reader.Malformed("metadata.salt", $"a salt has {DocumentSection.SaltBytes} bytes");
        var intent = reader.TryReadNil() ? null : reader.ReadString("metadata.intent");
        var author = reader.TryReadNil() ? null : reader.ReadString("metadata.author");
        if (author is not null && Encoding.UTF8.GetByteCount(author) > ChangeMetadata.AuthorBytesMax) throw reader.Malformed("metadata.author", $"it takes more than {ChangeMetadata.AuthorBytesMax} bytes");
        var trace = reader.TryReadNil() ? default : ReadTrace(ref reader);
        reader.ReadEnd("metadata");
        return new(intent, author, trace);
    }

    public static byte[] Write(ReadOnlySpan<byte> salt, in ChangeMetadata metadata)
    {
        var output = new ArrayBufferWriter<byte>(64);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(5);
        writer.Write(SectionKind);
        writer.Write(salt);
        writer.Write(metadata.Intent);
        writer.Write(metadata.Author);
        if (metadata.Trace == default) writer.WriteNil();
        else WriteTrace(ref writer, metadata.Trace);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static ActivityContext ReadTrace(ref WireReader reader)
    {
        var bytes = reader.ReadBytes("metadata.trace");
        if (bytes.Length != TraceBytes) throw reader.Malformed("metadata.trace", $"a trace context has {TraceBytes} bytes");
        return new(ActivityTraceId.CreateFromBytes(bytes.AsSpan(0, TraceIdBytes)), ActivitySpanId.CreateFromBytes(bytes.AsSpan(TraceIdBytes, SpanIdBytes)), (ActivityTraceFlags)bytes[^1], isRemote: true);
    }

    private static void WriteTrace(ref MessagePackWriter writer, in ActivityContext trace)
    {
        var bytes = new byte[TraceBytes];
        trace.TraceId.CopyTo(bytes.AsSpan(0, TraceIdBytes));
        trace.SpanId.CopyTo(bytes.AsSpan(TraceIdBytes, SpanIdBytes));
        bytes[^1] = (byte)trace.TraceFlags;
        writer.Write(bytes);
    }
}
