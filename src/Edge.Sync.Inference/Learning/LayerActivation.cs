namespace Edge.Sync.Inference;

/// <summary>What a layer makes of each of its sums.</summary>
public enum LayerActivation
{
    /// <summary>The sum itself.</summary>
    Identity,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>The sum, or 0 where it is negative.</summary>
    Relu,

    /// <summary>The logistic function.</summary>
    Sigmoid,
}
