using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Edge.Sync.Testing;

/// <summary>Runs a scenario in simulated worlds: replicas, network, clocks and disks in one thread, from one seed each, in virtual time.</summary>
/// <remarks>
/// <para>Deterministic are: the order of all work of the databases and sessions, time, what befalls each frame, all ids, and so what every replica shows. Not: the bytes of signatures, and the keys of documents that can be forgotten
/// (both are drawn by the system), and whatever the scenario does outside of its world. A scenario that goes on on another thread fails its run and is told so.</para>
/// <para>Works with any test framework: a failed run throws. Runs come one after the other; several simulations may run beside each other.</para>
/// </remarks>
public static class Simulation
{
    private static int s_folders;

    /// <summary>Runs <paramref name="scenario"/> as often as <see cref="SimulationOptions.Runs"/> says, each time in a new world.</summary>
    /// <param name="options">Seed, runs, and what happens to frames and clocks.</param>
    /// <param name="scenario">What the replicas do, and what must hold.</param>
    /// <param name="cancellationToken">Ends the simulation between two runs.</param>
    /// <exception cref="SimulationException">A run failed; the runs after it were not begun.</exception>
    public static Task RunAsync(SimulationOptions options, Func<SimulatedWorld, Task> scenario, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(scenario);
        options.Validate();
        // A thread of its own without a synchronization context: test frameworks have one, and continuations would go there.
        return Task.Factory.StartNew(() => RunAll(options, scenario, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    private static void RunAll(SimulationOptions options, Func<SimulatedWorld, Task> scenario, CancellationToken cancellationToken)
    {
        for (var run = 0; run < options.Runs; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var folder = Directory.CreateDirectory(Path.Combine(Temporary(), string.Create(CultureInfo.InvariantCulture, $"edge-sync-{Environment.ProcessId}-{Interlocked.Increment(ref s_folders)}"))).FullName;
            try { Run(new(options, unchecked(options.Seed + run), folder), run, scenario); }
            finally { Delete(folder); }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the scenario throws is told with the seed.")]
    private static void Run(SimulatedWorld world, int run, Func<SimulatedWorld, Task> scenario)
    {
        Exception? failed = null;
        try
        {
            var running = scenario(world);
            world.Run(running);
            failed = running.Exception?.InnerException ?? (running.IsCanceled ? new OperationCanceledException() : null);
        }
        catch (Exception e) { failed = e; }
        // Made before the databases close: its last events are those before the failure.
        var told = failed is null ? null : Tell(world, run, failed);
        try
        {
            var closing = world.CloseAsync();
            world.Run(closing);
            failed = closing.Exception?.InnerException;
        }
        catch (Exception e) { failed = e; }
        // What failed first says why.
        if (failed is not null) told ??= Tell(world, run, failed);
        if (told is not null) throw told;
    }

    private static SimulationException Tell(SimulatedWorld world, int run, Exception failed) =>
        failed is SimulationException { Reason: var reason } ? world.Fail(reason, run, failed.InnerException) : world.Fail($"{failed.GetType().Name}: {failed.Message}", run, failed);

    private static void Delete(string folder)
    {
        try { Directory.Delete(folder, recursive: true); }
        // A scenario that left its world may still be writing there: its run has failed, and that must be told, not this.
        catch (IOException) { }
    }

    // Files in memory where the system has such a place: the simulation says what survives, not the disk.
    private static string Temporary() => OperatingSystem.IsLinux() && Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
}
