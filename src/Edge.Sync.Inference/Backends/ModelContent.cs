using System.Text;

namespace Edge.Sync.Inference;

/// <summary>One version of a model as it came, before any backend has opened it: bytes, a file, or code.</summary>
public sealed class ModelContent
{
    private readonly Lazy<ModelHash> _hash;

    private ModelContent(string name, long? version, ReadOnlyMemory<byte>? bytes, string? path, RowFunction? function, (int Input, int Output) widths)
    {
        (Name, Version, Bytes, Path, Function, Widths) = (name, version, bytes, path, function, widths);
        _hash = new(ComputeHash);
    }

    /// <summary>What errors, results and telemetry call the model.</summary>
    public string Name { get; }

    /// <summary>The version that the model is served as; null where only the model's own header says.</summary>
    public long? Version { get; }

    /// <summary>The model's bytes; null for a model in a file or in code.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; }

    /// <summary>The model's file; null where it is none.</summary>
    public string? Path { get; }

    /// <summary>The model's code; null where it is none.</summary>
    public RowFunction? Function { get; }

    /// <summary>The SHA-256 hash of the bytes. That of code is one of its name and version: who changes the code changes the version.</summary>
    /// <exception cref="EdgeModelException">The file cannot be read.</exception>
    public ModelHash Hash => _hash.Value;

    internal (int Input, int Output) Widths { get; }

    /// <summary>What the manifest that it came with calls its features; empty where nothing is said.</summary>
    internal string FeatureSet { get; init; } = "";

    internal string Described => Path is null ? $"The model '{Name}'" : $"The model file '{Path}'";

    /// <summary>A model in memory, such as the bytes of an <c>.onnx</c> file. The bytes must not change any more.</summary>
    public static ModelContent FromBytes(string name, ReadOnlyMemory<byte> bytes, long? version = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(name, version, bytes, null, null, default);
    }

    /// <summary>A model of which a manifest has said more.</summary>
    internal static ModelContent FromBytes(string name, ReadOnlyMemory<byte> bytes, long version, string featureSet) => new(name, version, bytes, null, null, default) { FeatureSet = featureSet };

    /// <summary>A model in a file, which is opened when it is served. Large weights are mapped then, not copied into the managed heap.</summary>
    public static ModelContent FromFile(string path, string? name = null, long? version = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(name ?? System.IO.Path.GetFileNameWithoutExtension(path), version, null, path, null, default);
    }

    /// <summary>A model in code: for tests, for rules, for what needs no network.</summary>
    public static ModelContent FromFunction(string name, int inputWidth, int outputWidth, RowFunction function, long? version = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputWidth);
        ArgumentNullException.ThrowIfNull(function);
        return new(name, version, null, null, function, (inputWidth, outputWidth));
    }

    /// <summary>An error that names this model.</summary>
    public EdgeModelException Invalid(string message, Exception? inner = null) => new(Name, Version, message, inner);

    /// <summary>How many bytes; 0 for code.</summary>
    /// <exception cref="EdgeModelException">The file is not there, or cannot be read.</exception>
    internal long GetSize()
    {
        if (Path is null)
            return Bytes?.Length ?? 0;
        try
        {
            var file = new FileInfo(Path);
            return file.Exists
                ? file.Length
                : throw Invalid($"The model file '{Path}' does not exist (seen from '{Environment.CurrentDirectory}'). Check the path, or copy the model beside the app.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(e);
        }
    }

    /// <exception cref="EdgeModelException">It is larger than it may be, or empty, or cannot be read.</exception>
    internal void ThrowIfLarger(long bytesMax)
    {
        var size = GetSize();
        if (size > bytesMax)
            throw Invalid($"{Described} is {size} bytes long; the limit is {bytesMax}. Raise EdgeInferenceOptions.ModelBytesMax if that is what you mean to run.");
        if (size == 0 && Function is null)
            throw Invalid($"{Described} is empty. Export it again, or fetch an intact copy.");
    }

    /// <summary>The bytes, wherever they are; null for code.</summary>
    internal ReadOnlyMemory<byte>? Read()
    {
        try
        {
            return Path is null ? Bytes : File.ReadAllBytes(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    private EdgeModelException Unreadable(Exception e) => Invalid($"The model file '{Path}' cannot be read: {e.Message}", e);

    private ModelHash ComputeHash()
    {
        if (Bytes is { } bytes)
            return ModelHash.Of(bytes.Span);
        if (Path is null)
            return ModelHash.Of(Encoding.UTF8.GetBytes($"function\0{Name}\0{Version}"));
        try
        {
            using var file = File.OpenRead(Path);
            return ModelHash.Of(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }
}
