namespace Edge.Sync.LogModel.Model;

/// <summary>What two replicas do when they meet: one of them sends all that the other lacks. Atomic; what is lost on the way was not sent.</summary>
internal sealed class Session(Universe universe, Rules rules, TakeIn takeIn, Writing writing)
{
    /// <summary>How many fresh feeds a machine has taken, and its wall clock.</summary>
    internal readonly record struct Machine(int Slot, int FreshCount, int Wall);

    public (ReplicaFile From, Machine FromMachine, ReplicaFile To, Machine ToMachine) Send(ReplicaFile sender, Machine senderMachine, ReplicaFile receiver, Machine receiverMachine)
    {
        sender = Synced(sender);
        var missing = Missing(sender, receiver);
        if (missing.IsEmpty) return (sender, senderMachine, receiver, receiverMachine);

        // What is folded cannot be sent: whoever lacks it gives what the other may take in, and takes the snapshot.
        if (missing.Overlaps(sender.Fold.Changes))
        {
            // Which of two folds is the newer is plain, or the two have parted for ever.
            if (!sender.Fold.Changes.Contains(receiver.Fold.Changes)) return (sender, senderMachine, receiver, receiverMachine);
            receiver = Synced(receiver);
            (sender, senderMachine) = Take(sender, senderMachine, takeIn.Sort(sender, Missing(receiver, sender)).Taken);
            (receiver, receiverMachine) = Rebase(receiver, receiverMachine, sender);
            return (sender, senderMachine, receiver, receiverMachine);
        }
        var (taken, strays) = takeIn.Sort(receiver, missing);
        if (rules.AcknowledgesWhatIsSetAside && !strays.IsEmpty && takeIn.MayVouch(sender, receiver, strays))
        {
            sender = Synced(writing.Append(sender, senderMachine.Wall, ChangeKind.Acknowledge, Operation.None));
            (taken, strays) = takeIn.Sort(receiver, Missing(sender, receiver));
        }
        (receiver, receiverMachine) = Take(receiver, receiverMachine, taken);
        if (!strays.IsEmpty && takeIn.MustRebase(sender, receiver, strays))
        {
            receiver = Synced(receiver);
            (sender, senderMachine) = Rebase(sender, senderMachine, receiver);
        }
        return (sender, senderMachine, receiver, receiverMachine);
    }

    /// <summary>A receipt that touches nobody but its receiver: it takes in all that it lacks of <paramref name="sender"/>, as that was when it was synced.</summary>
    /// <returns>Null where it lacks nothing, or where more than that would happen.</returns>
    public (ReplicaFile File, Machine Machine)? Receive(ReplicaFile sender, ReplicaFile receiver, Machine machine)
    {
        var missing = Missing(sender, receiver);
        if (missing.IsEmpty || missing.Overlaps(sender.Fold.Changes)) return null;
        var (taken, strays) = takeIn.Sort(receiver, missing);
        return strays.IsEmpty ? Take(receiver, machine, taken) : null;
    }

    /// <summary>What <paramref name="receiver"/> lacks of <paramref name="sender"/>; by counters alone, where that is how they compare.</summary>
    public ChangeSet Missing(ReplicaFile sender, ReplicaFile receiver)
    {
        var missing = sender.Held.Except(receiver.Held);
        if (rules.ComparesIds || missing.IsEmpty) return missing;
        var held = receiver.Held.Items.ToArray().Select(i => (universe[i].Feed, universe[i].Counter)).ToHashSet();
        return missing.Where(i => !held.Contains((universe[i].Feed, universe[i].Counter)));
    }

    /// <summary>A feed that nobody else writes: one that goes on from where the file has written, or, for whom nobody waits any more, a newcomer's.</summary>
    public (ReplicaFile File, Machine Machine) TakeFreshFeed(ReplicaFile file, Machine machine, bool goesOn) =>
        (file with { Self = Universe.FreshFeed(machine.Slot, machine.FreshCount), Head = goesOn && rules.FreshFeedsGoOn ? file.Head : -1 }, machine with { FreshCount = machine.FreshCount + 1 });

    private (ReplicaFile File, Machine Machine) Take(ReplicaFile file, Machine machine, ChangeSet taken) =>
        NoticeFork(file with { Held = file.Held.Union(taken), Unsynced = file.Unsynced.Union(taken), Aside = file.Aside.Except(taken) }, machine);

    // A change of my own feed that I have not written shows me that I am a copy, or have one, or was rolled back.
    private (ReplicaFile File, Machine Machine) NoticeFork(ReplicaFile file, Machine machine)
    {
        if (!rules.ForkedFeedIsLeft || file.Held.Where(i => universe[i].Feed == file.Self && !universe.IsOnLine(i, file.Head)).IsEmpty) return (file, machine);
        var old = file.Held.Where(i => universe[i].Feed == file.Self && universe.IsOnLine(i, file.Head) && !file.Fold.Changes.Contains(i));
        (file, machine) = TakeFreshFeed(file, machine, goesOn: true);
        if (rules.NothingIsIssuedAgain) return (file, machine);
        foreach (var change in universe.InOrder(old))
            if (change.Kind == ChangeKind.Edit) file = writing.Append(file, machine.Wall, ChangeKind.Edit, change.Operation, change.Edit);
        return (file, machine);
    }

    /// <summary>Takes over the log of <paramref name="onto"/>, and keeps aside what that one leaves out.</summary>
    private (ReplicaFile File, Machine Machine) Rebase(ReplicaFile file, Machine machine, ReplicaFile onto)
    {
        var left = file.Held.Except(onto.Held);
        file = file with
        {
            Held = onto.Held,
            Fold = onto.Fold,
            Unsynced = rules.FoldSyncsFirst ? ChangeSet.Empty : file.Unsynced.Except(left).Union(onto.Held.Except(file.Held)),
            Erased = onto.Erased,
            Aside = file.Aside.Union(left.Where(i => universe[i].Kind == ChangeKind.Edit)).Except(onto.Held),
        };
        return left.Items.ToArray().Any(i => universe.IsOnLine(i, file.Head)) ? TakeFreshFeed(file, machine, goesOn: false) : NoticeFork(file, machine);
    }

    private ReplicaFile Synced(ReplicaFile file) => rules.NothingLeavesUnsynced ? file with { Unsynced = ChangeSet.Empty } : file;
}
