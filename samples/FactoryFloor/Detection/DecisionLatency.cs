using FactoryFloor.Sensing;

namespace FactoryFloor.Detection;

/// <summary>How long it took from taking a reading until it was judged, waiting in line included.</summary>
internal sealed class DecisionLatency
{
    private readonly List<TimeSpan> _all = [];
    private readonly Lock _gate = new();

    public void Record(in Reading reading)
    {
        lock (_gate)
            _all.Add(TimeProvider.System.GetElapsedTime(reading.TakenAt));
    }

    /// <summary>The latency that a share of all decisions of all presses did not exceed.</summary>
    public static TimeSpan Quantile(double share, IEnumerable<DecisionLatency> presses)
    {
        var all = new List<TimeSpan>();
        foreach (var press in presses)
            lock (press._gate)
                all.AddRange(press._all);
        all.Sort();
        return all.Count == 0 ? TimeSpan.Zero : all[(int)Math.Ceiling(share * all.Count) - 1];
    }
}
