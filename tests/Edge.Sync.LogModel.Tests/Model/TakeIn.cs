namespace Edge.Sync.LogModel.Model;

/// <summary>Which of a peer's changes a replica appends to its log, and which it only sets aside.</summary>
internal sealed class TakeIn(Universe universe, Rules rules, Membership membership, VoidRules voidRules, Stability stability)
{
    /// <param name="to">The receiver.</param>
    /// <param name="offered">Changes that it lacks, with all before them that it lacks.</param>
    /// <returns>Those to append, and those that its own acknowledgements forbid.</returns>
    public (ChangeSet Taken, ChangeSet Strays) Sort(ReplicaFile to, ChangeSet offered)
    {
        if (!rules.TakeInFollowsAcknowledged && rules.ExpelByRecord) return (offered, ChangeSet.Empty);
        var acknowledged = stability.AcknowledgedBy(to);
        var outs = voidRules.Of(to).Out;
        var taken = new HashSet<int>();
        var strays = new HashSet<int>();
        foreach (var change in universe.InOrder(offered))
        {
            var behindStray = strays.Where(change.Follows).ToList();
            var isLegitimate = IsLegitimate(to, change, acknowledged, outs, taken);
            // What is void already does no harm: it is never placed, and nobody sees it. It is taken in, or the logs would never be equal.
            if (!isLegitimate && behindStray.Count == 0 && IsVoid(to, change, taken))
            {
                taken.Add(change.Index);
                continue;
            }
            if (!isLegitimate || behindStray.Any(s => universe[s].Feed == change.Feed))
            {
                strays.Add(change.Index);
                continue;
            }
            if (behindStray.Count > 0 && !IsKnown(to, change.Feed))
            {
                strays.Add(change.Index);
                continue;
            }
            // A known member took them in before it acknowledged what forbids them here: its acknowledgement has been waited for.
            foreach (var stray in behindStray)
            {
                strays.Remove(stray);
                taken.Add(stray);
            }
            taken.Add(change.Index);
        }
        return (ChangeSet.Of(taken), ChangeSet.Of(strays));
    }

    /// <summary>
    /// Whether <paramref name="sender"/> takes over the log of <paramref name="receiver"/>, which sets <paramref name="strays"/> aside: a newcomer does, and
    /// whoever was put out. A member that took them in from elsewhere acknowledges them instead.
    /// </summary>
    public bool MustRebase(ReplicaFile sender, ReplicaFile receiver, ChangeSet strays) =>
        IsMember(receiver) && (!IsKnown(receiver, sender.Self) || (rules.OutStaysOut && voidRules.IsOut(sender)) || strays.Items.ToArray().Any(i => universe[i].Feed == sender.Self));

    /// <summary>Whether an acknowledgement by <paramref name="sender"/> makes <paramref name="strays"/> acceptable: all folds waited for what a member acknowledges.</summary>
    public bool MayVouch(ReplicaFile sender, ReplicaFile receiver, ChangeSet strays) =>
        IsKnown(receiver, sender.Self) && !(rules.OutStaysOut && voidRules.IsOut(sender)) && !strays.Items.ToArray().Any(i => universe[i].Feed == sender.Self);

    private bool IsMember(ReplicaFile file) => membership.Members.Contains(file.Self) && !(rules.OutStaysOut && voidRules.IsOut(file));

    private bool IsVoid(ReplicaFile to, Change change, HashSet<int> taken) =>
        rules.TakesVoidIn && voidRules.Of(to with { Held = to.Held.Union(ChangeSet.Of(taken)).With(change.Index) }).Voids.Contains(change.Index);

    private bool IsLegitimate(ReplicaFile to, Change change, ChangeSet acknowledged, ChangeSet outs, HashSet<int> taken)
    {
        if (to.Expired.Contains(change.Feed)) return false;
        if (!rules.TakeInFollowsAcknowledged) return true;
        // A branch of a feed that is folded further.
        foreach (var i in to.Fold.Changes.Items)
            if (universe[i].Feed == change.Feed && universe[i].Counter >= change.Counter) return false;
        if (change.Past.Contains(acknowledged)) return true;
        if (!IsKnown(to, change.Feed) && !taken.Any(i => universe[i].Feed == change.Feed)) return false;
        foreach (var record in outs.Items)
        {
            var r = universe[record];
            if (r.Subject == change.Feed && change.Counter > r.Bound && acknowledged.Contains(record) && (rules.OutStaysOut || !change.Follows(record))) return false;
        }
        // Another branch of a feed: only before this replica has acknowledged the one it holds.
        foreach (var i in to.Held.Items)
            if (universe[i].Feed == change.Feed && universe[i].Counter == change.Counter && acknowledged.Contains(i)) return false;
        return true;
    }

    private bool IsKnown(ReplicaFile to, int feed)
    {
        if (membership.Members.Contains(feed)) return true;
        foreach (var i in to.Held.Items)
            if (universe[i].Feed == feed) return true;
        return false;
    }
}
