namespace Edge.Sync.Inference;

/// <summary>Decides between two shares of faults with as few frames as there can be: Wald's sequential probability ratio test (Annals of Mathematical Statistics, 1945).</summary>
/// <remarks>
/// It looks at counts only, so it does not matter in which order, or in how large portions, evidence arrives; looking less often never makes an error more probable. In
/// fixed point: logarithms differ in their last bits between platforms, and the same evidence must give the same verdict everywhere.
/// </remarks>
internal readonly struct SequentialTest
{
    private const int FractionBits = 24;

    private readonly long _perFault;
    private readonly long _perSuccess;
    private readonly long _bad;
    private readonly long _good;

    /// <param name="good">The share of faults of what is well.</param>
    /// <param name="bad">The share of faults of what is not.</param>
    /// <param name="falseAlarm">The chance that what is well is called bad.</param>
    /// <param name="miss">The chance that what is bad is called good.</param>
    public SequentialTest(double good, double bad, double falseAlarm, double miss)
    {
        _perFault = Fixed(Math.Log(bad / good));
        _perSuccess = Fixed(Math.Log((1 - bad) / (1 - good)));
        _bad = Fixed(Math.Log((1 - miss) / falseAlarm));
        _good = Fixed(Math.Log(miss / (1 - falseAlarm)));
    }

    public SequentialVerdict Judge(long frames, long faults)
    {
        var ratio = (Int128)faults * _perFault + (Int128)(frames - faults) * _perSuccess;
        return ratio >= _bad ? SequentialVerdict.Bad : ratio <= _good ? SequentialVerdict.Good : SequentialVerdict.Open;
    }

    private static long Fixed(double value) => (long)Math.Round(value * (1L << FractionBits));
}

internal enum SequentialVerdict
{
    /// <summary>More evidence is needed.</summary>
    Open,
    Good,
    Bad,
}
