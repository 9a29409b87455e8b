using Microsoft.ML.OnnxRuntime;

namespace Edge.Sync.Inference.Backends.OnnxRuntime;

/// <summary>Buffers that are pinned and bound once, so that a run copies nothing and allocates nothing.</summary>
/// <remarks>
/// Where a model leaves the number of rows open, there is one binding for each power of two of rows: a batch is filled up to the next. Else
/// each row has a binding and a run of its own.
/// </remarks>
internal sealed class OnnxRunner : IModelRunner
{
    private readonly OnnxSession _model;
    private readonly RunOptions _options = new();
    private readonly List<Binding> _bindings = [];
    private readonly float[] _input;
    private readonly float[] _output;

    public OnnxRunner(OnnxSession model, int rows)
    {
        _model = model;
        // Room for a batch that is filled up.
        rows = model.IsBatched ? (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rows) : rows;
        _input = GC.AllocateArray<float>(rows * model.InputWidth, pinned: true);
        _output = GC.AllocateArray<float>(rows * model.OutputWidth, pinned: true);
        if (model.IsBatched)
            for (var count = 1; count <= rows; count *= 2)
                _bindings.Add(new(model, _input, _output, first: 0, count));
        else
            for (var row = 0; row < rows; row++)
                _bindings.Add(new(model, _input, _output, row, count: 1));
    }

    public Span<float> Input => _input;

    public ReadOnlySpan<float> Output => _output;

    public void Run(int rows)
    {
        try
        {
            if (_model.IsBatched)
                Run(_bindings[System.Numerics.BitOperations.Log2(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rows))]);
            else
                for (var row = 0; row < rows; row++)
                    Run(_bindings[row]);
        }
        catch (OnnxRuntimeException e)
        {
            throw _model.Invalid($"The model '{_model.Name}' failed while it ran. Export it again, or go back to the version that worked. ONNX Runtime says: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        foreach (var binding in _bindings)
            binding.Dispose();
        _options.Dispose();
    }

    private void Run(Binding binding) => _model.Session.RunWithBinding(_options, binding.Io);

    private sealed class Binding : IDisposable
    {
        private readonly OrtValue _input;
        private readonly OrtValue _output;

        public Binding(OnnxSession model, float[] input, float[] output, int first, int count)
        {
            _input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input.AsMemory(first * model.InputWidth, count * model.InputWidth), [count, model.InputWidth]);
            _output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, output.AsMemory(first * model.OutputWidth, count * model.OutputWidth), [count, model.OutputWidth]);
            Io = model.Session.CreateIoBinding();
            Io.BindInput(model.InputName, _input);
            Io.BindOutput(model.OutputName, _output);
        }

        public OrtIoBinding Io { get; }

        public void Dispose()
        {
            Io.Dispose();
            _input.Dispose();
            _output.Dispose();
        }
    }
}
