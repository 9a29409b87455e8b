namespace Edge.Sync.Inference;

/// <summary>All that a replica knows of a model's rollouts. What follows from it is a pure function of it, the same on every replica that knows the same.</summary>
/// <remarks>
/// Everything in it only grows: orders and stops are added, stages and counts rise. So replicas merge in any order, with duplicates. The safe side wins:
/// 1. An order stands only if it overrides every stop of its version: a rollback beats whatever was decided without having seen it.
/// 2. Of standing orders that are through, the latest is stable; of the others, the latest behind it is the candidate.
/// 3. A stop is never taken back; who wants the version again gives a new order that has seen the stop.
/// </remarks>
internal sealed class RolloutState(IEnumerable<RolloutOrder> orders, IEnumerable<RolloutStop> stops, IEnumerable<RolloutEvidence> evidence)
{
    private readonly List<RolloutOrder> _orders = [.. orders.GroupBy(static order => order.Id).Select(static same => same.MaxBy(static order => order.Stage)!)];
    private readonly List<RolloutStop> _stops = [.. stops];
    private readonly List<RolloutEvidence> _evidence = [.. evidence.GroupBy(static report => (report.Order, report.Device, report.Stage))
        .Select(static same => new RolloutEvidence(same.Key.Order, same.Key.Device, same.Key.Stage, same.Max(static r => r.Frames), same.Max(static r => r.Faults)))];

    public IReadOnlyList<RolloutOrder> Orders => _orders;

    /// <summary>The order whose version devices answer by that have no other; null where none is through.</summary>
    public RolloutOrder? Stable => Latest(_orders.Where(order => order.IsThrough && Stands(order)));

    /// <summary>The order that is on its way; null where none is.</summary>
    public RolloutOrder? Candidate
    {
        get
        {
            var stable = Stable;
            return Latest(_orders.Where(order => !order.IsThrough && Stands(order) && (stable is null || RolloutOrder.Compare(order, stable) > 0)));
        }
    }

    public long NextSequence => _orders.Count == 0 ? 1 : _orders.Max(static order => order.Sequence) + 1;

    /// <summary>All stops of a version, in one order.</summary>
    public IReadOnlyList<DocumentId> StopsOf(DocumentId version) => [.. _stops.Where(stop => stop.Version == version).Select(static stop => stop.Id).Distinct().Order()];

    public bool Stands(RolloutOrder order) => StopsOf(order.Version).All(order.Overrides.Contains);

    /// <summary>All evidence of an order, or that of one stage.</summary>
    public RolloutGuard GuardOf(RolloutOrder order, int? stage = null)
    {
        var (frames, faults) = (0L, 0L);
        var devices = new HashSet<ReplicaId>();
        foreach (var report in _evidence)
            if (report.Order == order.Id && (stage is null || report.Stage == stage))
            {
                frames += report.Frames;
                faults += report.Faults;
                devices.Add(report.Device);
            }
        return new(frames, Math.Min(faults, frames), devices.Count);
    }

    /// <summary>What the evidence asks for.</summary>
    public RolloutVerdict Judge(RolloutOrder order)
    {
        var test = order.Plan.ToTest();
        var all = GuardOf(order);
        if (test.Judge(all.Frames, all.Faults) == SequentialVerdict.Bad)
            return RolloutVerdict.RollBack;
        if (order.IsThrough)
            return RolloutVerdict.Wait;
        var stage = GuardOf(order, order.Stage);
        return stage.Frames >= order.Plan.FramesMin && test.Judge(stage.Frames, stage.Faults) == SequentialVerdict.Good ? RolloutVerdict.Advance : RolloutVerdict.Wait;
    }

    /// <summary>What a device serves.</summary>
    public RolloutAssignment AssignmentOf(ReplicaId device, string ring)
    {
        var (stable, candidate) = (Stable, Candidate);
        return candidate is null ? new(stable, null)
            : candidate.Includes(device, ring) ? new(candidate, null)
            : new(stable, candidate.IsInShadow ? candidate : null);
    }

    private static RolloutOrder? Latest(IEnumerable<RolloutOrder> orders)
    {
        RolloutOrder? latest = null;
        foreach (var order in orders)
            if (latest is null || RolloutOrder.Compare(order, latest) > 0)
                latest = order;
        return latest;
    }
}

/// <summary>What a device serves, and what it computes beside that without a say.</summary>
internal readonly record struct RolloutAssignment(RolloutOrder? Serving, RolloutOrder? Shadow);

internal enum RolloutVerdict
{
    Wait,
    Advance,
    RollBack,
}
