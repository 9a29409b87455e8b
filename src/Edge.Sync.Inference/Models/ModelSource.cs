using Microsoft.ML.OnnxRuntime;

namespace Edge.Sync.Inference.Models;

/// <summary>Where a model's bytes are: in a file, or in memory.</summary>
internal sealed class ModelSource
{
    private readonly string? _path;
    private readonly byte[]? _bytes;

    private ModelSource(string name, string? path, byte[]? bytes) => (Name, _path, _bytes) = (name, path, bytes);

    public string Name { get; }

    public static ModelSource File(string path) => new(Path.GetFileNameWithoutExtension(path), path, null);

    public static ModelSource Memory(string name, byte[] bytes) => new(name, null, bytes);

    /// <summary>Opens a session, or says what is wrong with the model and what to do.</summary>
    public InferenceSession Open(SessionOptions options, long bytesMax)
    {
        var size = _path is null ? _bytes!.Length : SizeOfFile(_path);
        if (size > bytesMax)
            throw Invalid($"{Described} is {size} bytes long; the limit is {bytesMax}. Raise {nameof(EdgeInferenceOptions)}.{nameof(EdgeInferenceOptions.ModelBytesMax)} if that is what you mean to run.");
        if (size == 0)
            throw Invalid($"{Described} is empty. Export it again, or fetch an intact copy.");
        try
        {
            // A file is read by ONNX Runtime itself: large weights are mapped, not copied into the managed heap.
            return _path is null ? new InferenceSession(_bytes, options) : new InferenceSession(_path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw Invalid($"{Described} cannot be loaded: it is damaged, is no ONNX model, or needs an operator that this runtime lacks. Export it again, or fetch an intact copy. ONNX Runtime says: {e.Message}", e);
        }
    }

    public EdgeModelException Invalid(string message, Exception? inner = null) => new(Name, version: null, message, inner);

    private string Described => _path is null ? $"The model '{Name}'" : $"The model file '{_path}'";

    private long SizeOfFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists
                ? file.Length
                : throw Invalid($"The model file '{path}' does not exist (seen from '{Environment.CurrentDirectory}'). Check the path, or copy the model beside the app.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Invalid($"The model file '{path}' cannot be read: {e.Message}", e);
        }
    }
}
