using System.Globalization;
using Edge.Sync.Inference;
using Edge.Sync.Inference.Tests.Models.Rollout;
using Edge.Sync.Inference.Tests.Placement;
using FederatedLoop;
using FederatedLoop.Data;

namespace Edge.Sync.Benchmarks.Learning;

/// <summary>How good the decisions are: verdicts on new versions, places to compute, models that were learned together. Seeded, by the simulations that the tests judge; nothing is timed.</summary>
internal static class LearningCommand
{
    private const int Trials = 20_000, Fleets = 1_000, Requests = 20_000, Sites = 5, Devices = 8;

    public static async Task<int> RunAsync(string[] args)
    {
        PrintVerdicts();
        PrintFleets();
        PrintPlacement();
        var isRight = await PrintFederatedAsync(SimulatedMachines.Make(Devices, rowsEach: 300));
        if (args is [var file])
            isRight &= await PrintFederatedAsync(RecordedMachine.Load(file, Devices));
        return isRight ? 0 : 1;
    }

    private static void PrintVerdicts()
    {
        Console.WriteLine($"verdicts of the sequential test, {Trials:N0} versions each");
        var test = new RolloutPlan().ToTest();
        foreach (var rate in new[] { 0, 0.001, 0.005, 0.02, 0.05, 0.2 })
        {
            var random = new Random(1);
            var runs = Enumerable.Range(0, Trials).Select(_ => SequentialTrial.Run(test, random, rate)).ToList();
            var frames = runs.Where(static r => r.Verdict == SequentialVerdict.Bad).Select(static r => r.Frames).Order().ToList();
            Say($"  {rate,6:P1} faults: taken back {(double)frames.Count / Trials,8:P2}{(frames.Count > 0 ? $", after {frames[frames.Count / 2]} inferences (median), {frames[frames.Count * 99 / 100]} (p99)" : "")}");
        }
    }

    private static void PrintFleets()
    {
        foreach (var rate in new[] { 0.001, 0.02 })
            Say($"{Fleets:N0} fleets of 8 that gossip, cut in two for a third of the time, {rate:P1} faults: taken back in {Enumerable.Range(1, Fleets).Count(seed => new RolloutFleet(rate > 0.01 ? -seed : seed, rate).Run())}");
    }

    private static void PrintPlacement()
    {
        foreach (var isHidden in new[] { false, true })
        {
            var sums = Enumerable.Range(1, Sites).Select(seed => new PlacementSite(seed, isHidden).Run(Requests))
                .Select(static s => (Policy: s.Policy / s.Oracle - 1, Device: s.Device / s.Oracle - 1, Gateway: s.Gateway / s.Oracle - 1)).ToList();
            Say($"placement, {Sites} seeds of {Requests:N0} requests, {(isHidden ? "with bursts, outages and a queue" : "latencies linear in what is known")}: above the oracle {sums.Average(static s => s.Policy):P2} (worst {sums.Max(static s => s.Policy):P2}); always the device {sums.Average(static s => s.Device):P0}, the gateway where allowed {sums.Average(static s => s.Gateway):P0}");
        }
    }

    private static async Task<bool> PrintFederatedAsync(LearningTask task)
    {
        await using var fleet = await Fleet.OpenAsync(task);
        var figures = await new Loop(task, fleet, new CommandLine()).RunAsync();
        figures.Print(Console.Out);
        return figures.IsIdentical && figures.IsThrough;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
