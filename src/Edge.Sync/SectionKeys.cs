using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>Which keys the sections of changes are encrypted with.</summary>
internal static class SectionKeys
{
    /// <summary>The keys of <paramref name="changes"/> that are in the ring, each once. May be called by any thread.</summary>
    public static IEnumerable<ContentKey> FindAll(this KeyRing ring, IReadOnlyList<StoredChange> changes)
    {
        if (ring.IsEmpty) return [];
        var keys = new Dictionary<ContentKeyId, ContentKey>();
        foreach (var change in changes)
            for (var sections = new BodyReader(Change.ParseStored(change.Bytes).Body); sections.Read();)
                if (!sections.IsAbsent && DocumentSection.ReadKeyId(sections.Content) is { } id && !keys.ContainsKey(id) && ring.Find(id) is { } key) keys.Add(id, key);
        return keys.Values;
    }
}
