using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using MessagePack;

namespace Edge.Sync.Tests.Pasts;

/// <summary>Sections with any deltas, under one dot after the other.</summary>
internal static class HostileSection
{
    public static byte[] Write(DocumentKey key, Dot first, params ReadOnlySpan<(uint Field, Delta Delta)> operations)
    {
        var (table, output) = (new ReplicaTable(), new ArrayBufferWriter<byte>());
        table.IndexOf(first.Replica);
        foreach (var (field, delta) in operations)
        {
            var writer = new WireWriter(output, table);
            writer.Raw.Write(field);
            writer.Raw.Write((byte)delta.Kind);
            writer.Raw.Write(delta.DotCount == 0 ? 0 : (int)(delta.First.Counter - first.Counter));
            delta.Write(ref writer);
            writer.Flush();
        }
        var section = new ArrayBufferWriter<byte>();
        DocumentSection.Write(section, key, new byte[DocumentSection.SaltBytes], table, operations.Length, output.WrittenSpan);
        return section.WrittenSpan.ToArray();
    }
}
