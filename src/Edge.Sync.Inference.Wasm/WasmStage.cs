namespace Edge.Sync.Inference.Wasm;

/// <summary>A module as a step before the model.</summary>
internal sealed class WasmStage(WasmCode code, int inputWidth, int outputWidth) : ITensorStage
{
    private readonly WasmInstance _instance = new(code, inputWidth, outputWidth);

    public string Name => code.Name;

    public int OutputWidth(int width)
    {
        if (width != inputWidth)
            throw new ArgumentException($"it was made for rows of {inputWidth}", nameof(width));
        _instance.Open();
        return outputWidth;
    }

    public bool Process(ReadOnlySpan<float> input, Span<float> output) => _instance.Process(input, output);

    public void Dispose() => _instance.Dispose();
}
