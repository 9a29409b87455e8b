using Edge.Sync.Inference.Models;

namespace Edge.Sync.Inference;

/// <summary>Finds out what a model takes and answers, by opening it.</summary>
internal static class ModelShape
{
    /// <exception cref="EdgeModelException">It cannot be opened.</exception>
    public static (int InputWidth, int OutputWidth) Of(string name, byte[] onnx, long bytesMax)
    {
        using var model = OnnxModel.Load(ModelSource.Memory(name, onnx), bytesMax);
        return (model.Input.Length, model.Output.Length);
    }
}
