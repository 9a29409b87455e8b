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
    public double RejectPerStep { get; init; }
    public double CrashPerStep { get; init; } = 0.02;

    /// <summary>How many edits are of documents that are written encrypted.</summary>
    public double PatientsPerEdit { get; init; }

    /// <summary>How often one of these is forgotten.</summary>
    public double ForgetPerStep { get; init; }

    /// <summary>How often a document is evicted on a node that may, as far as a keeper has it, or wanted back. Every second node keeps everything then, the first among them; all may be deleted.</summary>
    public double EvictPerStep { get; init; }

    /// <summary>How many files are copied at most while their originals go on, copies of copies among them.</summary>
    public int CopiesMax { get; init; }

    public double CopyPerStep { get; init; } = 0.02;

    /// <summary>How often a file is rolled back to a backup.</summary>
    public double RestorePerStep { get; init; }

    /// <summary>Whether a document with every type of property is edited too.</summary>
    public bool EveryType { get; init; }
}
