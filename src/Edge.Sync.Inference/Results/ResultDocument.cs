namespace Edge.Sync.Inference;

/// <summary>A result as it is kept: a document of its own, so that it reaches whoever gets the decision, in the same change.</summary>
/// <remarks>
/// Its id is a hash of (subject, model hash, input version). Saying the same thing again is therefore the same document, on every device, and what another
/// version of the model says is another one: old and new are never mixed. Read it through <see cref="InferenceResults"/>.
/// </remarks>
[EdgeDocument("inference-result")]
internal partial class ResultDocument
{
    /// <summary>The id of the document that the decision was saved to.</summary>
    public partial string Subject { get; set; }

    /// <summary>The model's name.</summary>
    public partial string Model { get; set; }

    /// <summary>Its version; 0 where it has none.</summary>
    public partial long Version { get; set; }

    /// <summary>The hash of its bytes, in hexadecimal digits.</summary>
    public partial string ModelHash { get; set; }

    /// <summary>What ran it.</summary>
    public partial string Place { get; set; }

    /// <summary>What it was asked about, in hexadecimal digits.</summary>
    public partial string InputVersion { get; set; }

    /// <summary>The score.</summary>
    public partial float Score { get; set; }

    /// <summary>When it was saved.</summary>
    public partial DateTimeOffset SavedAt { get; set; }
}
