namespace Edge.Sync.Inference.Backends.Managed;

/// <summary>Runs a dense network row by row, between two rows of scratch.</summary>
internal sealed class DenseRunner(DenseNetwork network, int rows) : IModelRunner
{
    private readonly float[] _input = new float[rows * network.InputWidth];
    private readonly float[] _output = new float[rows * network.OutputWidth];
    private readonly float[] _even = new float[network.WidestRow];
    private readonly float[] _odd = new float[network.WidestRow];

    public Span<float> Input => _input;

    public ReadOnlySpan<float> Output => _output;

    public void Run(int rows)
    {
        for (var row = 0; row < rows; row++)
            RunRow(_input.AsSpan(row * network.InputWidth, network.InputWidth), _output.AsSpan(row * network.OutputWidth, network.OutputWidth));
    }

    public void Dispose()
    {
    }

    private void RunRow(ReadOnlySpan<float> from, Span<float> output)
    {
        var steps = network.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            var to = i == steps.Length - 1 ? output : (i % 2 == 0 ? _even : _odd).AsSpan(0, step.OutputWidth);
            step.Run(from, to);
            from = to;
        }
    }
}
