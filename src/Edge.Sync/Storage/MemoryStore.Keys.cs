using Edge.Sync.Trust.Content;

namespace Edge.Sync.Storage;

/// <summary>What waits for keys.</summary>
internal sealed partial class MemoryStore
{
    public KeyMark? KeyMark => (_open ?? _committed).Mark;

    public void WriteKeyMark(KeyMark mark) => _open = Open with { Mark = mark };

    public void AddWaiting(ContentKeyId key, DocumentKey document) => _open = Open with { Waiting = Open.Waiting.Add((key, document)) };

    public IReadOnlyList<DocumentKey> FindWaiting(ContentKeyId key) => [.. (_open ?? _committed).Waiting.Where(waiting => waiting.Key == key).Select(static waiting => waiting.Document)];

    public bool IsWaiting(DocumentKey document) => (_open ?? _committed).Waiting.Any(waiting => waiting.Document == document);

    public IReadOnlyList<ContentKeyId> ReadWaiting(ContentKeyId after, int countMax) =>
        [.. (_open ?? _committed).Waiting.Select(static waiting => waiting.Key).Where(key => key.CompareTo(after) > 0).Distinct().Take(countMax)];

    public IReadOnlyCollection<DocumentKey> ReadPurged() => (_open ?? _committed).Purged;
}
