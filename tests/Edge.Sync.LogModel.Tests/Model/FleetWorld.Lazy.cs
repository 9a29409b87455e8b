namespace Edge.Sync.LogModel.Model;

/// <remarks>
/// <para><b>Lazy delivery</b>, a partial-order reduction. A receipt is light where the receiver takes in all that is offered and the sender does no more than sync. A light receipt touches
/// the receiver alone, so it commutes with all that others do, and need not be taken before the receiver next acts; if it never acts again, letting all talk makes up for it. So a
/// step here is: a machine takes in any set of versions of others, then acts. What makes this keep every history:</para>
/// <list type="bullet">
/// <item>The sender may have gone on meanwhile. So each machine's file is kept as it was after each act (a version), and any of them can be received later: waiting for the sender
/// instead would lose histories (r takes old s and new t, s takes old t: no order of whole blocks has all three).</item>
/// <item>What was received and passed on without an act between can be had from where it came, since all are linked. Only of its own old versions, after a restore or a takeover, does a machine hear
/// through others: such relays are versions too.</item>
/// <item>Meetings that are not light (the receiver sets something aside, or lacks what the sender has folded, so that one vouches or takes over a log) are steps of both, each with any receipts before.</item>
/// <item>A power cut takes what was received since the last sync with what was written; without the receipts it is the same cut, and they can be had again. So only own acts need a sync, directly after them, and
/// only what is synced is a version. Where no power cut can come any more, all is synced at once.</item>
/// <item>Copies, backups and folds are acts: they see whatever was taken in before.</item>
/// </list>
/// </remarks>
internal sealed partial class FleetWorld
{
    /// <summary>Acts of a history after which it ends, those of the budgets: neither receipts nor syncs count.</summary>
    public int ActsMax { get; init; } = int.MaxValue;

    public LazyFleet LazyInitial => Post(Initial, [[], [], [], []]);

    /// <summary>What is wrong in a state, or in any that receipts alone lead to from there.</summary>
    public string? FindViolation(LazyFleet state)
    {
        if (_scenario.Property is not null) throw new NotSupportedException("A property of its own may look at receipts.");
        foreach (var fleet in Stops(state))
            if (FindViolation(fleet) is { } violation) return violation;
        return FindViolationAmong(state);
    }

    /// <summary>
    /// The fleets from which all talk: the files as they are, and, where a version is left in no file (its writer was rolled back, or took over a log), those in which another had received it.
    /// </summary>
    public IEnumerable<Fleet> Stops(LazyFleet state)
    {
        yield return state.Fleet;
        var held = ChangeSet.Empty;
        foreach (var file in state.Fleet.Files) held = file is null ? held : held.Union(file.Held);
        if (!state.Versions.Any(versions => Array.Exists(versions, v => !held.Contains(v.Held)))) yield break;
        var reach = ReachOf(state);
        for (var slot = 0; slot < Fleet.SlotCount; slot++)
            foreach (var receiver in reach[slot])
                if (!held.Contains(receiver.File.Held)) yield return state.Fleet.With(slot, receiver.File).With(receiver.Machine);
    }

    /// <summary>Adds all steps that are possible in <paramref name="state"/>, and where they lead.</summary>
    public void Expand(LazyFleet state, List<(LazyStep Step, LazyFleet Next)> next)
    {
        var fleet = state.Fleet;
        if (ActsOf(fleet) >= ActsMax) return;
        var reach = ReachOf(state);
        for (byte slot = 0; slot < Fleet.SlotCount; slot++)
        {
            if (fleet.Files[slot] is null || IsMirrored(fleet, slot)) continue;
            foreach (var receiver in reach[slot]) AddSteps(state, slot, receiver, next);
        }
        for (byte from = 0; from < Fleet.SlotCount; from++)
            for (byte to = 0; to < Fleet.SlotCount; to++)
                if (from != to && fleet.Files[from] is not null && fleet.Files[to] is not null && IsLinked(from, to))
                    foreach (var sender in reach[from])
                        foreach (var receiver in reach[to])
                            if (Meet(state, sender, receiver) is { } met) next.Add(met);
    }

    /// <summary>How many acts there were.</summary>
    public int ActsOf(Fleet fleet) => Initial.Budgets.Sum(static b => b) - fleet.Budgets.Sum(static b => b);

    public string Describe(LazyStep step) =>
        $"{Tell(step.Step.Actor, step.ActorTook)}{Tell(step.Step.Other, step.OtherTook)}{Describe(step.Step)}";

    private string Tell(byte slot, ChangeSet took) => took.IsEmpty ? "" : $"{(char)('A' + slot)} takes in {string.Join(' ', Universe.InOrder(took).Select(static c => c.ToString()))}; ";

    // What a machine can do once it has taken something in.
    private void AddSteps(LazyFleet state, byte slot, LazyFleet.Receiver receiver, List<(LazyStep Step, LazyFleet Next)> next)
    {
        var fleet = state.Fleet;
        var file = fleet.Files[slot]!;
        var isBase = ReferenceEquals(receiver.File, file);
        var before = isBase ? fleet : fleet.With(slot, receiver.File).With(receiver.Machine);
        var steps = new List<Step>();
        AddActionsOf(before, slot, steps);
        if (isBase && !CrashIsPossible(fleet, slot) && !file.Unsynced.IsEmpty) steps.Add(new((byte)Act.Sync, slot));
        foreach (var step in steps)
        {
            switch ((Act)step.Kind)
            {
                case Act.Send: continue;
                case Act.Say: throw new NotSupportedException("What is said instead of written is not a version.");
                // What was received before these is lost, or makes no difference.
                case Act.Sync or Act.Restore when !isBase: continue;
                case Act.Crash when !isBase && receiver.Machine.FreshCount == fleet.FreshCounts[slot]: continue;
                default: break;
            }
            next.Add((new(step, receiver.File.Held.Except(file.Held), ChangeSet.Empty), Post(Apply(before, step), state.Versions)));
        }
    }

    // Null where nothing happens but a light receipt, or nothing at all.
    private (LazyStep Step, LazyFleet Next)? Meet(LazyFleet state, LazyFleet.Receiver sender, LazyFleet.Receiver receiver)
    {
        if (!IsMeeting(sender.File, receiver)) return null;
        var (from, to) = ((byte)sender.Machine.Slot, (byte)receiver.Machine.Slot);
        var sent = _session.Send(sender.File, sender.Machine, receiver.File, receiver.Machine);
        var isSenderSame = sent.From.Held == sender.File.Held && sent.FromMachine == sender.Machine && sent.From.Fold == sender.File.Fold;
        var isReceiverSame = sent.To.Held == receiver.File.Held && sent.ToMachine == receiver.Machine && sent.To.Fold == receiver.File.Fold;
        if (isSenderSame && isReceiverSame) return null;
        var met = state.Fleet.With(from, Erased(sent.From)).With(sent.FromMachine).With(to, Erased(sent.To)).With(sent.ToMachine);
        var step = new LazyStep(new((byte)Act.Send, from, to), sender.File.Held.Except(state.Fleet.Files[from]!.Held), receiver.File.Held.Except(state.Fleet.Files[to]!.Held));
        return (step, Post(met, state.Versions));
    }

    // After a step: what no power cut can take any more is synced, and what is synced can be received.
    private LazyFleet Post(Fleet fleet, IReadOnlyList<ReplicaFile[]> versions)
    {
        for (var slot = 0; slot < Fleet.SlotCount; slot++)
        {
            if (fleet.Files[slot] is not { } file) continue;
            if (!file.Unsynced.IsEmpty && !CanLoseUnsynced(fleet, slot)) fleet = fleet.With(slot, file = Erased(file with { Unsynced = ChangeSet.Empty }));
            if ((_rules.NothingLeavesUnsynced && !file.Unsynced.IsEmpty) || Array.Exists(versions[slot], v => v.Held.Hash == file.Held.Hash && file.Fold.Changes.Contains(v.Fold.Changes))) continue;
            versions = Fleet.Replace(versions, slot, [.. versions[slot], file]);
        }
        return new(fleet, versions);
    }

    // By a power cut of its own, or of the machine that its file may yet be copied to.
    private static bool CanLoseUnsynced(Fleet fleet, int slot) =>
        CrashIsPossible(fleet, slot) || (fleet.Files[3] is null && fleet.BudgetOf(Act.Copy, slot) > 0 && CrashIsPossible(fleet, 3));

    private List<LazyFleet.Receiver>[] ReachOf(LazyFleet state)
    {
        if (state.Reach is { } known) return known;
        var reach = new List<LazyFleet.Receiver>[Fleet.SlotCount];
        for (var slot = 0; slot < Fleet.SlotCount; slot++) reach[slot] = state.Fleet.Files[slot] is null ? [] : ReachOf(state, slot);
        return state.Reach = reach;
    }

    // All that light receipts make of a file.
    private List<LazyFleet.Receiver> ReachOf(LazyFleet state, int slot)
    {
        var file = state.Fleet.Files[slot]!;
        var offers = OffersTo(state, slot);
        var reach = new List<LazyFleet.Receiver> { new(file, MachineOf(state.Fleet, slot)) };
        if (offers.Count == 0) return reach;
        var known = new HashSet<UInt128> { reach[0].Hash };
        for (var i = 0; i < reach.Count; i++)
            foreach (var offer in offers)
                if (Receive(offer, reach[i]).Taken is { } taken && known.Add(taken.Hash)) reach.Add(taken);
        return reach;
    }

    // Whether more than a light receipt happens where they meet.
    private bool IsMeeting(ReplicaFile sender, LazyFleet.Receiver receiver) =>
        (!sender.Fold.Changes.IsEmpty || !_stability.AcknowledgedBy(receiver.File).IsEmpty || !receiver.File.Expired.IsEmpty || !_rules.TakeInFollowsAcknowledged) && Receive(sender, receiver).IsMeeting;

    // The same receipts are possible in many states. What is offered counts, not by whom.
    private (bool IsMeeting, LazyFleet.Receiver? Taken) Receive(ReplicaFile offer, LazyFleet.Receiver receiver)
    {
        if (receiver.File.Held.Contains(offer.Held)) return default;
        var key = (offer.Held.Hash, offer.Fold.Changes.Hash, receiver.Hash);
        if (_receipts.TryGetValue(key, out var known)) return known;
        if (_session.Missing(offer, receiver.File).IsEmpty) return _receipts.Add(key, default);
        if (_session.Receive(offer, receiver.File, receiver.Machine) is not { } received) return _receipts.Add(key, (true, null));
        return _receipts.Add(key, (false, new(Erased(received.File), received.Machine)));
    }

    private readonly Memo<(UInt128, UInt128, UInt128), (bool IsMeeting, LazyFleet.Receiver? Taken)> _receipts = new();

    private List<ReplicaFile> OffersTo(LazyFleet state, int slot)
    {
        var held = state.Fleet.Files[slot]!.Held;
        var offers = new List<ReplicaFile>();
        var own = Array.FindAll(state.Versions[slot], v => !held.Contains(v.Held));
        for (var other = 0; other < Fleet.SlotCount; other++)
        {
            if (other == slot || !IsLinked(other, slot)) continue;
            var versions = state.Versions[other];
            for (var i = 0; i < versions.Length; i++)
            {
                if (!held.Contains(versions[i].Held)) offers.Add(versions[i]);
                foreach (var version in own)
                    if (IsBefore(versions, i, version) && _session.Receive(version, versions[i], MachineOf(state.Fleet, other)) is { } relay) offers.Add(relay.File);
            }
        }
        return offers;
    }

    // Whether a machine may have held, at its i-th version, what another was then, and pass it on: that one does not follow what it wrote later, and what it wrote later would follow that one,
    // unless it was rolled back itself or took over a log.
    private static bool IsBefore(ReplicaFile[] versions, int i, ReplicaFile other)
    {
        for (var later = i + 1; later < versions.Length; later++)
        {
            if (versions[later].Held.Contains(versions[i].Held) && !versions[later].Held.Contains(other.Held)) return false;
            if (versions[later].Head >= 0 && !versions[i].Held.Contains(versions[later].Head) && other.Held.Contains(versions[later].Head)) return false;
        }
        return true;
    }

    // Equal logs show the same whichever receipts led to them, folded or not; and no dot has two ids.
    private string? FindViolationAmong(LazyFleet state)
    {
        var mayDiffer = !_rules.StampsAsWritten || state.Fleet.Files.Any(static f => f is not null && (!f.Fold.Changes.IsEmpty || !f.Erased.IsEmpty));
        var mayFork = _scenario.Budgets.ContainsKey(Act.Crash);
        if (mayFork)
        {
            var all = ChangeSet.Empty;
            foreach (var file in state.Fleet.Files.Concat(state.Versions.SelectMany(static v => v))) all = file is null ? all : all.Union(file.Held);
            if (FindSelfFork(all) is { } fork) return fork;
        }
        if (!mayDiffer) return null;
        var reach = ReachOf(state);
        var byLog = new Dictionary<UInt128, (ReplicaFile File, int Slot)>();
        for (var slot = 0; slot < Fleet.SlotCount; slot++)
        {
            foreach (var receiver in reach[slot])
            {
                if (!byLog.TryGetValue(receiver.File.Held.Hash, out var first)) byLog[receiver.File.Held.Hash] = (receiver.File, slot);
                else if (ShowsOther(receiver.File, slot, first.File, first.Slot))
                    return $"equal logs, different states: {(char)('A' + first.Slot)} shows '{DocumentOf(first.File, first.Slot).Visible}', {(char)('A' + slot)} shows '{DocumentOf(receiver.File, slot).Visible}' once they have taken in the same";
            }
        }
        return null;
    }
}
