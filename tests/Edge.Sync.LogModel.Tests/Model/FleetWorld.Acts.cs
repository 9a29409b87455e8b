namespace Edge.Sync.LogModel.Model;

internal sealed partial class FleetWorld
{
    /// <summary>What a reader of a file sees, folded or not.</summary>
    public Document DocumentOf(ReplicaFile file, int slot)
    {
        var key = (file.Held.Hash, file.Erased.Hash, file.Fold, _rules.StampsAsWritten ? 0 : slot);
        if (_documents.TryGetValue(key, out var document)) return document;
        var verdict = _voidRules.Of(file);
        document = file.Fold.Document.Apply(Universe.InOrder(file.AboveFold), verdict.Voids, new(Universe, _rules, _scenario.WallClocks[slot], verdict.Times));
        foreach (var erased in ErasedIn(file).Items) document = document.Erase(erased);
        return _documents.Add(key, document);
    }

    public bool IsVoid(ReplicaFile file, int change) => _voidRules.Of(file).Voids.Contains(change);

    private readonly Memo<(UInt128, UInt128, Fold, int), Document> _documents = new();

    private Fleet Begin()
    {
        var budgets = new byte[Enum.GetValues<Act>().Length * Fleet.SlotCount];
        foreach (var (act, counts) in _scenario.Budgets)
            for (var slot = 0; slot < counts.Length; slot++) budgets[((int)act * Fleet.SlotCount) + slot] = counts[slot];
        var empty = Model.Fold.Of(_scenario.Empty);
        var fleet = new Fleet
        {
            Files = [.. Enumerable.Range(0, Fleet.SlotCount).Select(slot => slot < 3 || _scenario.HasNewcomer ? new ReplicaFile { Self = slot, Held = ChangeSet.Empty, Fold = empty } : null)],
            Backups = new ReplicaFile?[Fleet.SlotCount],
            FreshCounts = new int[Fleet.SlotCount],
            EditCounts = new int[Fleet.SlotCount],
            Budgets = budgets,
        };
        foreach (var step in _scenario.Before) fleet = Do(fleet, step);
        return fleet;
    }

    private Session.Machine MachineOf(Fleet fleet, int slot) => new(slot, fleet.FreshCounts[slot], _scenario.WallClocks[slot]);

    private Fleet Do(Fleet fleet, Step action)
    {
        var slot = action.Actor;
        if (_rules.OutStaysOut && (Act)action.Kind is Act.Commit or Act.Acknowledge or Act.Expel or Act.Reject or Act.CapClock or Act.TakeBack or Act.Purge && _voidRules.IsOut(fleet.Files[slot]!))
        {
            var (renewed, machine) = _session.TakeFreshFeed(fleet.Files[slot]!, MachineOf(fleet, slot), goesOn: false);
            fleet = fleet.With(slot, renewed).With(machine);
        }
        var file = fleet.Files[slot]!;
        switch ((Act)action.Kind)
        {
            case Act.Commit:
                var operation = OperationsOf(fleet, slot)[action.Choice];
                var edit = (slot * 8) + fleet.EditCounts[slot];
                return fleet.With(slot, Write(file, slot, ChangeKind.Edit, operation, edit)) with { EditCounts = Fleet.Replace(fleet.EditCounts, slot, fleet.EditCounts[slot] + 1) };
            case Act.Acknowledge: return fleet.With(slot, Write(file, slot, ChangeKind.Acknowledge, Operation.None));
            case Act.Send: return Send(fleet, slot, action.Other);
            case Act.Say: return Say(fleet, slot, action.Other);
            case Act.Sync: return fleet.With(slot, Erased(file with { Unsynced = ChangeSet.Empty }));
            case Act.Crash: return fleet.With(slot, Crash(file));
            case Act.Fold: return fleet.With(slot, Fold(file, slot));
            case Act.Expire: return fleet.With(slot, file with { Expired = file.Expired.With(action.Other) });
            case Act.Expel:
                var last = file.Held.Items.ToArray().Select(i => Universe[i]).Where(c => c.Root == action.Other).Select(static c => c.Counter).DefaultIfEmpty(0).Max();
                return fleet.With(slot, Write(file, slot, ChangeKind.Expel, Operation.None, subject: action.Other, bound: last));
            case Act.Reject: return fleet.With(slot, Write(file, slot, ChangeKind.Reject, Operation.None, subject: NewestEdit(file, action.Other)!.Index));
            case Act.CapClock: return fleet.With(slot, Write(file, slot, ChangeKind.CapClock, Operation.None, subject: action.Other, bound: _scenario.WallClocks[slot]));
            case Act.Copy: return fleet.With(3, file) with { Branched = fleet.Branched.With(Universe.RootOf(file)) };
            case Act.Backup: return fleet with { Backups = Fleet.Replace(fleet.Backups, slot, file with { Unsynced = ChangeSet.Empty }) };
            case Act.Restore: return fleet.With(slot, fleet.Backups[slot]!) with { Branched = fleet.Branched.With(Universe.RootOf(file)) };
            case Act.TakeBack: return fleet.With(slot, Write(file, slot, ChangeKind.Reject, Operation.None, subject: NewestRejection(file)!.Index));
            case Act.Purge:
                // Without the rule that a purge names a document, it names the change that stands there.
                var subject = _rules.PurgeNamesDocument ? 1 : file.Held.Items.ToArray().Select(i => Universe[i]).Where(static c => c is { Kind: ChangeKind.Edit, Operation.Document: 1 }).MaxBy(static c => (c.Depth, c.Id))?.Index ?? -1;
                return fleet.With(slot, Erased(Write(file, slot, ChangeKind.Purge, Operation.None, subject: subject)));
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    private ReplicaFile Write(ReplicaFile file, int slot, ChangeKind kind, Operation operation, int edit = -1, int subject = -1, int bound = 0) =>
        _writing.Append(file, _scenario.WallClocks[slot], kind, operation, edit, subject: subject, bound: bound);

    private Fleet Send(Fleet fleet, int from, int to)
    {
        var sent = _session.Send(fleet.Files[from]!, MachineOf(fleet, from), fleet.Files[to]!, MachineOf(fleet, to));
        return fleet.With(from, Erased(sent.From)).With(to, Erased(sent.To)).With(sent.FromMachine).With(sent.ToMachine);
    }

    // An acknowledgement that is a message, with all that its giver has heard from others.
    private Fleet Say(Fleet fleet, int from, int to)
    {
        var giver = fleet.Files[from]!;
        if (_rules.NothingLeavesUnsynced) giver = giver with { Unsynced = ChangeSet.Empty };
        var ownLast = giver.Held.Items.ToArray().Select(i => Universe[i]).Where(c => c.Feed == giver.Self).MaxBy(static c => c.Counter)?.Index ?? -1;
        var peer = fleet.Files[to]!;
        var heard = peer.Sayings.ToDictionary(static s => s.Giver);
        foreach (var saying in giver.Sayings.Append(new(giver.Self, ownLast, giver.Held)))
            if (!heard.TryGetValue(saying.Giver, out var old) || saying.Held.Contains(old.Held)) heard[saying.Giver] = saying;
        return fleet.With(from, giver).With(to, peer with { Sayings = [.. heard.Values.OrderBy(static s => s.Giver)] });
    }

    private ReplicaFile Fold(ReplicaFile file, int slot)
    {
        FoldCount++;
        var (stable, settled) = _stability.Find(file);
        var verdict = _voidRules.Of(file);
        var added = stable.Except(file.Fold.Changes);
        var context = new FoldContext(Universe, _rules, _scenario.WallClocks[slot], verdict.Times);
        var document = file.Fold.Document.Apply(Universe.InOrder(added), verdict.Voids, context).Compact(settled, _voidRules.VoidsWithin(settled, file.Fold).Intersect(verdict.Voids), context);
        var effective = added.Where(i => Universe[i].Kind == ChangeKind.Edit && !verdict.Voids.Contains(i));
        var fold = new Fold(stable, document, file.Fold.Edits.Union(effective), verdict.Voids.Intersect(stable));
        // A fold is committed after all that it was computed from, records above it included: a power cut takes both or neither.
        return file with { Fold = fold, Unsynced = _rules.FoldSyncsFirst ? ChangeSet.Empty : file.Unsynced.Except(stable) };
    }

    private ReplicaFile Crash(ReplicaFile file)
    {
        var held = file.Held.Except(file.Unsynced);
        var head = file.Head;
        while (head >= 0 && !held.Contains(head)) head = Universe[head].Previous;
        return file with { Held = held, Head = head, Unsynced = ChangeSet.Empty };
    }

    // What a purge names is taken off the medium where the purge has effect, and is nowhere to be had again.
    private ReplicaFile Erased(ReplicaFile file) => !_mayPurge ? file :
        file with { Erased = file.Erased.Union(_voidRules.Of(_rules.ErasesSyncedOnly ? file with { Held = file.Held.Except(file.Unsynced) } : file).Purged) };

    private ChangeSet ErasedIn(ReplicaFile file) => file.Erased.Union(_voidRules.Of(file).Purged);
}
