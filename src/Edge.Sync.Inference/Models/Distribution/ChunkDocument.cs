namespace Edge.Sync.Inference;

/// <summary>A piece of a model's file. Its id follows from its bytes, so versions share what they have in common.</summary>
[EdgeDocument("inference-chunk")]
internal sealed partial class ChunkDocument
{
    /// <summary>In base64: fields hold text, not bytes.</summary>
    public partial string Bytes { get; set; }
}
