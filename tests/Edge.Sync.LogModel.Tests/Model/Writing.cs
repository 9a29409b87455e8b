namespace Edge.Sync.LogModel.Model;

/// <summary>A replica's own changes: commits, fresh feeds, re-issues.</summary>
internal sealed class Writing(Universe universe, Rules rules, VoidRules voidRules)
{
    public ReplicaFile Append(ReplicaFile file, int wall, ChangeKind kind, Operation operation, int edit = -1, int origin = -1, int subject = -1, int bound = 0) =>
        Append(file, wall, kind, operation, out _, edit, origin, subject, bound);

    private ReplicaFile Append(ReplicaFile file, int wall, ChangeKind kind, Operation operation, out Change change, int edit, int origin, int subject = -1, int bound = 0)
    {
        change = universe.Commit(file.Self, file.Held, kind, operation, edit, Clock.Next(universe, file.Held, file.Self, wall), origin, subject, bound);
        return file with { Held = file.Held.With(change.Index), Unsynced = file.Unsynced.With(change.Index) };
    }

    /// <summary>Whether some issue of the act that <paramref name="change"/> is an issue of has effect, or was refused for good.</summary>
    public bool IsSettled(ReplicaFile file, int change)
    {
        var verdict = voidRules.Of(file);
        var origin = OriginOf(change);
        if (file.Fold.Replaced.Contains(origin)) return true;
        foreach (var i in file.Held.Items)
        {
            if (OriginOf(i) != origin && i != origin) continue;
            if (!verdict.Voids.Contains(i) || verdict.Rejected.Contains(i)) return true;
        }
        return false;
    }

    /// <summary>Commits again, under the file's own feed, whichever of <paramref name="changes"/> has no effect by now.</summary>
    public ReplicaFile Reissue(ReplicaFile file, int wall, ChangeSet changes)
    {
        var moved = new Dictionary<int, int>();
        foreach (var old in universe.InOrder(changes))
        {
            file = file with { Aside = file.Aside.Where(i => i != old.Index) };
            if (old.Kind != ChangeKind.Edit || (rules.ReissueNamesReplaced && IsSettled(file, old.Index))) continue;
            var origin = !rules.ReissueNamesReplaced ? -1 : rules.ReissueNamesOrigin ? OriginOf(old.Index) : old.Index;
            file = Append(file, wall, ChangeKind.Edit, Refer(file, old, moved), out var made, old.Edit, origin);
            moved[old.Index] = made.Index;
        }
        return file;
    }

    public int OriginOf(int change) => universe[change].Origin >= 0 ? universe[change].Origin : change;

    // An act is done again on what is visible now: next to the new issue of what it stood beside, else at the nearest place that is left.
    private Operation Refer(ReplicaFile file, Change old, Dictionary<int, int> moved)
    {
        var operation = old.Operation;
        if (operation.Kind is not (OperationKind.Insert or OperationKind.Delete or OperationKind.Write or OperationKind.Remove)) return operation;
        var verdict = voidRules.Of(file);
        var document = file.Fold.Document.Apply(universe.InOrder(file.AboveFold), verdict.Voids, new(universe, rules, 0));
        int Current(int target)
        {
            if (target < 0) return target;
            if (moved.TryGetValue(target, out var now)) return now;
            if (document.VisibleChanges.Contains(target)) return target;
            foreach (var i in document.VisibleChanges)
                if (OriginOf(i) == OriginOf(target)) return i;
            return -1;
        }
        return operation.Kind switch
        {
            OperationKind.Write => operation with { Removes = ChangeSet.Of(document.VisibleChanges) },
            OperationKind.Remove => operation with { Removes = ChangeSet.Of(operation.Removes.Items.ToArray().Select(Current).Where(static i => i >= 0)) },
            _ => operation with { Target = Current(operation.Target) },
        };
    }
}
