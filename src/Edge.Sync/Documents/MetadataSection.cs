using System.Buffers;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>The part of a change's body that says why it was made: <c>[ 0, salt, intent ]</c>. It is body, not header, since hubs that may not read see headers.</summary>
internal static class MetadataSection
{
    /// <summary>The first element of a section with metadata.</summary>
    public const int SectionKind = 0;

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
