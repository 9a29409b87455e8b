namespace Edge.Sync.LogModel.Model;

/// <summary>What two replicas do when they meet: one of them sends all that the other lacks. Atomic; what is lost on the way was not sent.</summary>
internal sealed class Session(Universe universe, Rules rules, TakeIn takeIn, VoidRules voidRules, Writing writing)
{
    /// <summary>How many fresh feeds a machine has taken, and its wall clock.</summary>
    internal readonly record struct Machine(int Slot, int FreshCount, int Wall);

    public (ReplicaFile From, Machine FromMachine, ReplicaFile To, Machine ToMachine) Send(ReplicaFile sender, Machine senderMachine, ReplicaFile receiver, Machine receiverMachine)
    {
        if (rules.NothingLeavesUnsynced) sender = sender with { Unsynced = ChangeSet.Empty };
        if (rules.ComparesOwnFeed)
        {
            var before = sender;
            (sender, senderMachine) = NoticeCopy(sender, senderMachine, receiver);
            if (sender != before) return (sender, senderMachine, receiver, receiverMachine);
            (receiver, receiverMachine) = NoticeCopy(receiver, receiverMachine, sender);
        }
        var missing = Missing(sender, receiver);
        if (missing.IsEmpty) return (sender, senderMachine, receiver, receiverMachine);

        // What is folded cannot be sent: whoever lacks it takes the snapshot, and does its own work again on that.
        if (missing.Overlaps(sender.Fold.Changes))
        {
            // Which of two folds is the newer is plain, or the two have parted for ever.
            if (!sender.Fold.Changes.Contains(receiver.Fold.Changes)) return (sender, senderMachine, receiver, receiverMachine);
            (receiver, receiverMachine) = Rebase(receiver, receiverMachine, sender);
            return (sender, senderMachine, receiver, receiverMachine);
        }
        var (taken, strays) = takeIn.Sort(receiver, missing);
        if (rules.AcknowledgesWhatIsSetAside && !strays.IsEmpty && takeIn.MayVouch(sender, receiver, strays))
        {
            sender = writing.Append(sender, senderMachine.Wall, ChangeKind.Acknowledge, Operation.None);
            if (rules.NothingLeavesUnsynced) sender = sender with { Unsynced = ChangeSet.Empty };
            (taken, strays) = takeIn.Sort(receiver, Missing(sender, receiver));
        }
        receiver = receiver with { Held = receiver.Held.Union(taken), Unsynced = receiver.Unsynced.Union(taken), Aside = receiver.Aside.Union(strays.Where(i => universe[i].Kind == ChangeKind.Edit)) };
        if (!strays.IsEmpty && takeIn.MustRebase(sender, receiver, strays))
        {
            if (rules.NothingLeavesUnsynced) receiver = receiver with { Unsynced = ChangeSet.Empty };
            (sender, senderMachine) = Rebase(sender, senderMachine, receiver);
        }
        return (sender, senderMachine, receiver, receiverMachine);
    }

    /// <summary>What <paramref name="receiver"/> lacks of <paramref name="sender"/>; by counters alone, where that is how they compare.</summary>
    public ChangeSet Missing(ReplicaFile sender, ReplicaFile receiver)
    {
        var missing = sender.Held.Except(receiver.Held);
        if (rules.ComparesIds || missing.IsEmpty) return missing;
        var held = receiver.Held.Items.ToArray().Select(i => (universe[i].Feed, universe[i].Counter)).ToHashSet();
        return missing.Where(i => !held.Contains((universe[i].Feed, universe[i].Counter)));
    }

    /// <summary>
    /// A peer that holds more of my feed than I do, or something else in it, shows me that I am a copy, or was rolled back. What I wrote since the
    /// last change that we share I take back, unless others have built on it, and do it again under a fresh feed.
    /// </summary>
    public (ReplicaFile File, Machine Machine) NoticeCopy(ReplicaFile file, Machine machine, ReplicaFile peer)
    {
        if (!peer.Held.Items.ToArray().Any(i => universe[i].Feed == file.Self && !file.Held.Contains(i))) return (file, machine);
        var own = file.Held.Where(i => universe[i].Feed == file.Self && !file.Fold.Changes.Contains(i) && (!rules.OldWorkKeepsIds || !peer.Held.Contains(i)));
        var built = file.Held.Where(i => universe[i].Feed != file.Self && universe[i].Past.Overlaps(own));
        var withdrawn = own.Where(i => !built.Items.ToArray().Any(b => universe[b].Follows(i)));
        (file, machine) = TakeFreshFeed(file, machine);
        if (rules.OldWorkKeepsIds) file = file with { Held = file.Held.Except(withdrawn), Unsynced = file.Unsynced.Except(withdrawn) };

        // The published branch first, so that what is done again follows it.
        var missing = Missing(peer, file);
        if (missing.Overlaps(peer.Fold.Changes)) return Rebase(file with { Aside = file.Aside.Union(withdrawn) }, machine, peer);
        var (taken, strays) = takeIn.Sort(file, missing);
        file = file with { Held = file.Held.Union(taken), Unsynced = file.Unsynced.Union(taken), Aside = file.Aside.Union(strays.Where(i => universe[i].Kind == ChangeKind.Edit)) };
        return (writing.Reissue(file, machine.Wall, rules.OldWorkKeepsIds ? withdrawn : own), machine);
    }

    /// <summary>Takes over the log of <paramref name="onto"/>, and does again, under a fresh feed, what that log does not take in.</summary>
    public (ReplicaFile File, Machine Machine) Rebase(ReplicaFile file, Machine machine, ReplicaFile onreceiver)
    {
        var left = file.Held.Except(onreceiver.Held);
        var own = left.Where(i => universe[i].Feed == file.Self).Union(file.Aside.Where(i => IsOf(machine, universe[i].Feed)));
        if (left.Items.ToArray().Any(i => universe[i].Feed == file.Self) || onreceiver.Held.Items.ToArray().Any(i => universe[i].Feed == file.Self && !file.Held.Contains(i)))
            (file, machine) = TakeFreshFeed(file, machine);
        file = file with
        {
            Held = onreceiver.Held,
            Fold = onreceiver.Fold,
            Unsynced = file.Unsynced.Except(left).Union(onreceiver.Held.Except(file.Held)),
            Aside = file.Aside.Union(left.Where(i => universe[i].Kind == ChangeKind.Edit)),
        };
        if (rules.OutStaysOut && voidRules.IsOut(file)) (file, machine) = TakeFreshFeed(file, machine);
        return (writing.Reissue(file, machine.Wall, own), machine);
    }

    public static (ReplicaFile File, Machine Machine) TakeFreshFeed(ReplicaFile file, Machine machine) =>
        (file with { Self = Universe.FreshFeed(machine.Slot, machine.FreshCount) }, machine with { FreshCount = machine.FreshCount + 1 });

    private static bool IsOf(Machine machine, int feed) => feed == machine.Slot || (feed >= 10 && (feed - 10) / 8 == machine.Slot);
}
