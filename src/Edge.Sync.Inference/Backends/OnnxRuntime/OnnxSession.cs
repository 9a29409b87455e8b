using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Sync.Inference.Backends.OnnxRuntime;

/// <summary>A model in a session of ONNX Runtime, of one row of floats in and one row of floats out.</summary>
/// <remarks>
/// One thread, no pool, no spinning: for models of this size a pool costs more than it gains, and spinning threads burn the battery between readings.
/// A session may be run by several threads; each has its own runner.
/// </remarks>
internal sealed class OnnxSession : ILoadedModel
{
    /// <summary>A wider row than this is no sensor window; a damaged file may claim any width.</summary>
    private const int WidthMax = 1 << 20;

    /// <summary>A session's own structures, about; measured at 0.01 MB for the smallest.</summary>
    private const long SessionBytes = 16 << 10;

    /// <summary>Up to this size a model's intermediate rows are few and short, and planning and pooling them costs more than asking for them anew: 1,370 against 1,240 ns a run of 24-8-24.</summary>
    private const long UnpooledBytesMax = 1 << 20;

    private readonly string _name;
    private readonly long? _servedAs;

    private OnnxSession(ModelContent content, string place, InferenceSession session, long size)
    {
        (_name, _servedAs, Session, Place) = (content.Name, content.Version, session, place);
        // Weights are held once, and once more where the optimiser packs them.
        MemoryBytes = SessionBytes + 2 * size;
        Version = session.ModelMetadata.Version is var version and not 0 ? version : null;
        (InputName, InputWidth, var inputIsOpen) = TheRow(session.InputMetadata, "input");
        (OutputName, OutputWidth, var outputIsOpen) = TheRow(session.OutputMetadata, "output");
        IsBatched = inputIsOpen && outputIsOpen;
    }

    public InferenceSession Session { get; }

    public string InputName { get; }

    public string OutputName { get; }

    /// <summary>Whether the model leaves the number of rows open.</summary>
    public bool IsBatched { get; }

    public int InputWidth { get; }

    public int OutputWidth { get; }

    public long? Version { get; }

    public IReadOnlyDictionary<string, string> Metadata => Session.ModelMetadata.CustomMetadataMap;

    public string Place { get; }

    public long MemoryBytes { get; }

    public IReadOnlyList<ProviderFallback> Fallbacks => [];

    /// <summary>Opens a session, or says what is wrong with the model and what to do.</summary>
    /// <param name="content">The model.</param>
    /// <param name="place">What reports call the provider.</param>
    /// <param name="configure">Adds the provider; null for the processor alone.</param>
    public static OnnxSession Open(ModelContent content, string place = "onnxruntime/cpu", Action<SessionOptions>? configure = null)
    {
        var isPooled = content.GetSize() > UnpooledBytesMax;
        using var options = new SessionOptions
        {
            EnableCpuMemArena = isPooled,
            EnableMemoryPattern = isPooled,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // What is wrong is thrown, with a message of ours; it is not for the app's console.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        configure?.Invoke(options);
        InferenceSession session;
        try
        {
            // A file is read by ONNX Runtime itself: large weights are mapped, not copied into the managed heap.
            session = content.Path is { } path ? new(path, options) : new(content.Bytes!.Value.ToArray(), options);
        }
        catch (OnnxRuntimeException e)
        {
            throw content.Invalid($"{content.Described} cannot be loaded: it is damaged, is no ONNX model, or needs an operator that this runtime lacks. Export it again, or fetch an intact copy. ONNX Runtime says: {e.Message}", e);
        }
        try
        {
            return new(content, place, session, content.GetSize());
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public IModelRunner CreateRunner(int rows) => new OnnxRunner(this, rows);

    public EdgeModelException Invalid(string message, Exception? inner = null) => new(_name, _servedAs ?? Version, message, inner);

    public string Name => _name;

    public void Dispose() => Session.Dispose();

    private (string Name, int Width, bool IsOpen) TheRow(IReadOnlyDictionary<string, NodeMetadata> nodes, string role)
    {
        EdgeModelException Unfit(string what) =>
            Invalid($"The model '{_name}' {what}. A pipeline needs exactly one {role}: floats of shape [1, width] or [batch, width], width at most {WidthMax}. Export the model with such a head.");

        if (nodes.Count != 1)
            throw Unfit($"has {nodes.Count} {role}s");
        var (name, node) = nodes.First();
        if (node.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR || node.ElementDataType != TensorElementType.Float)
            throw Unfit($"has an {role} '{name}' that is not of floats");
        // A dimension that is left open in the model reads as -1.
        return node.Dimensions is [-1 or 1, > 0 and <= WidthMax]
            ? (name, node.Dimensions[1], node.Dimensions[0] < 0)
            : throw Unfit($"has an {role} '{name}' of shape [{string.Join(", ", node.Dimensions)}]");
    }
}
