namespace Edge.Sync.Documents;

/// <summary>Where a change draft finds the documents that it edits.</summary>
internal interface IDocumentSource
{
    /// <summary>The state of a document, to be changed in place; empty where it has never been written.</summary>
    /// <exception cref="EdgeDocumentException">It is erased, or parts of it are absent or cannot be read.</exception>
    DocumentState Load(DocumentKey key);

    /// <summary>The same, to delete it or to leave it. Of one that is not whole here only what others have said of its existence, as far as that is known: it cannot be changed otherwise.</summary>
    /// <exception cref="EdgeDocumentException">It is erased.</exception>
    DocumentState LoadToDelete(DocumentKey key, out bool isWhole);

    /// <summary>The fields of a document that stay on this device: a state of their own, to be changed in place.</summary>
    DocumentState LoadLocal(DocumentKey key);

    /// <summary>The newest operation on such fields; 0 before the first.</summary>
    ulong ReadLastLocal();

    /// <summary>The greatest depth of any event of any stream; 0 before the first.</summary>
    ulong ReadLastEventDepth();
}
