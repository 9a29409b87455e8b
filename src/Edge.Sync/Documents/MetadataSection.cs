using System.Buffers;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>The part of a change's body that says why it was made: <c>[ 0, salt, intent ]</c>. It is body, not header, since hubs that may not read see headers.</summary>
internal static class MetadataSection
{
    /// <summary>The first element of a section with metadata.</summary>
    public const int SectionKind = 0;

    /// <summary>The intent of a section with metadata; null for another section.</summary>
    /// <exception cref="EdgeDataException">The section is malformed.</exception>
    public static string? ReadIntent(ReadOnlyMemory<byte> section)
    {
        var reader = new WireReader(section, default);
        reader.ReadArrayHeader("metadata", 1, exactly: false);
        if (reader.ReadInt32("metadata.kind") != SectionKind) return null;
        reader.ReadBytes("metadata.salt");
        return reader.ReadString("metadata.intent");
    }

    public static byte[] Write(ReadOnlySpan<byte> salt, string intent)
    {
        var output = new ArrayBufferWriter<byte>(64);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(3);
        writer.Write(SectionKind);
        writer.Write(salt);
        writer.Write(intent);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
