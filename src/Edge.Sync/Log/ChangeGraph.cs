namespace Edge.Sync.Log;

/// <summary>
/// Which changes follow which, by headers alone: what <see cref="ChangePasts"/> searches. A feed's consecutive changes that list no heads are one run, and take no room.
/// </summary>
/// <remarks>Changes are named as they are in this file: where a feed forks, the graph is made anew. Not safe for use by several threads at once.</remarks>
internal sealed class ChangeGraph
{
    private readonly Dictionary<ReplicaId, int> _numbers = [];
    private readonly List<Feed?> _feeds = [];
    private readonly List<Link> _links = [];

    /// <summary>A change that another one follows: of the feed with that number, up to that counter.</summary>
    internal readonly record struct Link(int Feed, ulong Counter);

    /// <summary>How many feeds have numbers.</summary>
    public int FeedCount => _feeds.Count;

    /// <summary>Takes the next change of a feed.</summary>
    public void Add(Change change)
    {
        var header = change.Header;
        var before = change.Before;
        var isBranch = before.Counter > 0 && before.Replica != header.Replica;
        if (header.Dependencies.Length == 0 && !isBranch) return;
        var number = NumberOf(header.Replica);
        var feed = _feeds[number] ??= new();
        feed.Firsts.Add(header.First);
        feed.Starts.Add(_links.Count);
        if (isBranch) _links.Add(LinkTo(before));
        foreach (var dependency in header.Dependencies)
            _links.Add(LinkTo(dependency));
        feed.Ends.Add(_links.Count);
    }

    /// <summary>The number of a feed, given where it has none yet.</summary>
    public int NumberOf(ReplicaId feed)
    {
        if (_numbers.TryGetValue(feed, out var number)) return number;
        _numbers.Add(feed, number = _feeds.Count);
        _feeds.Add(null);
        return number;
    }

    public Link LinkTo(Dot last) => new(NumberOf(last.Replica), last.Counter);

    /// <summary>Adds what the changes of a feed follow directly in other feeds, of those that begin after one counter and not after another.</summary>
    public void AddLinks(int feed, ulong after, ulong last, Stack<Link> links)
    {
        if (_feeds[feed] is not { } runs) return;
        var at = runs.Firsts.BinarySearch(after + 1);
        for (at = at < 0 ? ~at : at; at < runs.Firsts.Count && runs.Firsts[at] <= last; at++)
            for (var link = runs.Starts[at]; link < runs.Ends[at]; link++)
                links.Push(_links[link]);
    }

    /// <summary>The changes of a feed that follow others, ascending: where each begins, and which links are its own.</summary>
    private sealed class Feed
    {
        public List<ulong> Firsts { get; } = [];

        public List<int> Starts { get; } = [];

        public List<int> Ends { get; } = [];
    }
}
