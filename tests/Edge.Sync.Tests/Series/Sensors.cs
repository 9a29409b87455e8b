namespace Edge.Sync.Tests.Series;

[EdgeSeries("reading")]
public readonly partial record struct Reading(string Press, DateTimeOffset At, float Vibration, float Temperature);

public enum Mode { Idle, Running, Fault = -3 }

/// <summary>Every kind of value, no key, and members beside the constructor's.</summary>
[EdgeSeries("everything")]
public readonly partial record struct Everything(double Real, bool Flag, byte Small, DateTimeOffset At, short Narrow)
{
    public int Whole { get; init; }

    public long Big { get; init; }

    public Mode Mode { get; init; }

    public float Rough { get; init; }

    public double Computed => Real * 2;
}

internal static class Sensors
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Keeps all points as they came.</summary>
    public static SeriesOptions Forever { get; } = new() { KeepPoints = TimeSpan.FromDays(36_500), Levels = [] };

    public static Reading Of(string press, double seconds, float vibration = 1, float temperature = 20) => new(press, Start.AddSeconds(seconds), vibration, temperature);
}
