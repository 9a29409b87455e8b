using MessagePack;

namespace Edge.Sync.Wire;

/// <summary>Writes replica ids as MessagePack byte strings, without an array for each.</summary>
internal static class IdBytes
{
    public static void Write(ref MessagePackWriter writer, ReplicaId id)
    {
        writer.WriteBinHeader(ReplicaId.SizeBytes);
        id.WriteTo(writer.GetSpan(ReplicaId.SizeBytes));
        writer.Advance(ReplicaId.SizeBytes);
    }
}
