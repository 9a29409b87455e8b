namespace Edge.Sync.Wire;

/// <summary>A value as its canonical MessagePack bytes: what registers and sets hold, whatever its .NET type is. Compared byte by byte.</summary>
internal readonly struct ValueBytes(byte[] bytes) : IEquatable<ValueBytes>, IComparable<ValueBytes>
{
    public ReadOnlySpan<byte> Span => bytes;

    public ReadOnlyMemory<byte> Memory => bytes;

    public bool IsNil => bytes is [MessagePack.MessagePackCode.Nil];

    public bool Equals(ValueBytes other) => Span.SequenceEqual(other.Span);

    public int CompareTo(ValueBytes other) => Span.SequenceCompareTo(other.Span);

    public override bool Equals(object? obj) => obj is ValueBytes other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
