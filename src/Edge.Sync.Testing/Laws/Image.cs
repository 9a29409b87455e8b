using System.Buffers;

namespace Edge.Sync.Testing;

/// <summary>A lattice's value as replicas compare it: the bytes that it is written as.</summary>
internal readonly struct Image(byte[] bytes) : IEquatable<Image>, IComparable<Image>
{
    private const int ShownBytesMax = 24;

    public byte[] Bytes => bytes;

    public static Image Of<T>(T value) where T : ILattice<T>
    {
        var output = new ArrayBufferWriter<byte>(64);
        T.Write(output, value);
        return new(output.WrittenSpan.ToArray());
    }

    public bool Equals(Image other) => bytes.AsSpan().SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is Image other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    /// <summary>Shorter ones are smaller, then by bytes: what counterexamples are made smaller by.</summary>
    public int CompareTo(Image other) => bytes.Length != other.Bytes.Length ? bytes.Length.CompareTo(other.Bytes.Length) : bytes.AsSpan().SequenceCompareTo(other.Bytes);

    public override string ToString() => bytes.Length <= ShownBytesMax ? Convert.ToHexStringLower(bytes) : $"{Convert.ToHexStringLower(bytes.AsSpan(0, ShownBytesMax))}… ({bytes.Length} bytes)";
}
