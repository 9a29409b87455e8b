namespace Edge.Sync.LogModel.Model;

/// <summary>What may be folded: changes that all that is yet to come follows.</summary>
internal sealed class Stability(Universe universe, Rules rules, Membership membership, VoidRules voidRules)
{
    private readonly Memo<(UInt128, UInt128, UInt128), (ChangeSet, ChangeSet)> _cache = new();
    private readonly Memo<(int, UInt128), ChangeSet> _acknowledged = new();

    /// <summary>The stable prefix; that of the fold where it has not grown.</summary>
    public ChangeSet Of(ReplicaFile file) => Find(file).Stable;

    /// <summary>The stable prefix, and of it what every change outside of it follows: only that may lose its tombstones and its undo information.</summary>
    public (ChangeSet Stable, ChangeSet Settled) Find(ReplicaFile file)
    {
        if (file.Sayings.Count > 0) return Compute(file);
        var key = (file.Held.Hash, file.Fold.Changes.Hash, file.Expired.Hash);
        return _cache.TryGetValue(key, out var found) ? found : _cache.Add(key, Compute(file));
    }

    private (ChangeSet Stable, ChangeSet Settled) Compute(ReplicaFile file)
    {
        var isSaid = rules.Stability is StabilityRule.HeldByAll or StabilityRule.OwnCounter;
        ChangeSet? settled = null;
        var stable = isSaid ? BySayings(file) : ByLog(file, out settled);
        if (stable is null || !stable.Contains(file.Fold.Changes)) return (file.Fold.Changes, ChangeSet.Empty);
        if (!rules.CompactsSettledOnly) return (stable, stable);
        if (isSaid)
        {
            var left = file.Held.Except(stable);
            settled = stable.Where(i => left.Items.ToArray().All(c => universe[c].Follows(i)));
        }
        return (stable, settled ?? ChangeSet.Empty);
    }

    /// <summary>What the writer of a file has accepted by its last acceptance: foreign changes, and all before them.</summary>
    public ChangeSet AcknowledgedBy(ReplicaFile file)
    {
        var key = (file.Head, file.Fold.Changes.Hash);
        return _acknowledged.TryGetValue(key, out var known) ? known : _acknowledged.Add(key, FindAcknowledged(file));
    }

    private ChangeSet FindAcknowledged(ReplicaFile file)
    {
        if (LastPromise(file.Head, null) is not { } last) return file.Fold.Changes;
        var acknowledged = new HashSet<int>(file.Fold.Changes.Items.ToArray());
        foreach (var i in last.Past.Items)
        {
            if (universe.IsOnLine(i, file.Head)) continue;
            acknowledged.Add(i);
            acknowledged.UnionWith(universe[i].Past.Items.ToArray());
        }
        return ChangeSet.Of(acknowledged);
    }

    private ChangeSet? ByLog(ReplicaFile file, out ChangeSet? settled)
    {
        settled = null;
        var outs = voidRules.Of(file).Out;
        var gone = ChangeSet.Of(outs.Items.ToArray().Select(i => universe[i].Subject)).Union(file.Expired);
        var ends = universe.EndsOf(file.Held).Where(c => !gone.Contains(c.Root)).ToList();
        if (!rules.BranchesParticipate) ends = [.. ends.GroupBy(static c => c.Root).Select(static g => g.OrderByDescending(static c => c.Counter).ThenBy(static c => c.Id).First())];
        if (!rules.NamedFeedsJoin) ends.RemoveAll(c => !membership.Members.Contains(c.Root));
        foreach (var member in membership.Members.Items)
            if (!gone.Contains(member) && !ends.Exists(c => c.Root == member)) return null;
        if (ends.Count == 0) return null;

        // What every participant has accepted by its last acceptance, on every branch.
        ChangeSet? stable = null;
        foreach (var end in ends)
        {
            if (LastPromise(end.Index, null) is not { } last) return null;
            var followed = last.Past.With(last.Index);
            stable = stable is null ? followed : stable.Intersect(followed);
        }

        // To leave a feed out, all others must have followed the record that puts it out.
        if (rules.FoldWaitsForRecord)
            foreach (var record in outs.Items)
                if (!stable!.Contains(record)) return null;

        if (rules.FoldsNothingInDispute) stable = WithoutDisputes(stable!, file.Held);

        // A change outside of the stable prefix comes after its line's last acceptance inside, and so follows what that follows.
        settled = stable;
        foreach (var end in ends)
            settled = LastPromise(end.Index, stable) is { } inside ? settled!.Intersect(inside.Past.With(inside.Index)) : ChangeSet.Empty;

        // Nobody waits for a feed that is out, and its changes are void. But somebody who had not heard of that may have written beside them: whoever did has accepted the record since, so all of them are held.
        if (rules.SettledCountsWhatIsOut)
            foreach (var i in file.Held.Except(stable!).Items)
                if (gone.Contains(universe[i].Root)) settled = settled!.Intersect(universe[i].Past);
        return stable;
    }

    private ChangeSet WithoutDisputes(ChangeSet stable, ChangeSet held)
    {
        while (true)
        {
            var left = held.Except(stable).Items.ToArray().Select(i => universe[i]).Where(static c => c.Kind is ChangeKind.Reject or ChangeKind.Expel or ChangeKind.CapClock).ToList();
            var disputed = stable.Where(i => left.Exists(r => voidRules.Disputes(r, universe[i])));
            if (disputed.IsEmpty) return stable;
            stable = stable.Where(i => !disputed.Contains(i) && !universe[i].Past.Overlaps(disputed));
        }
    }

    private ChangeSet? BySayings(ReplicaFile file)
    {
        var stable = file.Held;
        foreach (var member in membership.Members.Items)
        {
            if (member == file.Self) continue;
            var heard = file.Sayings.FirstOrDefault(s => s.Giver == member, new(-1, -1, ChangeSet.Empty));
            if (heard.Giver < 0) return null;
            if (rules.Stability == StabilityRule.OwnCounter && heard.OwnLast >= 0 && !file.Held.Contains(heard.OwnLast)) return null;
            // Without ids, an acknowledgement of a dot is one of whatever change bears it here.
            stable = rules.ComparesIds
                ? stable.Intersect(heard.Held)
                : stable.Where(i => heard.Held.Items.ToArray().Any(h => universe[h].Feed == universe[i].Feed && universe[h].Counter == universe[i].Counter));
        }
        return ChangeSet.Of(stable.Items.ToArray().Where(i => stable.Contains(universe[i].Past)));
    }

    // The last change on a line, within a set, that binds its writer.
    private Change? LastPromise(int end, ChangeSet? within)
    {
        for (var at = end; at >= 0; at = universe[at].Previous)
            if ((within is null || within.Contains(at)) && (universe[at].Kind == ChangeKind.Acknowledge || !rules.OnlyAcceptancesBind)) return universe[at];
        return null;
    }
}
