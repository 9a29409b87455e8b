namespace Edge.Sync.Inference;

/// <summary>A way to run a model on some hardware. The library has those of ONNX Runtime; further ones are added by <see cref="OnnxRuntimeOptions.Prefer(IExecutionProvider[])"/>.</summary>
public interface IExecutionProvider
{
    /// <summary>What reports call it, such as <c>onnxruntime/openvino</c>.</summary>
    string Name { get; }

    /// <summary>The hardware.</summary>
    Accelerator Accelerator { get; }

    /// <summary>Looks whether it is there, quickly and without opening a model.</summary>
    /// <returns>Null where it is; else the reason why not.</returns>
    string? Probe();

    /// <summary>Opens a model. Whatever it throws is the reason for going on to the next provider.</summary>
    ILoadedModel Load(ModelContent content);
}
