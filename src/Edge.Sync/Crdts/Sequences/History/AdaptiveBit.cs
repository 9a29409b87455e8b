namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>How probable it is that the next binary decision in one context is a 1, learnt from those that were met there.</summary>
internal struct AdaptiveBit
{
    /// <summary>From here on, what was met last weighs this much: more would learn too slowly, less would forget too much.</summary>
    private const int MetMax = 60;

    private static readonly ushort[] s_rates = Rates();

    /// <summary>The distance from one half, so that an array of zeros is a fresh model.</summary>
    private short _bias;
    private byte _met;

    /// <summary>Of 65,536; never 0, and never all.</summary>
    public readonly uint One => (uint)(_bias + 0x8000);

    public void Learn(bool bit)
    {
        var rate = s_rates[_met];
        if (_met < MetMax) _met++;
        var one = _bias + 0x8000;
        one += bit ? (0xFFFF - one) * rate >> 16 : -((one - 1) * rate >> 16);
        _bias = (short)(one - 0x8000);
    }

    /// <summary>1 / (met + 1.5), of 65,536.</summary>
    private static ushort[] Rates()
    {
        var rates = new ushort[MetMax + 1];
        for (var i = 0; i < rates.Length; i++) rates[i] = (ushort)(131_072 / (2 * i + 3));
        return rates;
    }
}
