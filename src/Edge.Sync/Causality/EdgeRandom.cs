using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Edge.Sync;

/// <summary>Where ids and salts come from: the system's generator, or a seed in simulations. Not safe for use by several threads at once unless it says so.</summary>
internal abstract class EdgeRandom
{
    /// <summary>The operating system's generator; safe for use by several threads at once.</summary>
    public static EdgeRandom System { get; } = new SystemRandom();

    public abstract void Fill(Span<byte> bytes);

    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public ReplicaId NextReplicaId() => new(NextUInt64(), NextUInt64());

    private sealed class SystemRandom : EdgeRandom
    {
        public override void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
    }
}
