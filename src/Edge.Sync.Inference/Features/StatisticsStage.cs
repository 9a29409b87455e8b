namespace Edge.Sync.Inference.Features;

/// <summary>A row into its <see cref="RowStatistics"/>.</summary>
internal sealed class StatisticsStage : ITensorStage
{
    public string Name => "statistics";

    public int OutputWidth(int inputWidth) => RowStatistics.Count;

    public bool Process(ReadOnlySpan<float> input, Span<float> output)
    {
        RowStatistics.Of(input).CopyTo(output);
        return true;
    }

    public void Dispose()
    {
    }
}
