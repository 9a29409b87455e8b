using Edge.Sync.Inference.Backends.OnnxRuntime;

namespace Edge.Sync.Inference;

/// <summary>Finds out what a model takes and answers, by opening it.</summary>
internal static class ModelShape
{
    /// <exception cref="EdgeModelException">It cannot be opened.</exception>
    public static (int InputWidth, int OutputWidth) Of(string name, byte[] onnx, long bytesMax)
    {
        var content = ModelContent.FromBytes(name, onnx);
        content.ThrowIfLarger(bytesMax);
        using var model = OnnxSession.Open(content);
        return (model.InputWidth, model.OutputWidth);
    }
}
