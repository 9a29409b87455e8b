using System.Diagnostics.CodeAnalysis;

namespace Edge.Sync.Inference.Wasm;

/// <summary>Runs modules that are models: they say their widths in the globals <c>edge_input_width</c> and <c>edge_output_width</c>.</summary>
internal sealed class WasmBackend(WasmLimits limits, WasmCache? cache) : IInferenceBackend
{
    private const int WidthMax = 1 << 20;

    public string Name => "wasm";

    public bool TryLoad(ModelContent content, [NotNullWhen(true)] out ILoadedModel? model, [NotNullWhen(false)] out string? reason)
    {
        (model, reason) = (null, "it is no WebAssembly module");
        if (content.Function is not null || Read(content) is not { } bytes || !WasmCode.IsWasm(bytes.Span))
            return false;
        var code = WasmCode.Compile(content.Name, bytes.Span, limits, cache, content.Version);
        try
        {
            using var probe = new WasmInstance(code, 1, 1);
            if (probe.Global("edge_input_width") is not (> 0 and <= WidthMax and var input) || probe.Global("edge_output_width") is not (> 0 and <= WidthMax and var output))
                throw code.Fault("is no model: it exports no globals edge_input_width and edge_output_width of i32, greater than 0. As a step before a model, name it by Wasm(…)");
            (model, reason) = (new Loaded(code, input, output), null);
            return true;
        }
        catch
        {
            code.Dispose();
            throw;
        }
    }

    private ReadOnlyMemory<byte>? Read(ModelContent content)
    {
        if (content.Path is not { } path)
            return content.Bytes;
        using var file = File.OpenRead(path);
        // One byte more than may be, so that what is too large is told.
        var bytes = new byte[Math.Min(file.Length, limits.ModuleBytesMax + 1L)];
        file.ReadExactly(bytes);
        return bytes;
    }

    private sealed class Loaded(WasmCode code, int inputWidth, int outputWidth) : ILoadedModel
    {
        public int InputWidth => inputWidth;

        public int OutputWidth => outputWidth;

        public long? Version => code.Version;

        public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

        public string Place => "wasm";

        public long MemoryBytes => code.Limits.MemoryBytesMax;

        public IReadOnlyList<ProviderFallback> Fallbacks => [];

        public IModelRunner CreateRunner(int rows) => new Runner(code, rows, inputWidth, outputWidth);

        public void Dispose() => code.Dispose();
    }

    private sealed class Runner : IModelRunner
    {
        private readonly WasmCode _code;
        private readonly WasmInstance _instance;
        private readonly float[] _input;
        private readonly float[] _output;
        private readonly int _inputWidth;
        private readonly int _outputWidth;

        public Runner(WasmCode code, int rows, int inputWidth, int outputWidth)
        {
            (_code, _inputWidth, _outputWidth) = (code, inputWidth, outputWidth);
            (_input, _output) = (new float[rows * inputWidth], new float[rows * outputWidth]);
            _instance = new(code, inputWidth, outputWidth);
            _instance.Open();
        }

        public Span<float> Input => _input;

        public ReadOnlySpan<float> Output => _output;

        public void Run(int rows)
        {
            for (var row = 0; row < rows; row++)
                if (!_instance.Process(_input.AsSpan(row * _inputWidth, _inputWidth), _output.AsSpan(row * _outputWidth, _outputWidth)))
                    throw _code.Fault("dropped a row; a model answers every one. Only a step before a model may drop");
        }

        public void Dispose() => _instance.Dispose();
    }
}
