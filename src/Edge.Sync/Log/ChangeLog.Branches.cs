namespace Edge.Sync.Log;

/// <summary>Where a change from elsewhere belongs: at the end of its feed, or in a branch of it.</summary>
internal sealed partial class ChangeLog
{
    /// <summary>The branches of feeds that have forked.</summary>
    public FeedTree Tree { get; } = new();

    /// <summary>Finds the ids of what a change follows directly, which its own id is computed from.</summary>
    /// <param name="change">The change, as its author wrote it.</param>
    /// <param name="told">What the peer says that they are: the id of the change before it in its feed, or zeros, then those of its dependencies. Empty where it does not say.</param>
    /// <param name="room">What waits to be appended before it; null where nothing does.</param>
    /// <param name="past">The ids, in that order.</param>
    /// <returns>Accepted, or <see cref="AdmissionVerdict.Early"/>, or <see cref="AdmissionVerdict.Untold"/> where it could be one of several.</returns>
    public AdmissionVerdict FindPast(Change change, ReadOnlySpan<ChangeId> told, WaitingRoom? room, out ChangeId[] past)
    {
        var written = change.Written;
        past = new ChangeId[1 + written.Dependencies.Length];
        // The columns of feeds in files and messages have no scope yet. Every version without scopes says the same.
        if (written.Scope is not null) throw new EdgeDataException($"Change {written.Last} is of a scope of its own; this replica takes in the default scope only.", "header.scope");
        if (!told.IsEmpty && told.Length != past.Length) throw new EdgeDataException($"Change {written.Last} follows {past.Length - 1} changes and one of its feed; {told.Length} ids are told.", "changes.past");
        // The name of a branch is never written by whoever goes on in it.
        if (Tree.TryGet(written.Replica, out _)) return AdmissionVerdict.Early;
        var verdict = AdmissionVerdict.Accepted;
        if (written.First > 1) verdict = Find(new(written.Replica, written.First - 1), told.IsEmpty ? default : told[0], room, out past[0]);
        for (var i = 0; i < written.Dependencies.Length && verdict == AdmissionVerdict.Accepted; i++)
            verdict = Find(written.Dependencies[i], told.IsEmpty ? default : told[i + 1], room, out past[i + 1]);
        return verdict;
    }

    /// <summary>Where a change belongs. All that it follows is held, or it is early.</summary>
    /// <param name="change">The change, as its author wrote it.</param>
    /// <param name="past">See <see cref="FindPast"/>.</param>
    /// <param name="id">Its id.</param>
    public Place Locate(Change change, ReadOnlySpan<ChangeId> past, ChangeId id)
    {
        var written = change.Written;
        var before = new Dot(written.Replica, 0);
        if (written.First > 1 && !TryFindHeld(new(written.Replica, written.First - 1), past[0], out before)) return Place.Early;
        var dependencies = new Dot[written.Dependencies.Length];
        for (var i = 0; i < dependencies.Length; i++)
            if (!TryFindHeld(written.Dependencies[i], past[i + 1], out dependencies[i])) return Place.Early;

        if (before.Counter == Held[before.Replica] && !Tree.IsForked(before.Replica)) return new(AdmissionVerdict.Accepted, before.Replica, before, dependencies, null);
        var own = FeedTree.NameOf(database, id);
        if (before.Counter < Held[before.Replica])
        {
            if (!index.TryGetNext(before, out _, out var next)) throw new System.Diagnostics.UnreachableException($"Nothing follows {before} in its feed, which is held further.");
            if (next == id) return Place.Duplicate(before.Replica);
            var branch = FeedTree.NameOf(database, next);
            return Held[own] > 0 || Held[branch] > 0 ? Place.Refused : new(AdmissionVerdict.Accepted, own, before, dependencies, branch);
        }
        var children = Tree.ChildrenOf(before.Replica);
        if (children.Contains(own)) return Place.Duplicate(own);
        return Held[own] > 0 || children.Count >= FeedTree.BranchesMax ? Place.Refused : new(AdmissionVerdict.Accepted, own, before, dependencies, null);
    }

    /// <summary>Whose seals count on a change whose predecessor in its feed is held.</summary>
    public bool TryGetOwner(Change change, ChangeId before, out PublicKey owner)
    {
        owner = null!;
        return TryFindHeld(new(change.Written.Replica, change.Written.First - 1), before, out var held) && TryGetOwner(held.Replica, out owner);
    }

    /// <summary>Gives what follows a counter in a feed or branch a name of its own. The store does the same.</summary>
    public void Split(Dot before, ReplicaId branch)
    {
        var feed = before.Replica;
        if (!TryGetOwner(feed, out var owner)) throw new System.Diagnostics.UnreachableException($"Feed {feed} has no owner.");
        var id = default(ChangeId);
        if (before.Counter > 0 && !TryGetId(before, out id)) throw new System.Diagnostics.UnreachableException($"No change ends at {before}.");
        Tree.Split(feed, before.Counter, branch);
        Restore(new(branch, Held[feed]), _lastIds[feed]);
        if (_heads.Remove(feed, out var head)) _heads[branch] = head;
        Held.Set(before);
        _owners[branch] = owner;
        if (before.Counter > 0) _lastIds[feed] = id;
        else
        {
            _lastIds.Remove(feed);
            _owners.Remove(feed);
        }
    }

    /// <summary>Takes another name for what this replica writes from now on.</summary>
    public void Leave(ReplicaId fresh)
    {
        Tree.Leave(_self);
        _self = fresh;
    }

    /// <summary>
    /// What of this log a peer holds that claims these ends. Where its end of a feed is not held here, and that is held as far, the peer holds another branch: what it
    /// has of this one is not known.
    /// </summary>
    public Dot[] Resolve(ReadOnlySpan<FeedEnd> claims)
    {
        var held = new List<Dot>(claims.Length);
        foreach (var claim in claims)
        {
            if (TryFindHeld(claim.Last, claim.Id, out var dot))
            {
                held.Add(dot);
                while (Tree.TryGet(dot.Replica, out var branch))
                    if ((dot = new(branch.Parent, branch.After)).Counter > 0) held.Add(dot);
            }
            else if (claim.Last.Counter > Held[claim.Last.Replica] && !Tree.IsForked(claim.Last.Replica) && claim.Last.Replica != _self) held.Add(claim.Last);
        }
        return [.. held];
    }

    /// <summary>The last dot, by its name here, of a change that is named as its author wrote it; false where it is not held.</summary>
    public bool TryFind(FeedEnd change, out Dot held) => TryFindHeld(change.Last, change.Id, out held);

    /// <summary>What of this log whoever claims these ends holds for certain: unlike <see cref="Resolve"/>, of ends that are not known here nothing is believed.</summary>
    public VersionVector HeldBy(IEnumerable<FeedEnd> ends)
    {
        var held = new VersionVector();
        foreach (var end in ends)
        {
            if (!TryFindHeld(end.Last, end.Id, out var dot)) continue;
            held.Include(dot);
            while (Tree.TryGet(dot.Replica, out var branch))
                if ((dot = new(branch.Parent, branch.After)).Counter > 0) held.Include(dot);
        }
        return held;
    }

    /// <summary>The id of the change that ends at <paramref name="last"/>, by its author's names, in the only branch that can be meant.</summary>
    private AdmissionVerdict Find(Dot last, ChangeId told, WaitingRoom? room, out ChangeId id)
    {
        id = told;
        if (told != default) return TryFindHeld(last, told, out _) || room?.Contains(told) == true ? AdmissionVerdict.Accepted : AdmissionVerdict.Early;
        if (room?.TryGetId(last, out id) == true) return AdmissionVerdict.Accepted;
        if (Held.Contains(last)) return TryGetId(last, out id) ? AdmissionVerdict.Accepted : AdmissionVerdict.Untold;
        return Tree.IsForked(last.Replica) ? AdmissionVerdict.Untold : AdmissionVerdict.Early;
    }

    /// <summary>The name here of the change that ends at <paramref name="last"/> by its author's names.</summary>
    private bool TryFindHeld(Dot last, ChangeId id, out Dot held)
    {
        held = last;
        if (!Tree.IsForked(last.Replica)) return Held.Contains(last) && TryGetId(last, out var only) && only == id;
        foreach (var name in Tree.SubtreeOf(last.Replica))
        {
            held = new(name, last.Counter);
            if (Held.Contains(held) && TryGetId(held, out var found) && found == id) return true;
        }
        held = default;
        return false;
    }

    private (ReplicaId Feed, ulong After, ulong Last)[] FindOwn()
    {
        if (Tree.Left.Count == 0) return [(_self, 0, Held[_self])];
        // Which of the branches of a feed that was left are this file's own is not known any more; those of others are held by others.
        var left = Tree.Left.SelectMany(Tree.SubtreeOf).Where(name => Held[name] > 0).Select(name => (name, Tree.TryGet(name, out var branch) ? branch.After : 0, Held[name]));
        return [(_self, 0, Held[_self]), .. left];
    }

    private ForkedFeed[] FindForks() => [.. Tree.Forks.Select(fork => new ForkedFeed(fork.Root, fork.Count, Tree.Left.Contains(fork.Root)))];
}
