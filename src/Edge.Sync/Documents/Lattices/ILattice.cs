using System.Buffers;

namespace Edge.Sync;

/// <summary>A CRDT of one's own: values that are joined, for a <see cref="Lattice{T}"/>.</summary>
/// <typeparam name="TSelf">The type itself: immutable.</typeparam>
/// <remarks>
/// <see cref="Join"/> must be commutative, associative and idempotent, and <see cref="Bottom"/> its neutral value; then all replicas read the same, in whatever order edits reach them. Equal
/// values must be written as equal bytes. None of these members may read a clock, randomness, or anything outside.
/// </remarks>
public interface ILattice<TSelf> where TSelf : ILattice<TSelf>
{
    /// <summary>The least value: what is read before anything was written.</summary>
    static abstract TSelf Bottom { get; }

    /// <summary>The least value that holds both.</summary>
    static abstract TSelf Join(TSelf a, TSelf b);

    /// <summary>Writes a value: at most 1 MiB, and the same bytes for the same value, on every device.</summary>
    static abstract void Write(IBufferWriter<byte> output, TSelf value);

    /// <summary>Reads what <see cref="Write"/> wrote. The bytes come from other devices: what is no value must throw, and then reads as <see cref="Bottom"/>.</summary>
    static abstract TSelf Read(ReadOnlySpan<byte> bytes);
}
