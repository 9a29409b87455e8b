namespace Edge.Sync.Documents;

/// <summary>Where a change draft finds the documents that it edits.</summary>
internal interface IDocumentSource
{
    /// <summary>The state of a document, to be changed in place; empty where it has never been written.</summary>
    DocumentState Load(DocumentKey key);
}
