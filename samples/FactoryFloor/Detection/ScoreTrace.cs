namespace FactoryFloor.Detection;

/// <summary>The scores of one press over time, for the plot.</summary>
internal sealed class ScoreTrace
{
    private readonly List<(DateTimeOffset At, float Score)> _all = [];
    private readonly Lock _gate = new();

    public void Record(DateTimeOffset at, float score)
    {
        lock (_gate)
            _all.Add((at, score));
    }

    public IReadOnlyList<(DateTimeOffset At, float Score)> ToList()
    {
        lock (_gate)
            return [.. _all];
    }
}
