using Edge.Sync.Documents;

namespace Edge.Sync.Projections;

/// <summary>Keeps read models up to date, inside the transaction that changes their documents.</summary>
internal interface IProjector
{
    /// <summary>Brings the read models to a document's new state.</summary>
    /// <param name="document">The state as it will be committed.</param>
    /// <param name="row">The document's row number in the store.</param>
    void Project(DocumentState document, long row);

    /// <summary>Takes a document out of the read models: it is purged, or not whole.</summary>
    void Remove(DocumentKey key, long row);

    /// <summary>Whether projections of the app are still being made.</summary>
    bool IsProjecting { get; }

    /// <summary>Brings the app's projections up to the events of the open transaction, of which no more come.</summary>
    void ProjectEvents();

    /// <summary>Empties the read models: all documents are about to be projected again.</summary>
    void Clear();

    /// <summary>Goes back to what the file says, after a transaction was rolled back.</summary>
    void Reload();
}
