namespace Edge.Sync;

/// <summary>What peers have said that they hold, of what this replica wrote, since the database was opened. Safe for use by several threads at once.</summary>
internal sealed class PeerReceipts
{
    /// <summary>As many peers are told apart, those that were heard of last; what the others said still counts for all.</summary>
    public const int PeersMax = 1024;

    private readonly Lock _lock = new();
    private readonly VersionVector _all = new();
    private readonly Dictionary<ReplicaId, (VersionVector Held, long Heard)> _peers = [];
    private long _clock;

    /// <summary>Takes what a peer holds.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="ends">Of each own feed the last operation that is durable there.</param>
    /// <returns>Whether some of it was at no peer before, as far as was heard.</returns>
    public bool Take(ReplicaId peer, IEnumerable<Dot> ends)
    {
        lock (_lock)
        {
            var isNews = false;
            if (!_peers.TryGetValue(peer, out var known)) known = (new(), 0);
            foreach (var end in ends)
            {
                known.Held.Include(end);
                isNews |= !_all.Contains(end);
                _all.Include(end);
            }
            _peers[peer] = (known.Held, ++_clock);
            if (_peers.Count > PeersMax) _peers.Remove(_peers.MinBy(static entry => entry.Value.Heard).Key);
            return isNews;
        }
    }

    /// <summary>Whether a peer, or any where that is null, has said that it holds an operation.</summary>
    public bool Contains(Dot dot, ReplicaId? peer)
    {
        lock (_lock) return peer is { } one ? _peers.TryGetValue(one, out var known) && known.Held.Contains(dot) : _all.Contains(dot);
    }
}
