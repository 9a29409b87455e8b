using Edge.Sync.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>The keys that the writer folds with: those that are here, and those that a peer has sent ahead of the sections that need them.</summary>
internal sealed class OfferedKeys(KeyRing ring) : IContentKeys
{
    private readonly List<ContentKeyId> _taken = [];

    /// <summary>Of the link whose changes are being folded; null otherwise.</summary>
    public WaitingRoom? Room { get; set; }

    public ContentKey? Find(ContentKeyId id)
    {
        if (ring.Find(id) is { } key) return key;
        // Only a section that names a key brings it in: a peer cannot fill this device with others.
        if (Room is null || !Room.TryTakeKey(id, out key) || !ring.Take(key)) return null;
        _taken.Add(id);
        return key;
    }

    public bool IsEmpty => ring.IsEmpty;

    public bool IsForgotten(DocumentKey document) => ring.IsForgotten(document);

    /// <summary>The keys that were taken from a room since this was last called.</summary>
    public ContentKeyId[] TakeTaken()
    {
        ContentKeyId[] taken = [.. _taken];
        _taken.Clear();
        return taken;
    }
}
