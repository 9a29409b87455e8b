using System.Numerics;

namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>What one context has learnt of the numbers that stand in it.</summary>
/// <remarks>
/// A number n is coded as the length of n + 1 in bits, less one (6 decisions, from the highest bit on), and then the bits of n + 1 below its
/// highest one. The first three of these are learnt for each length, and the rest are even. So small numbers are learnt one by one, and
/// great ones by their size.
/// </remarks>
internal sealed class NumberModel
{
    private const int LengthBits = 6;
    private const int LearntBits = 3;

    private readonly AdaptiveBit[] _lengths = new AdaptiveBit[1 << LengthBits];
    private readonly AdaptiveBit[] _bits = new AdaptiveBit[1 << (LengthBits + LearntBits)];

    public static NumberModel[] Of(int contexts)
    {
        var models = new NumberModel[contexts];
        for (var i = 0; i < contexts; i++) models[i] = new();
        return models;
    }

    /// <param name="bits">Where to.</param>
    /// <param name="number">Less than 2^64 - 1.</param>
    public ulong Code<TBits>(ref TBits bits, ulong number) where TBits : struct, IBitCoder
    {
        var value = number + 1;
        var length = BitOperations.Log2(value);
        var node = 1;
        for (var i = LengthBits - 1; i >= 0; i--) node = (node << 1) | (bits.Code(ref _lengths[node], (length >> i & 1) != 0) ? 1 : 0);
        length = node - (1 << LengthBits);

        var coded = 1UL;
        node = 1;
        for (var i = length - 1; i >= 0; i--)
        {
            var bit = (value >> i & 1) != 0;
            if (node < 1 << LearntBits)
            {
                bit = bits.Code(ref _bits[(length << LearntBits) | node], bit);
                node = (node << 1) | (bit ? 1 : 0);
            }
            else bit = bits.Code(bit);
            coded = (coded << 1) | (bit ? 1UL : 0);
        }
        return coded - 1;
    }
}
