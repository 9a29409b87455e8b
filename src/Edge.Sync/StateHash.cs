using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync;

/// <summary>Hashes documents in canonical order: what two replicas compare to know that they are equal.</summary>
internal static class StateHash
{
    public static void Append(IncrementalHash sha, DocumentKey key, ReadOnlySpan<byte> state)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        sha.AppendData(Encoding.UTF8.GetBytes(key.Collection));
        sha.AppendData("\0"u8);
        sha.AppendData(key.Id.ToByteArray());
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, state.Length);
        sha.AppendData(length);
        sha.AppendData(state);
    }
}
