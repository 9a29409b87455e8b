namespace Edge.Sync.Inference.Tests.Pipeline;

internal readonly record struct Reading(string Press, DateTimeOffset At, float Value)
{
    /// <summary>A reading that many seconds after the start of all tests.</summary>
    public static Reading Of(string press, int second, float value = 0) => new(press, DateTimeOffset.UnixEpoch.AddSeconds(second), value);
}

internal sealed record Alarm(string Press, DateTimeOffset At, float Score);
