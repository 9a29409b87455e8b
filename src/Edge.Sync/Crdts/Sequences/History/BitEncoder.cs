using System.Buffers;

namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>An arithmetic coder with 32 bits (Witten, Neal, Cleary 1987, for two symbols): a decision of probability p takes -log2 p bits.</summary>
/// <remarks>
/// The message is a number in [low, high], both inclusive. A decision takes the lower part for a 1 and the upper one for a 0; bytes on which
/// both ends agree are written. What is not written reads as zeros.
/// </remarks>
internal struct BitEncoder(ArrayBufferWriter<byte> output) : IBitCoder
{
    private uint _low;
    private uint _high = uint.MaxValue;

    public bool Code(ref AdaptiveBit context, bool bit)
    {
        Narrow(context.One, bit);
        context.Learn(bit);
        return bit;
    }

    public bool Code(bool bit)
    {
        Narrow(0x8000, bit);
        return bit;
    }

    /// <summary>Writes the one byte that leads into what is left of the interval.</summary>
    public readonly void End() => Write((byte)((_low >> 24) + 1));

    private void Narrow(uint one, bool bit)
    {
        var middle = _low + (uint)((ulong)(_high - _low) * one >> 16);
        if (bit) _high = middle;
        else _low = middle + 1;
        for (; (_low ^ _high) >> 24 == 0; _low <<= 8, _high = (_high << 8) | 0xFF) Write((byte)(_low >> 24));
    }

    private readonly void Write(byte next)
    {
        output.GetSpan(1)[0] = next;
        output.Advance(1);
    }
}
