using System.Buffers;
using System.Buffers.Binary;

namespace Edge.Sync.Replication;

/// <summary>Cuts a byte stream into frames: four bytes of length, big-endian, then that many bytes.</summary>
internal static class FrameCodec
{
    private const int LengthBytes = sizeof(int);

    /// <summary>Takes one frame off the front of <paramref name="buffer"/>. False while it is not whole.</summary>
    /// <exception cref="EdgeDataException">The length is over the limit: the other side is no Edge.Sync peer, or a hostile one.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int frameBytesMax, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.Length < LengthBytes) return false;
        Span<byte> prefix = stackalloc byte[LengthBytes];
        buffer.Slice(0, LengthBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length == 0 || length > frameBytesMax)
            throw new EdgeDataException($"A frame of {length} bytes was announced; {frameBytesMax} are allowed. The other side does not speak the sync protocol.", "frame.length", 0, EdgeErrorCode.ProtocolMismatch);
        if (buffer.Length < LengthBytes + length) return false;
        frame = buffer.Slice(LengthBytes, length);
        buffer = buffer.Slice(LengthBytes + length);
        return true;
    }

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> frame)
    {
        var prefix = output.GetSpan(LengthBytes);
        BinaryPrimitives.WriteUInt32BigEndian(prefix, (uint)frame.Length);
        output.Advance(LengthBytes);
        output.Write(frame);
    }
}
