namespace Edge.Sync.LogModel.Model;

/// <summary>What may be folded: changes that all that is yet to come follows.</summary>
internal sealed class Stability(Universe universe, Rules rules, Membership membership, VoidRules voidRules)
{
    private readonly Dictionary<(UInt128, UInt128, UInt128), (ChangeSet, ChangeSet)> _cache = [];

    /// <summary>The stable prefix; that of the fold where it has not grown.</summary>
    public ChangeSet Of(ReplicaFile file) => Find(file).Stable;

    /// <summary>The stable prefix, and of it what every change outside of it follows: only that may lose its tombstones and its undo information.</summary>
    public (ChangeSet Stable, ChangeSet Settled) Find(ReplicaFile file)
    {
        if (file.Sayings.Count > 0) return Compute(file);
        var key = (file.Held.Hash, file.Fold.Changes.Hash, file.Expired.Hash);
        return _cache.TryGetValue(key, out var found) ? found : _cache[key] = Compute(file);
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

    /// <summary>What a feed has acknowledged by its last change: foreign changes, and all before them.</summary>
    public ChangeSet AcknowledgedBy(ReplicaFile file)
    {
        var last = LastOf(file.Self, file.Held, []);
        if (last is null) return file.Fold.Changes;
        var acknowledged = new HashSet<int>(file.Fold.Changes.Items.ToArray());
        foreach (var i in last.Past.Items)
        {
            if (universe[i].Feed == file.Self) continue;
            acknowledged.Add(i);
            acknowledged.UnionWith(universe[i].Past.Items.ToArray());
        }
        return ChangeSet.Of(acknowledged);
    }

    private ChangeSet? ByLog(ReplicaFile file, out ChangeSet? settled)
    {
        settled = null;
        var lost = voidRules.LostBranches(file.Held, file.Fold);
        var outs = voidRules.Of(file).Out;
        var gone = ChangeSet.Of(outs.Items.ToArray().Select(i => universe[i].Subject)).Union(file.Expired);
        var participants = membership.Members.Items.ToArray().ToHashSet();
        if (rules.NamedFeedsJoin)
            foreach (var i in file.Held.Items) participants.Add(universe[i].Feed);
        participants.RemoveWhere(gone.Contains);

        // What every participant's last change follows.
        ChangeSet? followed = null;
        foreach (var feed in participants)
        {
            if (LastOf(feed, file.Held, lost) is not { } last) return null;
            followed = Meet(followed, last.Past.With(last.Index));
        }
        var stable = followed;
        if (followed is not null && rules.AcceptanceBinds)
        {
            foreach (var feed in participants)
            {
                if (membership.SeniorityOf(feed) == int.MaxValue) continue;
                if (LastOf(feed, file.Held, lost, onlyAcceptances: true) is not { } accepted) return null;
                stable = Meet(stable, accepted.Past.With(accepted.Index));
            }
        }
        if (stable is null) return null;

        // To leave a feed out, all others must have followed the record that puts it out.
        if (rules.FoldWaitsForRecord)
            foreach (var record in outs.Items)
                if (!stable.Contains(record)) return null;

        settled = Settled(stable, participants, lost);
        if (!rules.ReissuesFoldSettledOnly) return stable;

        // A rival of a re-issue may still come, and have the lower id, until all that is to come follows the re-issue.
        var early = ChangeSet.Of(stable.Items.ToArray().Where(i => universe[i].Origin >= 0)).Except(settled);
        if (early.IsEmpty) return stable;
        stable = stable.Where(i => !early.Contains(i) && !universe[i].Past.Overlaps(early));
        settled = Settled(stable, participants, lost);
        return stable;
    }

    // A change outside of the stable prefix comes after its feed's last one inside, and so follows what that follows.
    private ChangeSet Settled(ChangeSet stable, HashSet<int> participants, HashSet<int> lost)
    {
        var settled = stable;
        foreach (var feed in participants)
            settled = LastOf(feed, stable, lost) is { } inside ? settled.Intersect(inside.Past.With(inside.Index)) : ChangeSet.Empty;
        return settled;
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

    private Change? LastOf(int feed, ChangeSet within, HashSet<int> lost, bool onlyAcceptances = false)
    {
        Change? last = null;
        foreach (var i in within.Items)
        {
            var change = universe[i];
            if (change.Feed == feed && !lost.Contains(i) && (!onlyAcceptances || change.Kind == ChangeKind.Acknowledge) && (last is null || change.Counter > last.Counter)) last = change;
        }
        return last;
    }

    private static ChangeSet Meet(ChangeSet? a, ChangeSet b) => a is null ? b : a.Intersect(b);
}
