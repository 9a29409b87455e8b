namespace Edge.Sync.Trust.Content;

/// <summary>
/// The keys of a replica's documents: those in their store, those that the open transaction has made or got, and which documents are forgotten.
/// Safe for use by several threads at once: readers decrypt what they read.
/// </summary>
/// <remarks>
/// Invariants: a key is in the store, durably, before a commit that needs it; of a forgotten document no key is handed out, taken or made, from the moment that the ring
/// knows. What a transaction staged is dropped with it.
/// </remarks>
internal sealed class KeyRing : IContentKeys, IDisposable
{
    /// <summary>Keys in memory besides those in the store.</summary>
    private const int CacheMax = 4096;

    private readonly Lock _lock = new();
    private readonly IKeyStore _store;
    private readonly Dictionary<ContentKeyId, ContentKey> _cache = [];
    private readonly Dictionary<ContentKeyId, (ContentKey Key, ReplicaId? Author)> _staged = [];
    private readonly Dictionary<DocumentKey, ContentKey> _own = [];
    private readonly HashSet<string> _collections;
    private readonly HashSet<DocumentKey> _forgotten;
    private volatile bool _isEmpty;

    public KeyRing(IKeyStore store)
    {
        _store = store;
        _collections = [.. store.ReadCollections()];
        _forgotten = [.. store.ReadForgotten()];
        _isEmpty = _collections.Count == 0 && _forgotten.Count == 0;
    }

    /// <summary>For messages.</summary>
    public string Path => _store.Path;

    /// <summary>As of the last write; null while there was none.</summary>
    public KeyMark? Mark { get { lock (_lock) return _store.Mark; } }

    /// <summary>The collections that there is a key for.</summary>
    public IReadOnlyCollection<string> Collections { get { lock (_lock) return [.. _collections]; } }

    /// <summary>Whether nothing was ever encrypted or forgotten here: costs nothing.</summary>
    public bool IsEmpty => _isEmpty;

    public ContentKey? Find(ContentKeyId id)
    {
        if (_isEmpty) return null;
        lock (_lock)
        {
            if (_staged.TryGetValue(id, out var staged)) return staged.Key;
            if (_cache.TryGetValue(id, out var key)) return key;
            key = _store.Find(id);
            if (key is null || _forgotten.Contains(key.Document)) return null;
            if (_cache.Count >= CacheMax) _cache.Clear();
            return _cache[id] = key;
        }
    }

    public bool IsForgotten(DocumentKey document)
    {
        if (_isEmpty) return false;
        lock (_lock) return _forgotten.Contains(document);
    }

    /// <summary>Whether any section of a document was encrypted, as far as its keys are here: then its next ones are too, whatever its class says.</summary>
    public bool HasKeys(DocumentKey document)
    {
        if (_isEmpty) return false;
        lock (_lock)
        {
            if (!_collections.Contains(document.Collection)) return false;
            if (_own.ContainsKey(document)) return true;
            foreach (var (key, _) in _staged.Values)
                if (key.Document == document) return true;
            return _store.HasKeys(document);
        }
    }

    /// <summary>The key that this replica writes its sections of a document with; made, and staged, where there is none.</summary>
    public ContentKey GetOwn(DocumentKey document, ReplicaId self, EdgeRandom random)
    {
        lock (_lock)
        {
            if (_own.TryGetValue(document, out var own)) return own;
            own = _collections.Contains(document.Collection) ? _store.FindOwn(document, self) : null;
            if (own is null) Stage(own = ContentKey.Create(document, random), self);
            if (_own.Count >= CacheMax) _own.Clear();
            return _own[document] = own;
        }
    }

    /// <summary>Takes a key that a peer has sent. False where the document is forgotten, or the key is here.</summary>
    public bool Take(ContentKey key)
    {
        lock (_lock)
        {
            if (_forgotten.Contains(key.Document) || _staged.ContainsKey(key.Id) || _store.Find(key.Id) is not null) return false;
            Stage(key, author: null);
            return true;
        }
    }

    /// <summary>Notes that a document is forgotten, as the log or the store says. Its keys are out of use at once, and destroyed by <see cref="Destroy"/>.</summary>
    /// <returns>False where that was known.</returns>
    public bool Forget(DocumentKey document)
    {
        lock (_lock)
        {
            _isEmpty = false;
            if (!_forgotten.Add(document)) return false;
            foreach (var key in _staged.Values.Where(staged => staged.Key.Document == document).Select(static staged => staged.Key).ToList())
                _staged.Remove(key.Id);
            // Not overwritten yet: the record may be rolled back, and readers may be at it.
            _own.Remove(document);
            foreach (var key in _cache.Values.Where(key => key.Document == document).ToList())
                _cache.Remove(key.Id);
            return true;
        }
    }

    /// <summary>Takes back <see cref="Forget"/>: the transaction with the record was rolled back.</summary>
    public void Remember(DocumentKey document)
    {
        lock (_lock) _forgotten.Remove(document);
    }

    /// <summary>Makes what is staged durable. False where there is nothing.</summary>
    /// <exception cref="EdgeStorageException">Nothing was stored: the transaction must not be committed.</exception>
    public bool Flush()
    {
        lock (_lock)
        {
            if (_staged.Count == 0) return false;
            _store.Add(_staged.Values);
            foreach (var (key, _) in _staged.Values)
                _cache[key.Id] = key;
            _staged.Clear();
            return true;
        }
    }

    /// <summary>Drops what is staged.</summary>
    public void Discard()
    {
        lock (_lock)
        {
            _staged.Clear();
            _own.Clear();
        }
    }

    /// <summary>Destroys the keys of forgotten documents, for good.</summary>
    /// <exception cref="EdgeStorageException">They are still there. Try again.</exception>
    public void Destroy(IReadOnlyCollection<DocumentKey> documents)
    {
        if (documents.Count == 0) return;
        lock (_lock)
        {
            _store.Forget(documents);
        }
    }

    /// <summary>The documents whose keys the store has destroyed.</summary>
    public IReadOnlyCollection<DocumentKey> ReadForgotten() { lock (_lock) return _store.ReadForgotten(); }

    /// <summary>How many keys there are.</summary>
    public long Count { get { lock (_lock) return _store.Count; } }

    /// <summary>Copies the keys into a new file, for a backup.</summary>
    public void CopyTo(string path) { lock (_lock) _store.CopyTo(path); }

    /// <summary>Makes the keys those of this replica alone, where they came with a copy.</summary>
    public void Adopt() { lock (_lock) _store.Adopt(); }

    public void Dispose()
    {
        lock (_lock) _store.Dispose();
    }

    private void Stage(ContentKey key, ReplicaId? author)
    {
        _isEmpty = false;
        _collections.Add(key.Document.Collection);
        _staged.Add(key.Id, (key, author));
    }
}
