using System.Runtime.InteropServices;

namespace Edge.Sync.Storage;

/// <summary>Ascending sequence numbers in few bytes: the first one, then the distances, as varints (7 bits a byte, the lowest first).</summary>
/// <remarks>A document's changes lie close together when it is busy, so most take one or two bytes.</remarks>
internal static class SequenceRun
{
    private const int VarintBytesMax = 10;

    /// <summary>How long a run is at most.</summary>
    public static int BytesMax(int count) => count * VarintBytesMax;

    public static byte[] Write(IReadOnlyList<long> sequences)
    {
        var bytes = new byte[BytesMax(sequences.Count)];
        return bytes[..Write(sequences, bytes)];
    }

    /// <summary>Writes a run to the start of <paramref name="destination"/>. Returns its length.</summary>
    public static int Write(IReadOnlyList<long> sequences, Span<byte> destination)
    {
        var length = 0;
        long last = 0;
        foreach (var sequence in sequences is List<long> list ? CollectionsMarshal.AsSpan(list) : [.. sequences])
        {
            var distance = (ulong)(sequence - last);
            for (; distance >= 0x80; distance >>= 7)
                destination[length++] = (byte)(distance | 0x80);
            destination[length++] = (byte)distance;
            last = sequence;
        }
        return length;
    }

    /// <exception cref="InvalidCastException">The bytes are no run: they are not what is written there.</exception>
    public static long[] Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return [];
        var count = 0;
        foreach (var b in bytes)
            if (b < 0x80) count++;
        var result = new long[count];
        long last = 0;
        for (int i = 0, at = 0; i < count; i++)
        {
            ulong distance = 0;
            var shift = 0;
            byte b;
            do
            {
                if (shift > 56) throw new InvalidCastException("A run of sequence numbers has one that is too long.");
                b = bytes[at++];
                distance |= (ulong)(b & 0x7F) << shift;
                shift += 7;
            }
            while (b >= 0x80);
            if (distance == 0 || (long)distance > long.MaxValue - last) throw new InvalidCastException("A run of sequence numbers does not ascend.");
            result[i] = last += (long)distance;
        }
        if (bytes[^1] >= 0x80) throw new InvalidCastException("A run of sequence numbers is cut short.");
        return result;
    }
}
