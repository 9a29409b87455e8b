using Edge.Sync.Log;

namespace Edge.Sync.Storage;

/// <summary>Reads the changes that a peer lacks, in this replica's order of arrival, which is an order that the peer can apply them in.</summary>
internal static class ChangeScan
{
    /// <summary>The place before the first change that <paramref name="known"/> does not cover.</summary>
    public static long Start(IStore store, VersionVector held, VersionVector known)
    {
        var first = long.MaxValue;
        foreach (var last in held.ToSortedList())
            if (last.Counter > known[last.Replica])
                first = Math.Min(first, store.FirstSequenceAfter(last.Replica, known[last.Replica]));
        return first == long.MaxValue ? store.LastSequence : first - 1;
    }

    /// <summary>Changes after <paramref name="after"/> that <paramref name="known"/> does not cover, up to <paramref name="end"/>.</summary>
    /// <returns>The changes, about <paramref name="bytesMax"/> bytes of them, and the place to go on from.</returns>
    public static (List<StoredChange> Changes, long Cursor) Read(IStore store, VersionVector known, long after, long end, int bytesMax)
    {
        var result = new List<StoredChange>();
        var bytes = 0;
        while (after < end && bytes < bytesMax)
        {
            var batch = store.ReadChanges(after, bytesMax - bytes);
            if (batch.Count == 0) break;
            foreach (var change in batch)
            {
                if (change.Sequence > end) return (result, after);
                after = change.Sequence;
                if (known.Contains(change.Last)) continue;
                result.Add(change);
                bytes += change.Bytes.Length;
            }
        }
        return (result, after);
    }
}
