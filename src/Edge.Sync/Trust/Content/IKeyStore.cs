namespace Edge.Sync.Trust.Content;

/// <summary>
/// Where the keys of documents are kept: apart from the log, so that a copy of the log is not a copy of the keys. Every write survives a power cut when it
/// returns. Called by one thread at a time.
/// </summary>
/// <remarks>The seam that a platform's key store can fill. What fails throws <see cref="EdgeStorageException"/>, and nothing was written.</remarks>
internal interface IKeyStore : IDisposable
{
    /// <summary>Where it is, for messages.</summary>
    string Path { get; }

    /// <summary>Which store this is, and how far it was written; null while it never was.</summary>
    KeyMark? Mark { get; }

    ContentKey? Find(ContentKeyId id);

    /// <summary>The key that a replica made for its own sections of a document.</summary>
    ContentKey? FindOwn(DocumentKey document, ReplicaId author);

    bool HasKeys(DocumentKey document);

    /// <summary>The collections that there is a key for.</summary>
    IReadOnlyCollection<string> ReadCollections();

    /// <summary>The documents whose keys were destroyed.</summary>
    IReadOnlyCollection<DocumentKey> ReadForgotten();

    /// <summary>How many keys there are.</summary>
    long Count { get; }

    /// <summary>Stores keys that are not there yet, each with the replica that made it, if that is this one.</summary>
    void Add(IReadOnlyCollection<(ContentKey Key, ReplicaId? Author)> keys);

    /// <summary>Destroys all keys of documents, and notes that for good.</summary>
    void Forget(IReadOnlyCollection<DocumentKey> documents);

    /// <summary>Copies all of it into a new file.</summary>
    void CopyTo(string path);

    /// <summary>Makes it a store of its own, where it was copied: see <see cref="KeyMark"/>.</summary>
    void Adopt();
}
