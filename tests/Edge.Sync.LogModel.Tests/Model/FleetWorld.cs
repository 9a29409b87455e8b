namespace Edge.Sync.LogModel.Model;

/// <summary>The log's rules in motion: every interleaving of a scenario's acts. Its invariants are in the other half.</summary>
internal sealed partial class FleetWorld : IWorld<Fleet>
{
    private readonly Scenario _scenario;
    private readonly Rules _rules;
    private readonly VoidRules _voidRules;
    private readonly Stability _stability;
    private readonly Session _session;
    private readonly Writing _writing;
    private readonly bool _mayPurge;

    public FleetWorld(Scenario scenario)
    {
        (_scenario, _rules) = (scenario, scenario.Rules);
        Universe = new(scenario.Database);
        Membership = new(ChangeSet.Of(scenario.Members), scenario.Authorities);
        _voidRules = new(Universe, _rules, Membership);
        _stability = new(Universe, _rules, Membership, _voidRules);
        _writing = new(Universe);
        _session = new(Universe, _rules, new(Universe, _rules, Membership, _voidRules, _stability), _writing);
        _mayPurge = scenario.Budgets.ContainsKey(Act.Purge) || Array.Exists(scenario.Before, static s => (Act)s.Kind == Act.Purge);
        Initial = Begin();
    }

    public Universe Universe { get; }

    public Membership Membership { get; }

    public Fleet Initial { get; }

    /// <summary>Folds that were made in any state: an exploration in which none was proves nothing about folding.</summary>
    public int FoldCount { get; private set; }

    public UInt128 Hash(Fleet fleet) => fleet.Hash();

    public void AddActions(Fleet fleet, List<Step> actions)
    {
        for (byte slot = 0; slot < Fleet.SlotCount; slot++)
        {
            if (fleet.Files[slot] is null || IsMirrored(fleet, slot)) continue;
            AddActionsOf(fleet, slot, actions);
        }
    }

    // What one machine can do, alone and towards others.
    private void AddActionsOf(Fleet fleet, byte slot, List<Step> actions)
    {
        var file = fleet.Files[slot]!;
        if (Can(Act.Commit, slot))
            for (byte choice = 0; choice < OperationsOf(fleet, slot).Count; choice++) actions.Add(new((byte)Act.Commit, slot, 0, choice));
        if (Can(Act.Acknowledge, slot) && HasNews(file)) actions.Add(new((byte)Act.Acknowledge, slot));
        if (Can(Act.Crash, slot) && !file.Unsynced.IsEmpty) actions.Add(new((byte)Act.Crash, slot));
        if (CrashIsPossible(fleet, slot) && !file.Unsynced.IsEmpty) actions.Add(new((byte)Act.Sync, slot));
        if (Can(Act.Fold, slot) && _stability.Of(file).Count > file.Fold.Changes.Count) actions.Add(new((byte)Act.Fold, slot));
        if (Can(Act.Copy, slot) && fleet.Files[3] is null) actions.Add(new((byte)Act.Copy, slot, 3));
        if (Can(Act.Backup, slot)) actions.Add(new((byte)Act.Backup, slot));
        if (Can(Act.Restore, slot) && fleet.Backups[slot] is not null) actions.Add(new((byte)Act.Restore, slot));
        if (Can(Act.TakeBack, slot) && NewestRejection(file) is not null) actions.Add(new((byte)Act.TakeBack, slot));
        if (Can(Act.Purge, slot)) actions.Add(new((byte)Act.Purge, slot));
        for (byte other = 0; other < Fleet.SlotCount; other++)
        {
            if (other == slot) continue;
            AddTowards(fleet, slot, other, file, actions);
        }

        bool Can(Act act, int slot) => fleet.BudgetOf(act, slot) > 0;
    }

    public Fleet Apply(Fleet fleet, Step action)
    {
        var act = (Act)action.Kind;
        if (act is not (Act.Send or Act.Sync)) fleet = fleet.Spend(act, action.Actor);
        return Do(fleet, action);
    }

    public bool AreIndependent(Fleet state, Step a, Step b) =>
        a.Actor != b.Actor && !Touches(a, b.Actor) && !Touches(b, a.Actor) && !(Touches(a, b.Other) && Touches(b, b.Other));

    public string Describe(Step action)
    {
        var actor = (char)('A' + action.Actor);
        var other = (char)('A' + action.Other);
        return (Act)action.Kind switch
        {
            Act.Commit => $"{actor} commits edit {action.Choice}",
            Act.Send or Act.Say or Act.Copy or Act.Expel or Act.Expire or Act.Reject or Act.CapClock => $"{actor} {((Act)action.Kind).ToString().ToLowerInvariant()} {other}",
            _ => $"{actor} {((Act)action.Kind).ToString().ToLowerInvariant()}",
        };
    }

    private static bool Touches(Step action, int slot) =>
        action.Actor == slot || ((Act)action.Kind is Act.Send or Act.Say or Act.Copy && action.Other == slot);

    private void AddTowards(Fleet fleet, byte slot, byte other, ReplicaFile file, List<Step> actions)
    {
        if (fleet.Files[other] is { } peer && IsLinked(slot, other))
        {
            if (!_session.Missing(file, peer).IsEmpty) actions.Add(new((byte)Act.Send, slot, other));
            if (fleet.BudgetOf(Act.Say, slot) > 0) actions.Add(new((byte)Act.Say, slot, other));
        }
        if (other >= 3) return;
        if (fleet.BudgetOf(Act.Expel, slot) > 0 && !_voidRules.Of(file).Out.Items.ToArray().Any(i => Universe[i].Subject == other)) actions.Add(new((byte)Act.Expel, slot, other));
        if (fleet.BudgetOf(Act.Expire, slot) > 0 && !file.Expired.Contains(other)) actions.Add(new((byte)Act.Expire, slot, other));
        if (fleet.BudgetOf(Act.Reject, slot) > 0 && NewestEdit(file, other) is not null) actions.Add(new((byte)Act.Reject, slot, other));
        if (fleet.BudgetOf(Act.CapClock, slot) > 0) actions.Add(new((byte)Act.CapClock, slot, other));
    }

    private Change? NewestEdit(ReplicaFile file, int feed)
    {
        var voids = _voidRules.Of(file).Voids;
        return file.Held.Items.ToArray().Select(i => Universe[i]).Where(c => c.Root == feed && c.Kind == ChangeKind.Edit && !voids.Contains(c.Index)).MaxBy(static c => (c.Depth, c.Id));
    }

    private Change? NewestRejection(ReplicaFile file)
    {
        var voids = _voidRules.Of(file).Voids;
        return file.Held.Items.ToArray().Select(i => Universe[i]).Where(c => c.Kind == ChangeKind.Reject && Universe[c.Subject].Kind == ChangeKind.Edit && !voids.Contains(c.Index)).MaxBy(static c => (c.Depth, c.Id));
    }

    // Something that its last change does not follow, or an edit of its own: an acknowledgement of acknowledgements alone is news too.
    private bool HasNews(ReplicaFile file) =>
        file.Head < 0 ? !file.Held.IsEmpty : Universe[file.Head].Kind != ChangeKind.Acknowledge || file.Held.Count > Universe[file.Head].Past.Count + 1;

    private bool IsLinked(int from, int to) => _scenario.Links is null || Array.IndexOf(_scenario.Links, (from, to)) >= 0;

    private static bool CrashIsPossible(Fleet fleet, int slot) => fleet.BudgetOf(Act.Crash, slot) > 0;

    private List<Operation> OperationsOf(Fleet fleet, int slot) =>
        [.. _scenario.Edits(new(slot, (slot * 8) + fleet.EditCounts[slot], this, fleet.Files[slot]!))];

    // Symmetry: of members that nothing tells apart and to whom nothing has happened yet, only the first acts.
    private bool IsMirrored(Fleet fleet, int slot)
    {
        if (slot == 3 || !IsUntouched(fleet, slot) || Array.IndexOf(_scenario.Authorities, slot) >= 0) return false;
        for (var other = 0; other < slot; other++)
            if (IsUntouched(fleet, other) && Array.IndexOf(_scenario.Authorities, other) < 0 && IsTwin(fleet, slot, other)) return true;
        return false;
    }

    private bool IsTwin(Fleet fleet, int a, int b)
    {
        if (_scenario.WallClocks[a] != _scenario.WallClocks[b] || _scenario.Links is not null || _scenario.NeverReturning.Contains(a) != _scenario.NeverReturning.Contains(b)) return false;
        for (var act = 0; act < fleet.Budgets.Count / Fleet.SlotCount; act++)
            if (fleet.Budgets[(act * Fleet.SlotCount) + a] != fleet.Budgets[(act * Fleet.SlotCount) + b]) return false;
        return true;
    }

    private bool IsUntouched(Fleet fleet, int slot) => _scenario.Before.Length == 0 && fleet.EditCounts[slot] == 0 && fleet.Files[slot] == Initial.Files[slot] && fleet.Backups[slot] is null;
}
