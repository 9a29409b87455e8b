namespace Edge.Sync.Log;

/// <summary>Feeds with changes whose stamps lie further ahead of this device's clock than it follows. Local: it goes by this device's clock. Not safe for use by several threads at once.</summary>
internal sealed class FastClocks
{
    /// <summary>As many feeds are told of: whoever can write can make any number.</summary>
    public const int FeedsMax = 1024;

    private readonly SortedDictionary<ReplicaId, Run> _feeds = [];

    /// <summary>Of a feed, the changes with such stamps.</summary>
    /// <param name="First">Where the first of them begins.</param>
    /// <param name="Last">Where the last one ends.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Newest">The latest of their stamps.</param>
    internal readonly record struct Run(ulong First, ulong Last, long Count, HybridTimestamp Newest);

    /// <summary>Whether what is stored of it is to be written again.</summary>
    public bool IsDirty { get; set; }

    public IEnumerable<(ReplicaId Feed, Run Run)> Feeds => _feeds.Select(static feed => (feed.Key, feed.Value));

    public bool TryGet(ReplicaId feed, out Run run) => _feeds.TryGetValue(feed, out run);

    public void Note(Change change)
    {
        var written = change.Written;
        var isKnown = _feeds.TryGetValue(written.Replica, out var run);
        if (!isKnown && _feeds.Count >= FeedsMax) return;
        Restore(written.Replica, isKnown
            ? new(Math.Min(run.First, written.First), Math.Max(run.Last, written.Last.Counter), run.Count + 1, change.Stamp.CompareTo(run.Newest) > 0 ? change.Stamp : run.Newest)
            : new(written.First, written.Last.Counter, 1, change.Stamp));
        IsDirty = true;
    }

    public void Restore(ReplicaId feed, Run run) => _feeds[feed] = run;

    public void Remove(ReplicaId feed) => IsDirty |= _feeds.Remove(feed);

    public void Clear()
    {
        IsDirty |= _feeds.Count > 0;
        _feeds.Clear();
    }
}
