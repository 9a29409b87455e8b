using Edge.Sync.Log;
using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>Finds what of a file's log everybody has seen. Reads the log twice, and once more for each further share of those who are waited for, so that memory stays bounded.</summary>
/// <remarks>
/// Who is waited for is the end of each feed and branch that no other goes on from. What it has seen is what its newest change follows, and that change itself. A feed that names no other as the one that it goes on from
/// may be another device with the same file, so nobody is taken for gone because somebody else has followed it (docs/log-rules.md, F8).
/// </remarks>
internal sealed class FoldingReader
{
    /// <summary>Counters in memory at a time: for each who is waited for, one of each feed.</summary>
    private const int CountersMax = 1 << 21;

    private readonly SqliteConnection _connection;
    private readonly IProgress<long>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly int _countersMax;
    private readonly ReplicaId _self;
    private readonly ChangeGraph _graph = new();
    private readonly ChangePasts _pasts;
    private readonly List<Change> _ends = [];
    private readonly Share _all = new();
    private readonly SortedDictionary<string, Share> _collections = new(StringComparer.Ordinal);
    private long _changeCount, _foldableCount;

    private FoldingReader(SqliteConnection connection, string path, IProgress<long>? progress, int countersMax, CancellationToken cancellationToken)
    {
        (_connection, _progress, _cancellationToken, _countersMax) = (connection, progress, cancellationToken, countersMax);
        _self = ReplicaId.FromBytes(SqliteStore.ReadMeta(connection, path, "replica"));
        _pasts = new(_graph);
    }

    /// <param name="connection">Of the file.</param>
    /// <param name="path">For messages.</param>
    /// <param name="progress">Gets the number of changes that were read, every 10,000; it starts again with each reading.</param>
    /// <param name="cancellationToken">Looked at between changes.</param>
    /// <param name="countersMax">Counters in memory at a time.</param>
    public static FoldingReport Read(SqliteConnection connection, string path, IProgress<long>? progress, CancellationToken cancellationToken, int countersMax = CountersMax)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        return new FoldingReader(connection, path, progress, countersMax, cancellationToken).Read();
    }

    private FoldingReport Read()
    {
        FindEnds();
        var seenByAll = SeenByAll();
        var size = Math.Max(1, _countersMax / Math.Max(1, _graph.FeedCount));
        for (var first = 0; first == 0 || first < _ends.Count; first += size)
            Count(first, Math.Min(size, _ends.Count - first), first == 0 ? seenByAll : null);
        return new()
        {
            ChangeCount = _changeCount,
            FoldableCount = _foldableCount,
            Bytes = _all.Bytes,
            FoldableBytes = _all.FoldableBytes,
            HeldBackBy = HoldersOf(_all),
            Collections = [.. _collections.Select(of => new CollectionFolding { Collection = of.Key, Bytes = of.Value.Bytes, FoldableBytes = of.Value.FoldableBytes, HeldBackBy = HoldersOf(of.Value) })],
        };
    }

    private IEnumerable<Change> ReadLog()
    {
        using var log = new LogReader(_connection);
        var count = 0L;
        foreach (var stored in log.ReadAfter(0))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            yield return Change.ParseStored(stored.Bytes);
            if (++count % 10_000 == 0) _progress?.Report(count);
        }
    }

    private void FindEnds()
    {
        var ends = new Dictionary<ReplicaId, Change>();
        foreach (var change in ReadLog())
        {
            _graph.Add(change);
            var (feed, before) = (change.Header.Replica, change.Before);
            ends[feed] = change;
            // A branch goes on where the feed that it left ends here.
            if (before.Counter > 0 && before.Replica != feed && ends.TryGetValue(before.Replica, out var left) && left.Header.Last == before) ends.Remove(before.Replica);
            _changeCount++;
        }
        _ends.AddRange(ends.Values);
    }

    private ulong[] SeenByAll()
    {
        var all = new ulong[FeedCount()];
        Array.Fill(all, _ends.Count > 0 ? ulong.MaxValue : 0);
        foreach (var end in _ends)
        {
            var seen = SeenBy(end);
            for (var feed = 0; feed < all.Length; feed++)
                all[feed] = Math.Min(all[feed], seen[feed]);
        }
        return all;
    }

    // Feeds that nobody has named get their numbers here, before anything is counted by them.
    private int FeedCount()
    {
        foreach (var end in _ends)
            _graph.NumberOf(end.Header.Replica);
        return _graph.FeedCount;
    }

    private ulong[] SeenBy(Change end)
    {
        var seen = new ulong[_graph.FeedCount];
        var past = _pasts.Of(end);
        past[..Math.Min(past.Length, seen.Length)].CopyTo(seen);
        seen[_graph.NumberOf(end.Header.Replica)] = end.Header.Last.Counter;
        return seen;
    }

    /// <summary>Counts what some of those who are waited for have not seen, and, the first time, what all have.</summary>
    private void Count(int firstEnd, int endCount, ulong[]? seenByAll)
    {
        var unseen = new (ulong Counter, int End)[_graph.FeedCount][];
        var seen = Enumerable.Range(firstEnd, endCount).Select(end => (End: end, Seen: SeenBy(_ends[end]))).ToList();
        for (var feed = 0; feed < unseen.Length; feed++)
            unseen[feed] = [.. seen.Select(of => (of.Seen[feed], of.End)).Order()];
        foreach (var change in ReadLog())
        {
            var last = change.Header.Last;
            var feed = _graph.NumberOf(last.Replica);
            // Ascending by what they have seen: behind the first who has seen it stand only others who have.
            var holders = unseen[feed].AsSpan();
            var count = 0;
            while (count < holders.Length && holders[count].Counter < last.Counter) count++;
            holders = holders[..count];
            bool? isFoldable = seenByAll is null ? null : last.Counter <= seenByAll[feed];
            if (isFoldable == true) _foldableCount++;
            _all.Add(change.Bytes.Length, isFoldable, holders);
            var sections = new BodyReader(change.Body);
            while (sections.Read())
                if (!sections.IsAbsent && SectionEnvelope.Of(sections.Content) is { NamesDocument: true } envelope) ShareOf(envelope.Document.Collection).Add(sections.Content.Length, isFoldable, holders);
        }
    }

    private Share ShareOf(string collection)
    {
        if (!_collections.TryGetValue(collection, out var share)) _collections.Add(collection, share = new());
        return share;
    }

    private List<FoldHolder> HoldersOf(Share share) => [.. share.HeldBack.OrderByDescending(static held => held.Value).ThenBy(static held => held.Key).Select(held =>
    {
        var end = _ends[held.Key];
        return new FoldHolder(end.Written.Replica, end.Header.Replica == _self, end.Written.Timestamp.ToDateTimeOffset(), held.Value);
    })];

    private sealed class Share
    {
        public long Bytes { get; private set; }

        public long FoldableBytes { get; private set; }

        public Dictionary<int, long> HeldBack { get; } = [];

        /// <param name="bytes">How long it is.</param>
        /// <param name="isFoldable">Whether everybody has seen it; null where it is counted already.</param>
        /// <param name="holders">Who has not.</param>
        public void Add(int bytes, bool? isFoldable, ReadOnlySpan<(ulong Counter, int End)> holders)
        {
            if (isFoldable is not null) Bytes += bytes;
            if (isFoldable == true) FoldableBytes += bytes;
            foreach (var (_, end) in holders)
                HeldBack[end] = HeldBack.GetValueOrDefault(end) + bytes;
        }
    }
}
