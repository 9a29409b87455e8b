namespace Edge.Sync.Inference;

/// <summary>A step between features and model, or behind a source: one row of floats into another. Not safe for several threads unless it says so.</summary>
public interface ITensorStage : IDisposable
{
    /// <summary>What errors call it.</summary>
    string Name { get; }

    /// <summary>Floats that it makes of a row of <paramref name="inputWidth"/>.</summary>
    /// <exception cref="ArgumentException">It takes no row of that width.</exception>
    int OutputWidth(int inputWidth);

    /// <summary>Fills all of <paramref name="output"/>, without allocating, and keeps neither span. The two never overlap.</summary>
    /// <returns>False where there is nothing to judge: the model is not asked, and the window is counted as dropped.</returns>
    bool Process(ReadOnlySpan<float> input, Span<float> output);
}
