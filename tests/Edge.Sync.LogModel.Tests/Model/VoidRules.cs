namespace Edge.Sync.LogModel.Model;

/// <summary>
/// Which changes are without effect: a function of the log (and of what a fold kept of it), of nothing else.
/// </summary>
internal sealed class VoidRules(Universe universe, Rules rules, Membership membership)
{
    private readonly Memo<(UInt128, UInt128, UInt128), Verdict> _cache = new();

    /// <param name="Voids">All changes without effect, those below the fold included.</param>
    /// <param name="Refused">Those of them that a record made so: somebody with the authority meant it.</param>
    /// <param name="Out">The records that put a feed out and stand.</param>
    /// <param name="Purged">Documents that are erased.</param>
    /// <param name="Times">What stamps are compared as that a record caps.</param>
    internal sealed record Verdict(ChangeSet Voids, ChangeSet Refused, ChangeSet Out, ChangeSet Purged, IReadOnlyDictionary<int, int> Times);

    public Verdict Of(ReplicaFile file)
    {
        var key = (file.Held.Hash, file.Fold.Changes.Hash, file.Fold.Voids.Hash);
        if (!_cache.TryGetValue(key, out var verdict)) verdict = _cache.Add(key, Compute(file.Held, file.Fold));
        return verdict;
    }

    /// <summary>Whether a record that stands puts out the line that <paramref name="file"/> writes.</summary>
    public bool IsOut(ReplicaFile file)
    {
        var root = universe.RootOf(file);
        foreach (var record in Of(file).Out.Items)
            if (universe[record].Subject == root) return true;
        return false;
    }

    /// <summary>Whether <paramref name="record"/>, which stands, puts <paramref name="change"/> out.</summary>
    public bool IsPutOut(Change change, Change record) =>
        change.Root == record.Subject && !(rules.OutByPast ? record.Follows(change.Index) : change.Counter <= record.Bound) && (rules.OutStaysOut || !change.Follows(record.Index));

    /// <summary>Whether <paramref name="record"/> is one that speaks of <paramref name="change"/>, with effect unless it is void itself.</summary>
    public bool Disputes(Change record, Change change) => record.Kind switch
    {
        ChangeKind.Reject => record.Subject == change.Index && membership.SeniorityOf(record.Root) != int.MaxValue && !IsAccepted(record, change.Index),
        ChangeKind.Expel => membership.SeniorityOf(record.Root) < membership.SeniorityOf(record.Subject) && IsPutOut(change, record) && !IsAccepted(record, change.Index),
        ChangeKind.CapClock => record.Subject == change.Feed && change.Time > record.Bound && membership.Members.Contains(record.Root) && !(rules.AcceptanceBindsCaps && IsAccepted(record, change.Index)),
        _ => false,
    };

    /// <summary>What is void already for whoever holds no more than <paramref name="held"/>.</summary>
    public ChangeSet VoidsWithin(ChangeSet held, Fold fold) => Compute(held, fold with { Changes = fold.Changes.Intersect(held), Voids = fold.Voids.Intersect(held) }).Voids;

    private Verdict Compute(ChangeSet held, Fold fold)
    {
        if (rules.EveryBranchCounts && !HasRecord(held)) return new(fold.Voids, ChangeSet.Empty, ChangeSet.Empty, ChangeSet.Empty, s_noTimes);
        var changes = universe.InOrder(held);
        var voids = rules.EveryBranchCounts ? [] : BranchesThatLost(changes);
        var refused = new HashSet<int>();
        var outs = new HashSet<int>();

        // A senior's records are judged first: what they make void includes the records of juniors.
        foreach (var record in changes.Where(static c => c.Kind == ChangeKind.Expel).OrderBy(c => membership.SeniorityOf(c.Root)).ThenBy(static c => c.Depth).ThenBy(static c => c.Id))
        {
            if (voids.Contains(record.Index) || membership.SeniorityOf(record.Root) == int.MaxValue) continue;
            if (rules.SeniorsExpelJuniors && membership.SeniorityOf(record.Subject) < membership.SeniorityOf(record.Root)) continue;
            outs.Add(record.Index);
            foreach (var c in changes)
                if (IsPutOut(c, record) && !IsAccepted(record, c.Index)) refused.Add(c.Index);
            voids.UnionWith(refused);
        }

        // A rejection names what it rejects by id, so the last ones are judged first: one that is rejected itself is without effect.
        for (var i = changes.Length - 1; i >= 0; i--)
        {
            var record = changes[i];
            if (record.Kind != ChangeKind.Reject || voids.Contains(record.Index) || membership.SeniorityOf(record.Root) == int.MaxValue || IsAccepted(record, record.Subject)) continue;
            voids.Add(record.Subject);
            refused.Add(record.Subject);
        }

        var purged = new HashSet<int>();
        foreach (var c in changes)
        {
            if (c.Kind != ChangeKind.Purge || (voids.Contains(c.Index) && !rules.ErasuresStand)) continue;
            if (rules.PurgeNamesDocument) purged.Add(c.Subject);
            else if (c.Subject >= 0 && refused.Add(c.Subject)) voids.Add(c.Subject);
        }

        var times = new Dictionary<int, int>();
        foreach (var record in changes)
        {
            if (record.Kind != ChangeKind.CapClock || voids.Contains(record.Index) || !membership.Members.Contains(record.Root)) continue;
            foreach (var c in changes)
                if (c.Feed == record.Subject && c.Time > record.Bound && !(rules.AcceptanceBindsCaps && IsAccepted(record, c.Index)))
                    times[c.Index] = Math.Min(record.Bound, times.GetValueOrDefault(c.Index, c.Time));
        }

        // What a fold holds was settled when it was folded; new records do not reach below it.
        voids.RemoveWhere(fold.Changes.Contains);
        voids.UnionWith(fold.Voids.Items.ToArray());
        return new(ChangeSet.Of(voids), ChangeSet.Of(refused), ChangeSet.Of(outs), ChangeSet.Of(purged), times);
    }

    private static readonly Dictionary<int, int> s_noTimes = [];

    private bool HasRecord(ChangeSet held)
    {
        foreach (var i in held.Items)
            if (universe[i].Kind is not (ChangeKind.Edit or ChangeKind.Acknowledge)) return true;
        return false;
    }

    private HashSet<int> BranchesThatLost(Change[] changes)
    {
        var lost = new HashSet<int>();
        foreach (var siblings in changes.GroupBy(static c => (c.Previous, c.Previous < 0 ? c.Feed : -1)))
        {
            var winner = siblings.MinBy(static c => c.Id);
            foreach (var loser in siblings)
                if (loser != winner) lost.UnionWith(changes.Where(c => universe.IsOnLine(loser.Index, c.Index)).Select(static c => c.Index));
        }
        return lost;
    }

    // Acknowledging is accepting, for whoever could have refused: its own record against it is without effect.
    private bool IsAccepted(Change record, int subject)
    {
        if (!rules.AcceptanceBinds) return false;
        foreach (var i in record.Past.Items)
            if (universe[i] is { Kind: ChangeKind.Acknowledge } a && a.Root == record.Root && a.Follows(subject)) return true;
        return false;
    }
}
