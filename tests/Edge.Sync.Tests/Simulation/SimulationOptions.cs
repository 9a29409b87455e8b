namespace Edge.Sync.Tests.Simulation;

/// <summary>What a simulated world does to its replicas. Probabilities are per frame or per step.</summary>
internal sealed record SimulationOptions
{
    public required int Seed { get; init; }
    public int Replicas { get; init; } = 5;
    public int Steps { get; init; } = 400;
    public double Loss { get; init; } = 0.1;
    public double Duplicate { get; init; } = 0.1;
    public int LatencyMsMax { get; init; } = 2_000;
    public double DiskSyncPerRound { get; init; } = 0.2;
    public double PartitionPerStep { get; init; } = 0.02;
    public double PurgePerStep { get; init; } = 0.02;
    public double CrashPerStep { get; init; } = 0.02;
}
