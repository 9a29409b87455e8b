namespace FactoryFloor.Sensing;

/// <summary>What a press's sensors say at one instant. Readings stay on the press.</summary>
/// <param name="Press">The press.</param>
/// <param name="At">When.</param>
/// <param name="Temperature">Of the bearing, in °C. A recording of one sensor is played here, whatever it measured.</param>
/// <param name="Vibration">Of the bearing, in mm/s (root mean square). 0 where there is no such sensor.</param>
internal readonly record struct Reading(string Press, DateTimeOffset At, float Temperature, float Vibration)
{
    /// <summary>When it was played, as the clock's time stamp.</summary>
    public long TakenAt { get; init; }

    /// <summary>The least that sending one would cost: an instant and a float for each signal, without any framing or name.</summary>
    public static int SizeBytes(int signalCount) => sizeof(long) + signalCount * sizeof(float);
}
