namespace Edge.Sync.Benchmarks.Series;

/// <summary>Two measurements of a press.</summary>
[EdgeSeries("sensor")]
public readonly partial record struct Sensor(string Press, DateTimeOffset At, float Vibration, float Temperature);
