using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Sync.Inference.Models;

/// <summary>A loaded model of one row of floats in and one row of floats out, bound to buffers that never move.</summary>
/// <remarks>
/// The buffers are pinned and bound once, so a run copies nothing and allocates nothing. One thread, no pool, no spinning: for models of this
/// size a pool costs more than it gains, and spinning threads burn the battery between readings. Not safe for several threads at once.
/// </remarks>
internal sealed class OnnxModel : IDisposable
{
    /// <summary>A wider row than this is no sensor window; a damaged file may claim any width.</summary>
    private const int WidthMax = 1 << 20;

    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _inputValue;
    private readonly OrtValue _outputValue;
    private readonly RunOptions _runOptions = new();
    private readonly float[] _input;
    private readonly float[] _output;

    private OnnxModel(ModelSource source, InferenceSession session, (string Name, int Width) input, (string Name, int Width) output)
    {
        _session = session;
        Name = source.Name;
        Version = VersionOf(session);
        _input = GC.AllocateArray<float>(input.Width, pinned: true);
        _output = GC.AllocateArray<float>(output.Width, pinned: true);
        _inputValue = OrtValue.CreateTensorValueFromMemory(_input, [1, input.Width]);
        _outputValue = OrtValue.CreateTensorValueFromMemory(_output, [1, output.Width]);
        _binding = session.CreateIoBinding();
        _binding.BindInput(input.Name, _inputValue);
        _binding.BindOutput(output.Name, _outputValue);
    }

    public string Name { get; }

    /// <summary>The version in the model's header; null where the header has none (0).</summary>
    public long? Version { get; }

    public Span<float> Input => _input;

    public ReadOnlySpan<float> Output => _output;

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    public static OnnxModel Load(ModelSource source, long bytesMax)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // What is wrong is thrown, with a message of ours; it is not for the app's console.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        var session = source.Open(options, bytesMax);
        try
        {
            var input = TheRow(source, session, session.InputMetadata, "input");
            var output = TheRow(source, session, session.OutputMetadata, "output");
            return new OnnxModel(source, session, input, output);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Computes <see cref="Output"/> from <see cref="Input"/>.</summary>
    public void Run()
    {
        try
        {
            _session.RunWithBinding(_runOptions, _binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw Invalid($"The model '{Name}' failed while it ran. Export it again, or go back to the version that worked. ONNX Runtime says: {e.Message}", e);
        }
    }

    public EdgeModelException Invalid(string message, Exception? inner = null) => new(Name, Version, message, inner);

    public void Dispose()
    {
        _binding.Dispose();
        _inputValue.Dispose();
        _outputValue.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static (string Name, int Width) TheRow(ModelSource source, InferenceSession session, IReadOnlyDictionary<string, NodeMetadata> nodes, string role)
    {
        EdgeModelException Unfit(string what) => new(source.Name, VersionOf(session),
            $"The model '{source.Name}' {what}. A pipeline needs exactly one {role}: floats of shape [1, width] or [batch, width], width at most {WidthMax}. Export the model with such a head.");

        if (nodes.Count != 1)
            throw Unfit($"has {nodes.Count} {role}s");
        var (name, node) = nodes.First();
        if (node.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR || node.ElementDataType != TensorElementType.Float)
            throw Unfit($"has an {role} '{name}' that is not of floats");
        // A dimension that is left open in the model reads as -1.
        return node.Dimensions is [-1 or 1, > 0 and <= WidthMax]
            ? (name, node.Dimensions[1])
            : throw Unfit($"has an {role} '{name}' of shape [{string.Join(", ", node.Dimensions)}]");
    }

    private static long? VersionOf(InferenceSession session) => session.ModelMetadata.Version is var version and not 0 ? version : null;
}
