namespace Edge.Sync.LogModel.Model;

internal sealed partial class FleetWorld
{
    private const int SettleRounds = 12;

    /// <summary>Is told each step of the settling: for whoever wants to understand a counterexample.</summary>
    public Action<string, Fleet>? Watch { get; set; }

    private readonly Memo<UInt128, string?> _verdicts = new();

    /// <summary>
    /// In every state: no edit counts twice, equal logs show the same, no feed forks by itself. And from every state: if the machines that return talk
    /// until nothing is new, they are equal, nothing is stuck, and every edit that any of them held has effect exactly once, or was refused; only what a copy or its original, a rolled back file, a newcomer or one that is out wrote may have come too late.
    /// </summary>
    public string? FindViolation(Fleet fleet)
    {
        if (_scenario.Property?.Invoke(this, fleet) is { } special) return special;
        var key = fleet.FilesHash();
        if (!_verdicts.TryGetValue(key, out var verdict)) verdict = _verdicts.Add(key, FindViolationNow(fleet, hasSettled: false) ?? FindViolationAfter(fleet));
        return verdict;
    }

    /// <summary>All talk until nothing is new; null where that never ends.</summary>
    public Fleet? Settle(Fleet fleet)
    {
        var present = Enumerable.Range(0, Fleet.SlotCount).Where(s => fleet.Files[s] is not null && !_scenario.NeverReturning.Contains(s)).ToArray();
        return Exchange(fleet, present);
    }

    private Fleet? Exchange(Fleet fleet, int[] present)
    {
        var before = UInt128.Zero;
        for (var i = 0; i <= SettleRounds; i++)
        {
            var isSilent = true;
            foreach (var from in present)
                foreach (var to in present)
                {
                    // With nothing to say a message leaves no more behind than the disk sync before it, which nobody sees.
                    if (from == to || _session.Missing(fleet.Files[from]!, fleet.Files[to]!).IsEmpty) continue;
                    isSilent = false;
                    var sent = Send(fleet, from, to);
                    if (Watch is not null && sent.FilesHash() != fleet.FilesHash()) Watch($"{(char)('A' + from)} to {(char)('A' + to)}", sent);
                    fleet = sent;
                }
            if (isSilent) return fleet;
            var after = fleet.FilesHash();
            if (after == before) return fleet;
            before = after;
        }
        return null;
    }

    private string? FindViolationNow(Fleet fleet, bool hasSettled)
    {
        for (var a = 0; a < Fleet.SlotCount; a++)
        {
            if (fleet.Files[a] is not { } file) continue;
            var edits = EffectiveEdits(file);
            if (edits.Count != edits.Distinct().Count()) return $"double counting: at {(char)('A' + a)} an edit has effect twice ({string.Join(',', edits.Order())})";
            if (DocumentOf(file, a).Visible.EndsWith(TextDocument.Unplaceable, StringComparison.Ordinal)) return $"at {(char)('A' + a)} a character cannot be placed";
            for (var b = 0; b < a; b++)
            {
                if (fleet.Files[b] is not { } other) continue;
                if (other.Held.Hash == file.Held.Hash && ShowsOther(file, a, other, b)) return Differing("equal logs, different states", fleet, b, a);
                if (!hasSettled && FindSelfFork(file.Held.Union(other.Held)) is { } fork) return fork;
            }
        }
        return null;
    }

    private bool ShowsOther(ReplicaFile file, int a, ReplicaFile other, int b) =>
        !(ReferenceEquals(file.Fold, other.Fold) && file.Erased == other.Erased && _rules.StampsAsWritten && file.Held.Hash == other.Held.Hash) &&
        (DocumentOf(file, a).Visible != DocumentOf(other, b).Visible || !EffectiveEdits(file).Order().SequenceEqual(EffectiveEdits(other).Order()));

    private string? FindViolationAfter(Fleet fleet)
    {
        if (Settle(fleet) is not { } settled) return "stuck: the replicas talk for ever";
        if (FindViolationNow(settled, hasSettled: true) is { } violation) return "after all talked: " + violation;
        var present = Enumerable.Range(0, Fleet.SlotCount).Where(s => fleet.Files[s] is not null && !_scenario.NeverReturning.Contains(s)).ToArray();
        var first = settled.Files[present[0]]!;
        foreach (var slot in present)
        {
            var file = settled.Files[slot]!;
            if (file.Held.Hash != first.Held.Hash) return Differing("stuck: the logs stay different after all talked", settled, present[0], slot);
            if (ShowsOther(file, slot, first, present[0])) return Differing("after all talked the states differ", settled, present[0], slot);
        }
        var effective = EffectiveEdits(first).ToHashSet();
        var verdict = _voidRules.Of(first);
        var refused = verdict.Refused.Items.ToArray().Select(i => Universe[i].Edit).ToHashSet();
        var isPromised = first.Held.Items.ToArray().Any(i => Universe[i].Kind == ChangeKind.Acknowledge);
        foreach (var slot in present)
        {
            var file = fleet.Files[slot]!;
            foreach (var i in file.Held.Union(file.Aside).Union(file.Fold.Edits).Items)
            {
                var change = Universe[i];
                if (change.Edit < 0 || effective.Contains(change.Edit) || refused.Contains(change.Edit) || verdict.Purged.Contains(change.Operation.Document)) continue;
                if (!present.Any(s => settled.Files[s]!.Aside.Contains(i))) return $"lost: edit {change.Edit} ({change}), held by {(char)('A' + slot)}, has no effect after all talked";
                if (!isPromised || !MayBeLate(change, fleet, verdict)) return $"set aside without need: edit {change.Edit} ({change}), held by {(char)('A' + slot)}";
            }
        }
        return null;
    }

    // Whose file was copied or rolled back, who is no member, or is out.
    private bool MayBeLate(Change change, Fleet fleet, VoidRules.Verdict verdict) =>
        fleet.Branched.Contains(change.Root) || !Membership.Members.Contains(change.Root) || verdict.Out.Items.ToArray().Any(i => Universe[i].Subject == change.Root);

    private List<int> EffectiveEdits(ReplicaFile file)
    {
        var voids = _voidRules.Of(file).Voids;
        var erased = ErasedIn(file);
        var edits = new List<int>();
        foreach (var i in file.Fold.Edits.Union(file.AboveFold.Where(i => !voids.Contains(i))).Items)
            if (Universe[i].Edit >= 0 && !erased.Contains(Universe[i].Operation.Document)) edits.Add(Universe[i].Edit);
        return edits;
    }

    // Where no file was copied or rolled back, a dot has one id.
    private string? FindSelfFork(ChangeSet held)
    {
        if (_scenario.Budgets.ContainsKey(Act.Copy) || _scenario.Budgets.ContainsKey(Act.Restore) || _scenario.Before.Any(static s => (Act)s.Kind is Act.Copy or Act.Restore)) return null;
        var dots = new HashSet<(int, int)>();
        foreach (var i in held.Items)
            if (!dots.Add((Universe[i].Feed, Universe[i].Counter))) return $"self-fork: two changes are {Universe.NameOf(Universe[i].Feed)}{Universe[i].Counter}, and nobody copied a file";
        return null;
    }

    private string Differing(string what, Fleet fleet, int a, int b) => $"{what}: {Tell(fleet, a)} against {Tell(fleet, b)}";

    /// <summary>What a machine shows and holds; void changes are marked.</summary>
    public string Tell(Fleet fleet, int slot)
    {
        var file = fleet.Files[slot]!;
        return $"{(char)('A' + slot)} shows '{DocumentOf(file, slot).Visible}' with [{string.Join(' ', Universe.InOrder(file.Held).Select(c => c + (_voidRules.Of(file).Voids.Contains(c.Index) ? "!" : "")))}]{(file.Fold.Changes.IsEmpty ? "" : $" folded {file.Fold.Changes.Count}")}";
    }
}
