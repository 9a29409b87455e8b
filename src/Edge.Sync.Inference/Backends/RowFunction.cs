namespace Edge.Sync.Inference;

/// <summary>A model in code: computes one row of <paramref name="output"/> from one row of <paramref name="input"/> and keeps neither span.</summary>
public delegate void RowFunction(ReadOnlySpan<float> input, Span<float> output);
