using FactoryFloor.Sensing;

namespace FactoryFloor.Simulation;

/// <summary>A press, reduced to what its bearing feels: it works in batches of differing load, warms up slowly, and may wear out.</summary>
/// <remarks>
/// Vibration follows the load at once, temperature follows it through a first-order lag. A worn bearing shakes more under the same load and turns
/// more of it into heat; wear grows with the square of time until the bearing is replaced. The same seed gives the same readings.
/// </remarks>
internal sealed class PressSimulator(string press, ulong seed, IReadOnlyList<Fault> faults)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    private const int BatchReadings = 150;
    private const int CycleReadings = BatchReadings + 30;
    private const float AmbientC = 22, LoadC = 38, WearC = 14, NoiseC = 0.3f;
    private const float IdleMms = 0.6f, LoadMms = 2.2f, WearFactor = 1.5f, NoiseMms = 0.12f;

    /// <summary>The share of the way to its final temperature that the bearing goes from one reading to the next: a time constant of 15 minutes.</summary>
    private const float Warming = 1f / 90;

    /// <summary>When the press was at fault.</summary>
    public IEnumerable<LabelledWindow> Labels => faults.Select(fault => new LabelledWindow(press, AtOf(fault.First), AtOf(fault.Last)));

    public IEnumerable<Reading> Readings(int count)
    {
        var random = new SeededRandom(seed);
        var (load, temperature) = (0f, AmbientC);
        // It has been at work for a while when the readings begin: a cold start is a story of its own.
        for (var i = -3 * CycleReadings; i < count; i++)
        {
            var inCycle = (i + 3 * CycleReadings) % CycleReadings;
            if (inCycle == 0)
                load = 0.5f + 0.5f * random.NextSingle();
            else if (inCycle == BatchReadings) // then the tool is changed
                load = 0;
            var wear = WearAt(i);
            temperature += (AmbientC + LoadC * load + WearC * wear * load - temperature) * Warming;
            var vibration = (IdleMms + LoadMms * load) * (1 + WearFactor * wear);
            var reading = new Reading(press, AtOf(i), temperature + NoiseC * random.NextNormal(), vibration + NoiseMms * random.NextNormal());
            if (i >= 0)
                yield return reading;
        }
    }

    private float WearAt(int reading)
    {
        foreach (var fault in faults)
            if (reading >= fault.First && reading <= fault.Last)
            {
                var grown = (reading - fault.First) / (float)(fault.Last - fault.First);
                return grown * grown;
            }
        return 0;
    }

    private static DateTimeOffset AtOf(int reading) => Start + reading * Interval;
}

/// <summary>A bearing that wears out from the reading <paramref name="First"/> until it is replaced after <paramref name="Last"/>.</summary>
internal readonly record struct Fault(int First, int Last);
