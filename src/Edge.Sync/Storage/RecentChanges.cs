namespace Edge.Sync.Storage;

/// <summary>The changes that the log's index in the file does not have yet, by feed.</summary>
internal sealed class RecentChanges
{
    private readonly Dictionary<ReplicaId, List<(ulong Last, long Sequence)>> _feeds = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The feeds that have any, each with its changes in order.</summary>
    public IEnumerable<KeyValuePair<ReplicaId, List<(ulong Last, long Sequence)>>> Feeds => _feeds.Where(static feed => feed.Value.Count > 0);

    public void Add(Dot last, long sequence)
    {
        if (!_feeds.TryGetValue(last.Replica, out var feed)) _feeds.Add(last.Replica, feed = []);
        feed.Add((last.Counter, sequence));
        Count++;
    }

    /// <summary>The first change of a feed that ends after <paramref name="counter"/>; null where it is not among these.</summary>
    public (ulong Last, long Sequence)? FirstAfter(ReplicaId replica, ulong counter)
    {
        if (!_feeds.TryGetValue(replica, out var feed)) return null;
        var place = feed.BinarySearch((counter, long.MaxValue)); // between two changes, never on one
        return ~place < feed.Count ? feed[~place] : null;
    }

    // The lists stay: most feeds that wrote lately write again.
    public void Clear()
    {
        foreach (var feed in _feeds.Values)
            feed.Clear();
        Count = 0;
    }
}
