namespace Edge.Sync.Inference.Tests.Models.Rollout;

/// <summary>Fleets of replicas that hear of each other late, twice and in any order, and that each act on what they know.</summary>
public class FleetSimulationTests
{
    private static readonly DocumentId s_old = DocumentId.Named("v1"), s_new = DocumentId.Named("v2");

    [Fact]
    public void Bad_version_is_taken_back_and_a_good_one_is_not()
    {
        const int Runs = 1_000;
        var (falseRollbacks, caught) = (0, 0);
        for (var seed = 1; seed <= Runs; seed++)
        {
            if (new RolloutFleet(seed, faultRate: 0.001).Run())
                falseRollbacks++;
            if (new RolloutFleet(-seed, faultRate: 0.02).Run())
                caught++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{falseRollbacks} good and {caught} bad versions of {Runs} each were taken back");
        Assert.InRange(falseRollbacks, 0, Runs / 100);
        Assert.InRange(caught, Runs * 98 / 100, Runs);
    }

    [Fact]
    public void Same_knowledge_gives_the_same_verdict_and_assignments_in_whatever_order_it_came()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var (orders, stops, evidence) = Knowledge(random);
            var first = new RolloutState(orders, stops, evidence);
            var second = new RolloutState(Scramble(random, orders), Scramble(random, stops), Scramble(random, evidence));
            Assert.True((first.Stable?.Id, first.Candidate?.Id, first.Stable?.Stage, first.Candidate?.Stage) == (second.Stable?.Id, second.Candidate?.Id, second.Stable?.Stage, second.Candidate?.Stage), $"seed {seed}");
            foreach (var order in orders)
                Assert.True(first.Judge(order) == second.Judge(order), $"seed {seed}");
            for (var device = 0; device < 50; device++)
                Assert.True(first.AssignmentOf(Device(device), "").Serving?.Id == second.AssignmentOf(Device(device), "").Serving?.Id, $"seed {seed}");
        }
    }

    [Fact]
    public void Stop_beats_whatever_had_not_seen_it_and_nothing_but_a_new_decision_brings_the_version_back()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var (orders, stops, evidence) = Knowledge(random);
            var stop = new RolloutStop(DocumentId.Named($"fresh/{seed}"), s_new);
            // Whatever else is decided or seen concurrently, on whatever side of a partition.
            var state = new RolloutState(orders, [.. stops, stop], evidence);
            for (var device = 0; device < 50; device++)
            {
                var (serving, shadow) = state.AssignmentOf(Device(device), "lab");
                Assert.True(serving?.Version != s_new && shadow?.Version != s_new, $"seed {seed}");
            }
            var again = Order(state.NextSequence, s_new, 2, state.StopsOf(s_new), stage: 3);
            Assert.Equal(again.Id, new RolloutState([.. orders, again], [.. stops, stop], evidence).Stable!.Id);
        }
    }

    [Fact]
    public void Devices_that_have_the_version_keep_it_as_the_share_grows_and_the_share_is_right()
    {
        const int Devices = 20_000;
        var plan = new RolloutPlan { ShadowSample = 0.1, Rings = ["lab"], CanaryPercent = [5, 25, 100] };
        var order = new RolloutOrder(DocumentId.Named("o"), 1, s_new, 2, plan, [], Stage: 0);
        var before = new bool[Devices];
        foreach (var (stage, percent) in new[] { (0, 0.0), (1, 0.0), (2, 5.0), (3, 25.0), (4, 100.0), (5, 100.0) })
        {
            var included = 0;
            for (var i = 0; i < Devices; i++)
            {
                var now = (order with { Stage = stage }).Includes(Device(i), "");
                Assert.True(now || !before[i]);
                before[i] = now;
                included += now ? 1 : 0;
            }
            Assert.InRange(included * 100.0 / Devices, percent - 0.6, percent + 0.6);
            Assert.Equal(stage >= 1, (order with { Stage = stage }).Includes(Device(1), "lab"));
        }
        Assert.NotEqual(
            Enumerable.Range(0, 100).Select(i => (order with { Stage = 3 }).Includes(Device(i), "")),
            Enumerable.Range(0, 100).Select(i => (order with { Id = DocumentId.Named("other"), Stage = 3 }).Includes(Device(i), "")));
    }

    private static RolloutOrder Order(long sequence, DocumentId version, long number, IReadOnlyList<DocumentId> overrides, int stage) =>
        new(DocumentId.Named($"{sequence}/{number}/{string.Join(',', overrides)}"), sequence, version, number, new(), overrides, stage);

    private static ReplicaId Device(int number)
    {
        var bytes = new byte[ReplicaId.SizeBytes];
        BitConverter.TryWriteBytes(bytes, number);
        return ReplicaId.FromBytes(bytes);
    }

    private static (List<RolloutOrder>, List<RolloutStop>, List<RolloutEvidence>) Knowledge(Random random)
    {
        var stops = Enumerable.Range(0, random.Next(4)).Select(i => new RolloutStop(DocumentId.Named($"stop/{i}"), random.Next(2) == 0 ? s_old : s_new)).ToList();
        var orders = new List<RolloutOrder>();
        for (var i = 0; i < 6; i++)
        {
            var version = random.Next(3) == 0 ? s_old : s_new;
            var order = Order(random.Next(1, 4), version, version == s_old ? 1 : 2, [.. stops.Where(s => s.Version == version && random.Next(2) == 0).Select(static s => s.Id)], 0);
            for (var stage = 0; stage <= random.Next(4); stage++)
                orders.Add(order with { Stage = stage });
        }
        var evidence = new List<RolloutEvidence>();
        foreach (var order in orders)
            for (var device = 0; device < 3; device++)
                evidence.Add(new(order.Id, Device(device), random.Next(3), random.Next(500), random.Next(5)));
        return (orders, stops, evidence);
    }

    private static List<T> Scramble<T>(Random random, List<T> items)
    {
        var scrambled = items.Concat(items.Where(_ => random.Next(3) == 0)).ToArray();
        random.Shuffle(scrambled);
        return [.. scrambled];
    }
}
