namespace Edge.Sync.LogModel.Model;

/// <summary>Which of a peer's changes a replica appends to its log, and which it leaves out: those that somebody may have folded without.</summary>
internal sealed class TakeIn(Universe universe, Rules rules, Membership membership, VoidRules voidRules, Stability stability)
{
    /// <param name="to">The receiver.</param>
    /// <param name="offered">Changes that it lacks, with all before them that it lacks.</param>
    /// <returns>Those to append, and those that its own acceptances forbid.</returns>
    public (ChangeSet Taken, ChangeSet Strays) Sort(ReplicaFile to, ChangeSet offered)
    {
        if (!rules.TakeInFollowsAcknowledged && rules.ExpelByRecord) return (offered, ChangeSet.Empty);
        var acknowledged = stability.AcknowledgedBy(to);
        if (acknowledged.IsEmpty && to.Expired.IsEmpty && rules.TakeInFollowsAcknowledged) return (offered, ChangeSet.Empty);
        var outs = voidRules.Of(to).Out;
        if (AllAreLegitimate(to, offered, acknowledged, outs)) return (offered, ChangeSet.Empty);
        var taken = new HashSet<int>();
        var strays = new HashSet<int>();
        foreach (var change in universe.InOrder(offered))
        {
            var behindStray = strays.Where(change.Follows).ToList();
            var isLegitimate = IsLegitimate(to, change, acknowledged, outs, taken);
            if (!isLegitimate || (behindStray.Count > 0 && (behindStray.Exists(s => universe.IsOnLine(s, change.Index)) || !IsKnown(to, change.Root))))
            {
                strays.Add(change.Index);
                continue;
            }
            // A known participant took them in before it accepted what forbids them here: its acceptance has been waited for.
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
    /// Whether <paramref name="sender"/> takes over the log of <paramref name="receiver"/>, which leaves <paramref name="strays"/> out: a newcomer does, whoever was put
    /// out, and who wrote them. A participant that took them in from elsewhere accepts them instead.
    /// </summary>
    public bool MustRebase(ReplicaFile sender, ReplicaFile receiver, ChangeSet strays) => IsMember(receiver) && !Speaks(sender, receiver, strays);

    /// <summary>Whether an acceptance by <paramref name="sender"/> makes <paramref name="strays"/> acceptable: all folds waited for what a participant accepts.</summary>
    public bool MayVouch(ReplicaFile sender, ReplicaFile receiver, ChangeSet strays) => Speaks(sender, receiver, strays);

    private bool Speaks(ReplicaFile sender, ReplicaFile receiver, ChangeSet strays) =>
        IsKnown(receiver, universe.RootOf(sender)) && !(rules.OutStaysOut && voidRules.IsOut(sender)) && !strays.Items.ToArray().Any(i => universe.IsOnLine(i, sender.Head));

    private bool IsMember(ReplicaFile file) => membership.Members.Contains(universe.RootOf(file)) && !(rules.OutStaysOut && voidRules.IsOut(file));

    private bool AllAreLegitimate(ReplicaFile to, ChangeSet offered, ChangeSet acknowledged, ChangeSet outs)
    {
        foreach (var i in offered.Items)
            if (!IsLegitimate(to, universe[i], acknowledged, outs, s_none)) return false;
        return true;
    }

    private static readonly HashSet<int> s_none = [];

    private bool IsLegitimate(ReplicaFile to, Change change, ChangeSet acknowledged, ChangeSet outs, HashSet<int> taken)
    {
        if (to.Expired.Contains(change.Root)) return false;
        if (!rules.TakeInFollowsAcknowledged || change.Past.Contains(acknowledged)) return true;
        if (!IsKnown(to, change.Root) && !taken.Any(i => universe[i].Root == change.Root)) return false;
        foreach (var record in outs.Items)
            if (acknowledged.Contains(record) && voidRules.IsPutOut(change, universe[record])) return false;
        // Another branch: only before this replica has accepted the one it holds.
        return !universe.HasSibling(change, acknowledged);
    }

    private bool IsKnown(ReplicaFile to, int root)
    {
        if (membership.Members.Contains(root)) return true;
        foreach (var i in to.Held.Items)
            if (universe[i].Root == root) return true;
        return false;
    }
}
