namespace Edge.Sync;

/// <summary>What was asked of a document cannot be done with it here: it was purged, parts of it are absent, its changes are not elsewhere yet, or another one bears a name that it was given. Nothing was changed.</summary>
public sealed class EdgeDocumentException : EdgeSyncException
{
    internal EdgeDocumentException(EdgeErrorCode code, DocumentKey document, string message) : base(code, message) => (Collection, DocumentId) = (document.Collection, document.Id);

    /// <summary>The document's collection.</summary>
    public string Collection { get; }

    /// <summary>The document.</summary>
    public DocumentId DocumentId { get; }
}
