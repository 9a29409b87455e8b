namespace Edge.Sync.LogModel.Model;

/// <summary>
/// Which changes are without effect: a function of the log (and of what a fold kept of it), of nothing else.
/// </summary>
internal sealed class VoidRules(Universe universe, Rules rules, Membership membership)
{
    private readonly Dictionary<(UInt128, UInt128, UInt128), Verdict> _cache = [];

    /// <param name="Voids">All changes without effect, those below the fold included.</param>
    /// <param name="Rejected">Those of them that somebody with the authority refused: nobody re-issues them.</param>
    /// <param name="Out">The records that put a feed out and stand.</param>
    internal sealed record Verdict(ChangeSet Voids, ChangeSet Rejected, ChangeSet Out);

    public Verdict Of(ReplicaFile file)
    {
        var key = (file.Held.Hash, file.Fold.Changes.Hash, file.Fold.Voids.Hash);
        if (!_cache.TryGetValue(key, out var verdict)) _cache[key] = verdict = Compute(file.Held, file.Fold);
        return verdict;
    }

    /// <summary>Whether a record that stands puts out the feed that <paramref name="file"/> writes.</summary>
    public bool IsOut(ReplicaFile file)
    {
        foreach (var record in Of(file).Out.Items)
            if (universe[record].Subject == file.Self) return true;
        return false;
    }

    /// <summary>What is void already for whoever holds no more than <paramref name="held"/>.</summary>
    public ChangeSet VoidsWithin(ChangeSet held, Fold fold) => Compute(held, fold with { Changes = fold.Changes.Intersect(held), Voids = fold.Voids.Intersect(held) }).Voids;

    /// <summary>The branches of a feed that lost it to another: every change of theirs.</summary>
    public HashSet<int> LostBranches(ChangeSet held, Fold fold)
    {
        var lost = new HashSet<int>();
        if (!rules.ForksContained) return lost;
        var changes = universe.InOrder(held);
        var rivals = changes.GroupBy(static c => (c.Feed, c.Counter)).Where(static g => g.Count() > 1).OrderBy(static g => g.Key.Counter);
        foreach (var group in rivals)
        {
            var alive = group.Where(c => !lost.Contains(c.Index)).ToList();
            if (alive.Count < 2) continue;
            var winner = Choose(alive, held, fold);
            foreach (var loser in alive)
            {
                if (loser == winner) continue;
                foreach (var c in changes)
                    if (c == loser || (c.Feed == loser.Feed && c.Follows(loser.Index))) lost.Add(c.Index);
            }
        }
        return lost;
    }

    private Change Choose(List<Change> branches, ChangeSet held, Fold fold)
    {
        // What is folded was acknowledged by all, so there is one at most; it stands.
        if (branches.Find(c => fold.Changes.Contains(c.Index) && !fold.Voids.Contains(c.Index)) is { } folded) return folded;
        var candidates = branches;
        if (rules.AcknowledgedBranchWins)
        {
            var acknowledged = branches.FindAll(c => IsChosen(c, branches, held));
            if (acknowledged.Count > 0) candidates = acknowledged;
        }
        return candidates.MinBy(static c => c.Id)!;
    }

    // A member's first change that follows any of the branches says which one it acknowledged; later ones may have come to know the others as void.
    private bool IsChosen(Change branch, List<Change> branches, ChangeSet held)
    {
        foreach (var feed in membership.Members.Items)
        {
            Change? first = null;
            foreach (var i in held.Items)
            {
                var c = universe[i];
                if (c.Feed == feed && feed != branch.Feed && (first is null || c.Counter < first.Counter) && branches.Exists(b => c.Follows(b.Index))) first = c;
            }
            if (first is not null && first.Follows(branch.Index) && (!rules.FirstAcknowledgementCounts || branches.TrueForAll(b => b == branch || !first.Follows(b.Index)))) return true;
            if (first is not null && !rules.FirstAcknowledgementCounts && held.Items.ToArray().Any(i => universe[i].Feed == feed && universe[i].Follows(branch.Index))) return true;
        }
        return false;
    }

    private Verdict Compute(ChangeSet held, Fold fold)
    {
        var changes = universe.InOrder(held);
        var lost = LostBranches(held, fold);
        var voids = new HashSet<int>(lost);
        var rejected = new HashSet<int>();
        var outs = new HashSet<int>();

        // A senior's records are judged first: what they make void includes the records of juniors.
        foreach (var record in changes.Where(static c => c.Kind is ChangeKind.Expel or ChangeKind.Reject).OrderBy(c => membership.SeniorityOf(c.Feed)).ThenBy(static c => c.Depth).ThenBy(static c => c.Id))
        {
            if (voids.Contains(record.Index) || membership.SeniorityOf(record.Feed) == int.MaxValue) continue;
            if (record.Kind == ChangeKind.Reject)
            {
                if (IsAccepted(record, record.Subject)) continue;
                voids.Add(record.Subject);
                rejected.Add(record.Subject);
                continue;
            }
            if (rules.SeniorsExpelJuniors && membership.SeniorityOf(record.Subject) < membership.SeniorityOf(record.Feed)) continue;
            outs.Add(record.Index);
            foreach (var c in changes)
                if (c.Feed == record.Subject && c.Counter > record.Bound && (rules.OutStaysOut || !c.Follows(record.Index)) && !IsAccepted(record, c.Index)) voids.Add(c.Index);
        }
        AddReplaced(changes, fold, voids);

        // What a fold holds was settled when it was folded; new records do not reach below it.
        voids.RemoveWhere(fold.Changes.Contains);
        voids.UnionWith(fold.Voids.Items.ToArray());
        return new(ChangeSet.Of(voids), ChangeSet.Of(rejected), ChangeSet.Of(outs));
    }

    // Of all issues of one act one counts: the first where it is not void for a reason of its own, else of the others the one with the lowest id.
    private void AddReplaced(Change[] changes, Fold fold, HashSet<int> voids)
    {
        foreach (var group in changes.Where(c => !voids.Contains(c.Index) && !fold.Changes.Contains(c.Index)).GroupBy(static c => c.Origin >= 0 ? c.Origin : c.Index).ToList())
        {
            var issues = group.ToList();
            Change? winner = null;
            if (!fold.Replaced.Contains(group.Key) && (!fold.Changes.Contains(group.Key) || fold.Voids.Contains(group.Key)))
            {
                var first = issues.Find(static c => c.Origin < 0);
                var lowest = issues.FindAll(static c => c.Origin >= 0).MinBy(static c => c.Id);
                winner = rules.OriginalFirst ? first ?? lowest : lowest ?? first;
            }
            foreach (var issue in issues)
                if (issue != winner) voids.Add(issue.Index);
        }
        if (rules.ReissueNamesOrigin) return;
        // Where a re-issue of a re-issue names only what it replaces itself, that is void, and what came before it is nobody's rival.
        foreach (var c in changes)
            if (c.Origin >= 0 && universe[c.Origin].Origin >= 0 && !voids.Contains(c.Index)) voids.Add(c.Origin);
    }

    // Acknowledging is accepting, for whoever could have refused: its own record against it is without effect.
    private bool IsAccepted(Change record, int subject)
    {
        if (!rules.AcceptanceBinds) return false;
        foreach (var i in record.Past.Items)
            if (universe[i] is { Kind: ChangeKind.Acknowledge } a && a.Feed == record.Feed && a.Follows(subject)) return true;
        return false;
    }
}
