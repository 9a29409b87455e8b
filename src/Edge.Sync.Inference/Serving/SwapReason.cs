namespace Edge.Sync.Inference.Serving;

/// <summary>Why a pipeline is given another binding, or none.</summary>
internal enum SwapReason
{
    /// <summary>The first one.</summary>
    Start,

    /// <summary>A version was put in the place of another.</summary>
    Swap,

    /// <summary>A version failed, and the last good one serves again.</summary>
    FallBack,

    /// <summary>Nobody asked it for long, or its memory is needed.</summary>
    Unload,

    /// <summary>It is asked again.</summary>
    Reload,
}
