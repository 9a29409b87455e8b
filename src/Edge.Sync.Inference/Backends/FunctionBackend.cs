using System.Diagnostics.CodeAnalysis;

namespace Edge.Sync.Inference.Backends;

/// <summary>Runs models in code.</summary>
internal sealed class FunctionBackend : IInferenceBackend
{
    private static readonly Dictionary<string, string> s_noMetadata = [];

    public string Name => "function";

    public bool TryLoad(ModelContent content, [NotNullWhen(true)] out ILoadedModel? model, [NotNullWhen(false)] out string? reason)
    {
        (model, reason) = content.Function is null ? (null, "it is no function") : (new Loaded(content), (string?)null);
        return model is not null;
    }

    private sealed class Loaded(ModelContent content) : ILoadedModel
    {
        public int InputWidth => content.Widths.Input;

        public int OutputWidth => content.Widths.Output;

        public long? Version => content.Version;

        public IReadOnlyDictionary<string, string> Metadata => s_noMetadata;

        public string Place => "function";

        public long MemoryBytes => 0;

        public IReadOnlyList<ProviderFallback> Fallbacks => [];

        public IModelRunner CreateRunner(int rows) => new Runner(content, rows);

        public void Dispose()
        {
        }
    }

    private sealed class Runner(ModelContent content, int rows) : IModelRunner
    {
        private readonly float[] _input = new float[rows * content.Widths.Input];
        private readonly float[] _output = new float[rows * content.Widths.Output];

        public Span<float> Input => _input;

        public ReadOnlySpan<float> Output => _output;

        public void Run(int rows)
        {
            var (input, output) = content.Widths;
            try
            {
                for (var row = 0; row < rows; row++)
                    content.Function!(_input.AsSpan(row * input, input), _output.AsSpan(row * output, output));
            }
            catch (Exception e) when (e is not EdgeModelException)
            {
                throw content.Invalid($"The model '{content.Name}' failed while it ran: {e.Message}", e);
            }
        }

        public void Dispose()
        {
        }
    }
}
