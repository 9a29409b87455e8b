namespace Edge.Sync.Log;

/// <summary>
/// The pasts of changes, as versions: found by searching a <see cref="ChangeGraph"/> backwards from what a change follows directly.
/// </summary>
/// <remarks>
/// <para>The past of a feed's change has that of its earlier ones in it. So for each feed that was asked about, the past of the last change asked for is kept, and the search for a
/// later one goes only through what that had not seen: all together pass each run of the graph once for each feed.</para>
/// <para>Not safe for use by several threads at once.</para>
/// </remarks>
internal sealed class ChangePasts(ChangeGraph graph)
{
    /// <summary>As many counters are kept, of 8 bytes each. Beyond that all are forgotten, and searched for again.</summary>
    public const int CountersMax = 1 << 21;

    private readonly Dictionary<ReplicaId, Past> _pasts = [];
    private readonly Stack<ChangeGraph.Link> _left = new();
    private ReplicaId _lastFeed;
    private Past? _last;
    private int _counters;

    /// <summary>Whether an operation is in the past of a change, both named as in this file. What the change follows must be in the graph.</summary>
    public bool Contains(Change change, Dot dot)
    {
        var number = graph.NumberOf(dot.Replica);
        // What was in the past of an earlier change of the feed is in that of this one.
        return (Find(change.Header.Replica) is { } past && past.First <= change.Header.First && past.Contains(number, dot.Counter)) || Search(change).Contains(number, dot.Counter);
    }

    // Most ask about one feed many times.
    private Past? Find(ReplicaId feed)
    {
        if (_last is not null && _lastFeed == feed) return _last;
        _lastFeed = feed;
        return _last = _pasts.GetValueOrDefault(feed);
    }

    /// <summary>The past of a change, by numbers of feeds: up to which counter of each. Feeds beyond the end are not in it; it may be longer than there are feeds. Valid until the next call.</summary>
    public ReadOnlySpan<ulong> Of(Change change) => Search(change).Counters;

    private Past Search(Change change)
    {
        var feed = change.Header.Replica;
        var past = Find(feed);
        if (past is not null && past.First == change.Header.First) return past;
        if (_counters > CountersMax)
        {
            _pasts.Clear();
            _counters = 0;
            past = null;
        }
        // An earlier change than the last one that was asked for has less in its past.
        if (past is null || past.First > change.Header.First) _pasts[feed] = _last = past = new();
        past.First = change.Header.First;
        if (change.Before.Counter > 0) _left.Push(graph.LinkTo(change.Before));
        foreach (var dependency in change.Header.Dependencies)
            _left.Push(graph.LinkTo(dependency));
        while (_left.TryPop(out var link))
        {
            var seen = past.Raise(link.Feed, link.Counter, graph.FeedCount, ref _counters);
            if (seen < link.Counter) graph.AddLinks(link.Feed, seen, link.Counter, _left);
        }
        return past;
    }

    private sealed class Past
    {
        private ulong[] _counters = [];

        public ReadOnlySpan<ulong> Counters => _counters;

        /// <summary>Where the change begins whose past it is.</summary>
        public ulong First { get; set; }

        public bool Contains(int feed, ulong counter) => feed < _counters.Length && counter <= _counters[feed];

        /// <summary>Raises a feed's counter. Returns what it was before.</summary>
        public ulong Raise(int feed, ulong counter, int feedCount, ref int total)
        {
            if (feed >= _counters.Length)
            {
                var length = feedCount + (feedCount / 4);
                total += length - _counters.Length;
                Array.Resize(ref _counters, length);
            }
            var seen = _counters[feed];
            if (seen < counter) _counters[feed] = counter;
            return seen;
        }
    }
}
