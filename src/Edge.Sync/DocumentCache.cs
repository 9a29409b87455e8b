using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>The documents that the writer has in memory, and which of them the open transaction has changed.</summary>
/// <param name="store">Where the others are.</param>
/// <param name="group">The changes of the open transaction.</param>
internal sealed class DocumentCache(IStore store, Func<IReadOnlyList<Change>> group) : IDocumentSource
{
    private const int DocumentsMax = 4096;

    private readonly Dictionary<DocumentKey, DocumentState> _documents = [];
    private readonly Dictionary<DocumentKey, List<long>> _changed = [];

    /// <summary>The state of a document with all changes of the open transaction; empty where it has never been written.</summary>
    public DocumentState Load(DocumentKey key)
    {
        if (_documents.TryGetValue(key, out var document)) return document;
        document = store.ReadDocument(key) is { } bytes ? Read(key, bytes) : new(key.Id, key.Collection);
        _documents.Add(key, document);
        return document;
    }

    // A stored state that cannot be read is the file's fault, not that of the change that meets it: nothing may be appended that is not folded.
    private DocumentState Read(DocumentKey key, byte[] bytes)
    {
        try { return DocumentCodec.Read(key, bytes); }
        catch (EdgeDataException e)
        {
            throw new EdgeStorageException(EdgeErrorCode.StorageDamaged, store.Path, $"The stored state of document {key} in '{store.Path}' is damaged. Keep a copy of the file and restore the last backup, or sync a new file from a peer. {e.Message}", e);
        }
    }

    /// <summary>Notes that change <paramref name="sequence"/> of the open transaction has a section for a document.</summary>
    public void MarkChanged(DocumentKey key, long sequence)
    {
        if (!_changed.TryGetValue(key, out var sequences)) _changed.Add(key, sequences = []);
        sequences.Add(sequence);
    }

    public List<(DocumentState Document, List<long> Sequences)> TakeChanged()
    {
        var result = new List<(DocumentState, List<long>)>(_changed.Count);
        foreach (var (key, sequences) in _changed)
            result.Add((_documents[key], sequences));
        _changed.Clear();
        return result;
    }

    /// <summary>Makes documents again from their stored states and the changes of the open transaction.</summary>
    public void Refold(IEnumerable<DocumentKey> keys, Func<Change, DocumentKey?, bool, IReadOnlyCollection<DocumentKey>> fold)
    {
        foreach (var key in keys)
        {
            _documents.Remove(key);
            if (!_changed.ContainsKey(key)) continue;
            foreach (var change in group())
                fold(change, key, false);
        }
    }

    /// <summary>Keeps memory bounded between transactions.</summary>
    public void Trim()
    {
        if (_documents.Count > DocumentsMax) _documents.Clear();
    }

    public void Clear()
    {
        _documents.Clear();
        _changed.Clear();
    }
}
