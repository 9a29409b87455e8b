using Edge.Sync.Trust;

namespace Edge.Sync.Log;

/// <summary>Which changes each device has accepted: those in the pasts of its acceptances, found by searching a <see cref="ChangeGraph"/> backwards.</summary>
/// <remarks>
/// An acceptance covers all that its change follows, so what a device has accepted is one counter for each feed, and it only grows: each run of the graph is passed once for each device that accepts, however often it does.
/// Changes are named as they are in this file: where a feed forks, it is made anew. Not safe for use by several threads at once.
/// </remarks>
internal sealed class AcceptedChanges(ChangeGraph graph)
{
    private readonly Dictionary<PublicKey, ulong[]> _counters = [];
    private readonly Stack<ChangeGraph.Link> _left = new();

    /// <summary>How many acceptances it has taken.</summary>
    public int Count { get; private set; }

    /// <summary>Takes an acceptance: all that the change follows is accepted by the owner of its feed.</summary>
    public void Accept(PublicKey owner, Change acceptance)
    {
        Count++;
        var counters = _counters.GetValueOrDefault(owner) ?? [];
        if (acceptance.Before.Counter > 0) _left.Push(graph.LinkTo(acceptance.Before));
        foreach (var dependency in acceptance.Header.Dependencies)
            _left.Push(graph.LinkTo(dependency));
        while (_left.TryPop(out var link))
        {
            if (link.Feed >= counters.Length) Array.Resize(ref counters, graph.FeedCount + (graph.FeedCount / 4));
            var seen = counters[link.Feed];
            if (seen >= link.Counter) continue;
            counters[link.Feed] = link.Counter;
            graph.AddLinks(link.Feed, seen, link.Counter, _left);
        }
        _counters[owner] = counters;
    }

    /// <summary>Whether a device has accepted the change of an operation.</summary>
    public bool IsBy(PublicKey owner, Dot dot) => _counters.TryGetValue(owner, out var counters) && Contains(counters, graph.LinkTo(dot));

    /// <summary>Whether any device but one has accepted the change of an operation.</summary>
    /// <param name="author">Whose acceptance says nothing, since it wrote the change; null where that is not known.</param>
    /// <param name="dot">The operation.</param>
    public bool IsByOther(PublicKey? author, Dot dot)
    {
        var link = graph.LinkTo(dot);
        foreach (var (owner, counters) in _counters)
            if (Contains(counters, link) && !owner.Equals(author)) return true;
        return false;
    }

    private static bool Contains(ulong[] counters, ChangeGraph.Link link) => link.Feed < counters.Length && link.Counter <= counters[link.Feed];
}
