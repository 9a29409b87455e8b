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
        private const int BufferBytes = 512;

        // A call of the generator costs ten times what the 16 bytes of a salt do. What was handed out is wiped.
        [ThreadStatic]
        private static byte[]? s_buffer;

        [ThreadStatic]
        private static int s_left;

        public override void Fill(Span<byte> bytes)
        {
            if (bytes.Length > BufferBytes / 8)
            {
                RandomNumberGenerator.Fill(bytes);
                return;
            }
            var buffer = s_buffer ??= new byte[BufferBytes];
            if (s_left < bytes.Length)
            {
                RandomNumberGenerator.Fill(buffer);
                s_left = BufferBytes;
            }
            var next = buffer.AsSpan(BufferBytes - s_left, bytes.Length);
            next.CopyTo(bytes);
            next.Clear();
            s_left -= bytes.Length;
        }
    }
}
