namespace Edge.Sync.Inference.Training;

/// <summary>How trees are grown.</summary>
public sealed record TreeTrainerOptions
{
    /// <summary>How many trees.</summary>
    /// <value>The default is 100.</value>
    public int Trees { get; init; } = 100;

    /// <summary>How many leaves a tree may have.</summary>
    /// <value>The default is 20.</value>
    public int LeavesMax { get; init; } = 20;

    /// <summary>How many rows a leaf has at least.</summary>
    /// <value>The default is 10.</value>
    public int RowsInLeafMin { get; init; } = 10;

    /// <summary>How much of what is still wrong each tree takes on, above 0 and at most 1.</summary>
    /// <value>The default is 0.2.</value>
    public double LearningRate { get; init; } = 0.2;

    /// <summary>Where chance comes from.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Trees);
        ArgumentOutOfRangeException.ThrowIfLessThan(LeavesMax, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RowsInLeafMin);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LearningRate, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LearningRate, 1);
    }
}
