using System.Globalization;

namespace Edge.Sync.Testing;

/// <summary>A run of a simulation failed. The message says what differed, when, with which seed, and how to run it alone; an assertion of the scenario's own is the inner exception.</summary>
public sealed class SimulationException : Exception
{
    internal SimulationException(string reason) : base(reason) => Reason = reason;

    internal SimulationException(string reason, int seed, int run, long step, TimeSpan time, string trace, Exception? innerException)
        : base(string.Create(CultureInfo.InvariantCulture, $"{reason}\nRun {run} failed at step {step}, {time} of virtual time. Repeat it alone: new SimulationOptions {{ Seed = {seed}, Runs = 1, … }} with the other options as they are. The last events:\n{trace}"), innerException) =>
        (Reason, Seed, Run, Step, Time) = (reason, seed, run, step, time);

    /// <summary>What differed, or what the scenario threw.</summary>
    public string Reason { get; }

    /// <summary>The seed of the run that failed: <see cref="SimulationOptions.Seed"/> to repeat it.</summary>
    public int Seed { get; }

    /// <summary>Which run failed, from 0 on.</summary>
    public int Run { get; }

    /// <summary>How many pieces of work the world had done.</summary>
    public long Step { get; }

    /// <summary>The virtual time since the run began.</summary>
    public TimeSpan Time { get; }
}
