namespace Edge.Sync.Inference;

/// <summary>A published version of a model. Its id follows from the statement, so it is written once and never changed.</summary>
[EdgeDocument("inference-model")]
internal sealed partial class ManifestDocument
{
    /// <summary>For queries; equal to what the statement says, else the document is refused.</summary>
    public partial string Model { get; set; }

    /// <summary>As <see cref="Model"/>.</summary>
    public partial long Version { get; set; }

    /// <summary>A <see cref="ManifestStatement"/>.</summary>
    public partial string Statement { get; set; }

    /// <summary>Public key and signature in base64. One field: of two publishers of one statement, key and signature of one win together.</summary>
    public partial string Signature { get; set; }
}
