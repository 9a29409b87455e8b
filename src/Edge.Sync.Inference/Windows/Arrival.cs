namespace Edge.Sync.Inference.Windows;

/// <summary>What became of a reading when it arrived.</summary>
internal enum Arrival
{
    Taken,

    /// <summary>It is older than the watermark of its key: windows over its instant are decided already.</summary>
    Late,

    /// <summary>Its key has a reading of that instant; the first one stands.</summary>
    Duplicate,
}
