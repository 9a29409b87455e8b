namespace Edge.Sync.Inference;

/// <summary>Kinds of hardware that models run on.</summary>
public enum Accelerator
{
    /// <summary>The processor: always there, always last.</summary>
    Cpu,

    /// <summary>A graphics processor.</summary>
    Gpu,

    /// <summary>A processor made for networks.</summary>
    Npu,
}
