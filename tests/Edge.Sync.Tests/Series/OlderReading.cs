namespace Edge.Sync.Tests.Series.Older;

/// <summary>As an older version of the app had it: one value of another type, one that is no more, one that was not yet.</summary>
[EdgeSeries("reading")]
public readonly partial record struct Reading(string Press, DateTimeOffset At, double Vibration, int Load);
