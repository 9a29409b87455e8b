namespace Edge.Sync.Log;

/// <summary>
/// What a replica knows of all feeds without reading them: how far each is held, the id of each one's last change, and the heads.
/// It decides which changes may be appended and what a new one follows. No I/O; not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Invariants: every feed is held without gaps from 1 on; a change is held only with all that it follows; heads are the changes that no held change follows.
/// </remarks>
internal sealed partial class ChangeLog(DatabaseId database, ReplicaId self, PublicKey key, IChangeIndex index)
{
    private ReplicaId _self = self;
    private readonly Dictionary<ReplicaId, PublicKey> _owners = [];
    private readonly Dictionary<ReplicaId, ChangeId> _lastIds = [];
    private readonly SortedDictionary<ReplicaId, ulong> _heads = [];

    public DatabaseId Database => database;

    public ReplicaId Self => _self;

    /// <summary>What this replica's own feed is sealed with.</summary>
    public PublicKey Key => key;

    /// <summary>How far each feed is held.</summary>
    public VersionVector Held { get; } = new();

    /// <summary>The changes that nobody has followed yet, ascending by replica.</summary>
    public IEnumerable<Dot> Heads
    {
        get
        {
            foreach (var (replica, counter) in _heads)
                yield return new(replica, counter);
        }
    }

    /// <summary>How many heads are not this replica's own: what the next change would list.</summary>
    public int ForeignHeadCount => _heads.Count - (_heads.ContainsKey(_self) ? 1 : 0);

    /// <summary>Whether the last change of a feed is a head.</summary>
    public bool IsHead(ReplicaId replica) => _heads.ContainsKey(replica);

    /// <summary>The id of a feed's last change; all zeros for a feed that is not known.</summary>
    public ChangeId LastId(ReplicaId replica) => _lastIds.GetValueOrDefault(replica);

    /// <summary>The header of the next change of this replica, which follows all that is held.</summary>
    /// <exception cref="InvalidOperationException">There are more heads than a change may list: write changes that join some of them first.</exception>
    public ChangeHeader NextHeader(int count, HybridTimestamp timestamp, int bodyBytes)
    {
        if (ForeignHeadCount > LogLimits.DependenciesMax)
            throw new InvalidOperationException($"{ForeignHeadCount} heads are more than the {LogLimits.DependenciesMax} that a change may list.");
        return NewHeader(count, ForeignHeads(int.MaxValue), timestamp, bodyBytes);
    }

    /// <summary>The header of a change without a body that joins as many heads as it may list.</summary>
    public ChangeHeader NextJoiningHeader(HybridTimestamp timestamp) => NewHeader(1, ForeignHeads(LogLimits.DependenciesMax), timestamp, 0);

    /// <summary>Whether <paramref name="change"/>, by its names in this file, may be appended now, and under which id. What peers send goes through <see cref="FindPast"/> and <see cref="Locate"/>.</summary>
    /// <exception cref="EdgeDataException">It can never be appended: it names what is not a change, or cuts one in half.</exception>
    public Admission Admit(Change change)
    {
        var header = change.Header;
        var held = Held[header.Replica];
        // A branch begins where it parts from its feed.
        if (held == 0 && change.Before.Replica != header.Replica) held = change.Before.Counter;
        if (header.Last.Counter <= held) return Admission.Duplicate;
        if (header.First <= held)
            throw new EdgeDataException($"Change {header.Last} begins at counter {header.First}, inside a change that is held already: its feed has forked.", "header.first", code: EdgeErrorCode.ForkedFeed);
        if (header.First > held + 1) return Admission.Early;

        Span<ChangeId> ids = stackalloc ChangeId[header.Dependencies.Length];
        for (var i = 0; i < header.Dependencies.Length; i++)
        {
            var dot = header.Dependencies[i];
            if (!Held.Contains(dot)) return Admission.Early;
            if (!TryGetId(dot, out ids[i]))
                throw new EdgeDataException($"Change {header.Last} follows {dot}, which is not the last operation of a change.", "header.dependencies");
        }
        var previous = default(ChangeId);
        if (held > 0 && !TryGetId(change.Before, out previous)) throw new System.Diagnostics.UnreachableException($"The end of feed {header.Replica} has no id.");
        return Admission.Accept(change.ComputeId(database, previous, ids));
    }

    /// <summary>The id of a change that is held: it follows from the change's bytes and the ids of what it follows.</summary>
    /// <exception cref="EdgeDataException">What it follows is not held: it is no change of this log.</exception>
    public ChangeId ComputeId(Change change)
    {
        var header = change.Header;
        Span<ChangeId> ids = stackalloc ChangeId[header.Dependencies.Length];
        for (var i = 0; i < ids.Length; i++)
            if (!Held.Contains(header.Dependencies[i]) || !TryGetId(header.Dependencies[i], out ids[i])) throw Unheld(header.Last, header.Dependencies[i]);
        var previous = default(ChangeId);
        if (header.First > 1 && !TryGetId(change.Before, out previous)) throw Unheld(header.Last, change.Before);
        return change.ComputeId(database, previous, ids);

        static EdgeDataException Unheld(Dot last, Dot dependency) => new($"Change {last} follows {dependency}, which is not held.", "header.dependencies");
    }

    /// <summary>Takes note of a change that <see cref="Admit"/> accepted and the store has appended.</summary>
    public void Append(ChangeHeader header, ChangeId id)
    {
        // What the change follows is no head any more. A dependency may name an older change of its feed than the head: that head stays.
        foreach (var dot in header.Dependencies)
            if (_heads.TryGetValue(dot.Replica, out var counter) && counter == dot.Counter)
                _heads.Remove(dot.Replica);
        Restore(header.Last, id);
        _heads[header.Replica] = header.Last.Counter;
        if (header.Owner is { } owner) _owners[header.Replica] = owner;
    }

    /// <summary>As <see cref="Append(ChangeHeader, ChangeId)"/>, for one that may be in a branch.</summary>
    public void Append(Change change, ChangeId id)
    {
        Append(change.Header, id);
        var before = change.Before;
        if (change.Names is null || before.Counter == 0 || before.Replica == change.Header.Replica) return;
        if (_heads.TryGetValue(before.Replica, out var head) && head == before.Counter) _heads.Remove(before.Replica);
        // A branch has the owner of its feed, unless it begins with a first change of its own.
        if (TryGetOwner(before.Replica, out var owner)) _owners[change.Header.Replica] = owner;
    }

    /// <summary>Whose seals count on a feed; false for one that is not held.</summary>
    public bool TryGetOwner(ReplicaId replica, out PublicKey owner)
    {
        if (_owners.TryGetValue(replica, out owner!)) return true;
        if (Tree.TryGet(replica, out var branch) && branch.After > 0) return TryGetOwner(branch.Parent, out owner);
        if (!index.TryGetOwner(replica, out owner)) return false;
        _owners[replica] = owner;
        return true;
    }

    /// <summary>Takes a feed's end from the store when the log is opened.</summary>
    public void Restore(Dot last, ChangeId id)
    {
        Held.Include(last);
        _lastIds[last.Replica] = id;
    }

    /// <summary>Takes a head from the store when the log is opened.</summary>
    public void RestoreHead(Dot head) => _heads[head.Replica] = head.Counter;

    /// <summary>The id of the change that ends at <paramref name="last"/>, where one that is held does.</summary>
    public bool TryGetId(Dot last, out ChangeId id)
    {
        if (Held[last.Replica] != last.Counter) return index.TryGetChangeId(last, out id);
        id = _lastIds[last.Replica];
        return true;
    }

    /// <summary>What is held now, as of the store's change number <paramref name="sequence"/>.</summary>
    /// <param name="sequence">The newest change.</param>
    /// <param name="keepsAll">See <see cref="LogVersion.KeepsAll"/>.</param>
    /// <param name="absent">See <see cref="LogVersion.Absent"/>.</param>
    /// <param name="fastClocks">See <see cref="LogVersion.FastClocks"/>.</param>
    public LogVersion ToVersion(long sequence, IReadOnlyList<FastClock>? fastClocks = null, bool keepsAll = false, IReadOnlyList<DocumentKey>? absent = null)
    {
        var held = Held.ToSortedList();
        var ends = new FeedEnd[held.Count];
        for (var i = 0; i < ends.Length; i++)
            ends[i] = new(held[i], _lastIds[held[i].Replica]);
        return new(ends, sequence)
        {
            Own = FindOwn(),
            Roots = Tree.IsEmpty ? null : Array.ConvertAll(ends, end => Tree.RootOf(end.Last.Replica)),
            Forks = Tree.IsEmpty ? [] : FindForks(),
            FastClocks = fastClocks ?? [],
            BranchCount = Tree.BranchCount,
            KeepsAll = keepsAll,
            Absent = absent,
        };
    }

    private ChangeHeader NewHeader(int count, Dot[] dependencies, HybridTimestamp timestamp, int bodyBytes)
    {
        var first = Held[_self] + 1;
        return new(_self, first, count, dependencies, timestamp, bodyBytes, first == 1 ? key : null);
    }

    private Dot[] ForeignHeads(int countMax)
    {
        if (ForeignHeadCount == 0) return [];
        var heads = new List<Dot>(Math.Min(_heads.Count, countMax));
        foreach (var (replica, counter) in _heads)
        {
            if (replica == _self) continue;
            if (heads.Count == countMax) break;
            heads.Add(new(replica, counter));
        }
        return [.. heads];
    }
}
