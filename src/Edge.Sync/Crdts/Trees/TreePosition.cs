using System.Buffers.Binary;

namespace Edge.Sync.Crdts;

/// <summary>Keys that order siblings: byte strings, between any two of which there is room for another.</summary>
/// <remarks>
/// <code>
/// key   = head fraction* tail
/// head    80+n, then n bytes: a number from 0 up; 80-n, then n bytes: a negative one, as 256^n less its size
/// tail    4 bytes made from the operation's dot; the last is never zero
/// </code>
/// Children that are put at the end or the start get the next number, so that those keys do not grow; between two others a key grows by a bit per
/// insertion at one spot. The tail keeps the keys of concurrent insertions apart, so that there is room between these too; where it does not (once in
/// 2^32), equal keys are ordered by node, and a later sibling goes behind both.
/// </remarks>
internal static class TreePosition
{
    /// <summary>Enough for some 30,000 insertions at one spot.</summary>
    public const int BytesMax = 4096;

    private const int TailBytes = 4;
    private const int NumberBytesMax = 7;

    /// <summary>A key above <paramref name="left"/> and below <paramref name="right"/>; either is null where there is no sibling on that side.</summary>
    public static byte[] Between(byte[]? left, byte[]? right, Dot dot)
    {
        byte[] key;
        if (left is null && right is null) key = Number(0, dot);
        else if (right is null) key = TryReadNumber(left!, out var last) && Number(last + 1, dot) is var next && IsBelow(left!, next) ? next : Extend(left!, dot);
        else if (left is not null && !IsBelow(left, right)) key = Extend(left, dot);
        else if (left is null && TryReadNumber(right, out var first) && Number(first - 1, dot) is var previous && IsBelow(previous, right)) key = previous;
        else key = Middle(left ?? [], right, dot);
        if (key.Length > BytesMax) throw new InvalidOperationException($"Too many nodes were put between the same two siblings: there is no key of up to {BytesMax} bytes left. Move one of the two away and back first.");
        return key;
    }

    /// <summary>A key that ends in zero has a neighbour below which there is no room.</summary>
    public static bool IsValid(ReadOnlySpan<byte> key) => key.Length is > 0 and <= BytesMax && key[^1] != 0;

    private static bool IsBelow(byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right) < 0;

    private static byte[] Middle(byte[] left, byte[] right, Dot dot)
    {
        var i = 0;
        while (At(left, i) == At(right, i)) i++;
        var (low, high) = (At(left, i), At(right, i));
        if (high - low > 1) return WithTail(left, i, (byte)((low + high) / 2), dot);
        // Right below the other's digit there is nothing: follow the left key, above which there is room.
        for (i++; At(left, i) == byte.MaxValue;) i++;
        return WithTail(left, i, (byte)((At(left, i) + 256) / 2), dot);
    }

    private static byte[] Extend(byte[] left, Dot dot) => WithTail(left, left.Length, 0x80, dot);

    private static int At(byte[] key, int index) => index < key.Length ? key[index] : 0;

    private static byte[] WithTail(byte[] prefix, int prefixLength, byte digit, Dot dot)
    {
        var key = new byte[prefixLength + 1 + TailBytes];
        prefix.AsSpan(0, Math.Min(prefix.Length, prefixLength)).CopyTo(key);
        key[prefixLength] = digit;
        WriteTail(key.AsSpan(prefixLength + 1), dot);
        return key;
    }

    private static byte[] Number(long number, Dot dot)
    {
        var bytes = 1;
        while (bytes < NumberBytesMax && Math.Abs(number) >> (8 * bytes) != 0) bytes++;
        var key = new byte[1 + bytes + TailBytes];
        key[0] = (byte)(number >= 0 ? 0x80 + bytes : 0x80 - bytes);
        for (var (i, rest) = (bytes, number); i > 0; i--, rest >>= 8) key[i] = (byte)rest;
        WriteTail(key.AsSpan(1 + bytes), dot);
        return key;
    }

    private static bool TryReadNumber(byte[] key, out long number)
    {
        number = 0;
        var bytes = Math.Abs(key[0] - 0x80);
        if (bytes is 0 or > NumberBytesMax) return false;
        for (var i = 1; i <= bytes; i++) number = (number << 8) | (uint)At(key, i);
        if (key[0] < 0x80) number -= 1L << (8 * bytes);
        return true;
    }

    private static void WriteTail(Span<byte> tail, Dot dot)
    {
        Span<byte> bytes = stackalloc byte[ReplicaId.SizeBytes + sizeof(ulong)];
        dot.Replica.WriteTo(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[ReplicaId.SizeBytes..], dot.Counter);
        var hash = 14695981039346656037; // FNV-1a
        foreach (var b in bytes) hash = (hash ^ b) * 1099511628211;
        BinaryPrimitives.WriteUInt32BigEndian(tail, (uint)(hash ^ (hash >> 32)) | 1);
    }
}
