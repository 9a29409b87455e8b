using Edge.Sync.Trust.Content;

namespace Edge.Sync.Storage;

/// <summary>Keys without a disk, for simulations. Like a file's, they survive a power cut.</summary>
internal sealed class MemoryKeyStore(UInt128 id) : IKeyStore
{
    private readonly Dictionary<ContentKeyId, (ContentKey Key, ReplicaId? Author)> _keys = [];
    private readonly HashSet<DocumentKey> _forgotten = [];
    private UInt128 _id = id;
    private long _generation;

    public string Path => "memory";

    public KeyMark? Mark => _generation == 0 ? null : new(_id, _generation);

    public long Count => _keys.Count;

    public ContentKey? Find(ContentKeyId id) => _keys.GetValueOrDefault(id).Key;

    public ContentKey? FindOwn(DocumentKey document, ReplicaId author) => _keys.Values.FirstOrDefault(entry => entry.Author == author && entry.Key.Document == document).Key;

    public bool HasKeys(DocumentKey document) => _keys.Values.Any(entry => entry.Key.Document == document);

    public IReadOnlyCollection<string> ReadCollections() => [.. _keys.Values.Select(static entry => entry.Key.Document.Collection).Distinct()];

    public IReadOnlyCollection<DocumentKey> ReadForgotten() => [.. _forgotten];

    public void Add(IReadOnlyCollection<(ContentKey Key, ReplicaId? Author)> keys)
    {
        foreach (var (key, author) in keys)
            if (!_forgotten.Contains(key.Document)) _keys.TryAdd(key.Id, (ContentKey.Import(key.Document, key.Secret), author));
        _generation++;
    }

    public void Forget(IReadOnlyCollection<DocumentKey> documents)
    {
        _forgotten.UnionWith(documents);
        foreach (var (id, (key, _)) in _keys.Where(entry => _forgotten.Contains(entry.Value.Key.Document)).ToList())
        {
            _keys.Remove(id);
            key.Destroy();
        }
        _generation++;
    }

    public void CopyTo(string path) => throw new NotSupportedException("Keys in memory are not copied.");

    public void Adopt() => _id++;

    public void Dispose() { }
}
