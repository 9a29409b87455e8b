namespace Edge.Sync.Inference;

/// <summary>How a version reaches the fleet: first beside the stable one without a say, then on more and more devices, back by itself where it fails.</summary>
/// <remarks>
/// A stage ends when its evidence says, by a sequential test (Wald 1945), that faults are as rare as <see cref="FaultRateGood"/>; the rollout ends when all evidence
/// says that they are as common as <see cref="FaultRateBad"/>. A fault is an inference that failed, answered no number, or, in the shadow, disagreed.
/// </remarks>
public sealed record RolloutPlan
{
    /// <summary>All devices at once, without waiting for evidence: for a first version, or for what must be everywhere now. It is taken back like any other where it fails.</summary>
    public static RolloutPlan AtOnce { get; } = new() { CanaryPercent = [] };

    /// <summary>Of all inferences, the share that the new version computes too before any device answers by it. 0 leaves this stage out.</summary>
    /// <value>The default is 0.</value>
    public double ShadowSample { get; init; }

    /// <summary>How far a score in the shadow may be from the stable version's, in units of the score, before it counts as a fault.</summary>
    /// <value>The default, infinity, is any distance: only failures count.</value>
    public double ShadowTolerance { get; init; } = double.PositiveInfinity;

    /// <summary>Devices of these rings (<see cref="EdgeInferenceOptions.Ring"/>) go first, one ring after another.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> Rings { get; init; } = [];

    /// <summary>Then so many percent of all devices, ascending, by a hash of the device and this rollout. The last is 100; none at all is <see cref="AtOnce"/>.</summary>
    /// <value>The default is 5, 25, 100.</value>
    public IReadOnlyList<double> CanaryPercent { get; init; } = [5, 25, 100];

    /// <summary>The share of faults of a version that is well.</summary>
    /// <value>The default is 0.1 %.</value>
    public double FaultRateGood { get; init; } = 0.001;

    /// <summary>The share of faults of a version that must go back.</summary>
    /// <value>The default is 2 %.</value>
    public double FaultRateBad { get; init; } = 0.02;

    /// <summary>The chance that a version that is well is taken back.</summary>
    /// <value>The default is 0.1 %. Every replica judges the evidence it has, so the fleet's chance is somewhat above that of one test.</value>
    public double FalseRollback { get; init; } = 0.001;

    /// <summary>The chance that a bad version passes a stage.</summary>
    /// <value>The default is 0.5 %.</value>
    public double FalsePass { get; init; } = 0.005;

    /// <summary>Inferences that a stage has at least.</summary>
    /// <value>The default is 200.</value>
    public long FramesMin { get; init; } = 200;

    /// <summary>A further reason to go back, looked at by this process only, whenever evidence arrives; it does not travel.</summary>
    /// <value>The default, null, is none.</value>
    public Func<RolloutGuard, bool>? RollBackWhen { get; init; }

    internal bool HasShadow => ShadowSample > 0;

    /// <summary>Shadow, rings, percents.</summary>
    internal int StageCount => (HasShadow ? 1 : 0) + Rings.Count + CanaryPercent.Count;

    internal SequentialTest ToTest() => new(FaultRateGood, FaultRateBad, FalseRollback, FalsePass);

    /// <summary>What is wrong with it; null where nothing is.</summary>
    internal string? Validate()
    {
        if (ShadowSample is not (>= 0 and <= 1))
            return $"{nameof(ShadowSample)} is {ShadowSample}; it is a share from 0 to 1";
        if (ShadowTolerance is not >= 0)
            return $"{nameof(ShadowTolerance)} is {ShadowTolerance}; it is not negative";
        if (!(FaultRateGood > 0 && FaultRateGood < FaultRateBad && FaultRateBad < 1))
            return $"{nameof(FaultRateGood)} is {FaultRateGood} and {nameof(FaultRateBad)} {FaultRateBad}; they lie between 0 and 1, the first below the second";
        if (FalseRollback is not (> 0 and < 0.5) || FalsePass is not (> 0 and < 0.5))
            return $"{nameof(FalseRollback)} is {FalseRollback} and {nameof(FalsePass)} {FalsePass}; they lie between 0 and 0.5";
        if (FramesMin < 0)
            return $"{nameof(FramesMin)} is negative";
        if (StageCount == 0)
            return null;
        if (Rings.Count > StagesMax || CanaryPercent.Count is 0 or > StagesMax || CanaryPercent[^1] != 100)
            return $"{nameof(CanaryPercent)} has {CanaryPercent.Count} steps and {nameof(Rings)} {Rings.Count}; at most {StagesMax} each, and the last percent is 100";
        for (var i = 0; i < CanaryPercent.Count; i++)
            if (CanaryPercent[i] is not (> 0 and <= 100) || i > 0 && CanaryPercent[i] <= CanaryPercent[i - 1])
                return $"{nameof(CanaryPercent)} ascends from above 0 to 100; step {i + 1} does not";
        return Rings.Any(static ring => ring.Length is 0 or > 256) ? $"a name in {nameof(Rings)} is empty or too long" : null;
    }

    private const int StagesMax = 32;
}
