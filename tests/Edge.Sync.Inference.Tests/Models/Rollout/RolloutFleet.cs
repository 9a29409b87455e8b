namespace Edge.Sync.Inference.Tests.Models.Rollout;

/// <summary>Replicas that share what they know by gossip that is lost half the time, and is cut in two for a third of the run.</summary>
internal sealed class RolloutFleet
{
    private static readonly DocumentId s_version = DocumentId.Named("v2");

    private const int Replicas = 8;
    private const int Steps = 60;

    private readonly Random _random;
    private readonly double _faultRate;
    private readonly List<Knowledge> _known = [];

    public RolloutFleet(int seed, double faultRate)
    {
        (_random, _faultRate) = (new(seed), faultRate);
        var plan = new RolloutPlan { ShadowSample = 0.5, CanaryPercent = [20, 50, 100] };
        var order = new RolloutOrder(DocumentId.Named($"order/{seed}"), 2, s_version, 2, plan, [], Stage: 0);
        for (var i = 0; i < Replicas; i++)
            _known.Add(new(order));
    }

    /// <returns>Whether the version was taken back.</returns>
    public bool Run()
    {
        for (var step = 0; step < Steps; step++)
        {
            for (var replica = 0; replica < Replicas; replica++)
                Act(replica);
            // It is one document: once written, it reaches everybody.
            if (_known.Exists(static known => known.Stopped))
                return true;
            var isCut = step is > Steps / 3 and < 2 * Steps / 3;
            for (var replica = 0; replica < Replicas; replica++)
            {
                var other = _random.Next(Replicas);
                if (_random.Next(2) == 0 && (!isCut || replica % 2 == other % 2))
                    _known[replica].Take(_known[other]);
            }
        }
        return false;
    }

    private void Act(int replica)
    {
        var known = _known[replica];
        var state = known.ToState();
        var (serving, shadow) = state.AssignmentOf(DeviceOf(replica), "");
        if ((serving ?? shadow) is not { } order)
            return;
        const int Frames = 25;
        var faults = 0;
        for (var i = 0; i < Frames; i++)
            if (_random.NextDouble() < _faultRate)
                faults++;
        known.Report(DeviceOf(replica), order.Stage, Frames, faults);
        switch (state.Judge(order))
        {
            case RolloutVerdict.RollBack:
                known.Stopped = true;
                break;
            case RolloutVerdict.Advance:
                known.Stage = order.Stage + 1;
                break;
        }
    }

    private static ReplicaId DeviceOf(int number)
    {
        var bytes = new byte[ReplicaId.SizeBytes];
        BitConverter.TryWriteBytes(bytes, number);
        return ReplicaId.FromBytes(bytes);
    }

    private sealed class Knowledge(RolloutOrder order)
    {
        private readonly Dictionary<(ReplicaId, int), (long Frames, long Faults)> _reports = [];

        public int Stage { get; set; }

        public bool Stopped { get; set; }

        public void Report(ReplicaId device, int stage, int frames, int faults)
        {
            var (f, e) = _reports.GetValueOrDefault((device, stage));
            _reports[(device, stage)] = (f + frames, e + faults);
        }

        public void Take(Knowledge other)
        {
            Stage = Math.Max(Stage, other.Stage);
            Stopped |= other.Stopped;
            foreach (var (key, report) in other._reports)
                if (report.Frames > _reports.GetValueOrDefault(key).Frames)
                    _reports[key] = report;
        }

        public RolloutState ToState() => new(
            [order with { Stage = Stage }],
            Stopped ? [new(DocumentId.Named("stop"), s_version)] : [],
            _reports.Select(r => new RolloutEvidence(order.Id, r.Key.Item1, r.Key.Item2, r.Value.Frames, r.Value.Faults)));
    }
}
