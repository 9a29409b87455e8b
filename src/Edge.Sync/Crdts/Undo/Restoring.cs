namespace Edge.Sync.Crdts.Undo;

/// <summary>Writes again, by ordinary deltas, what a state of any kind held before it was removed with its key.</summary>
/// <remarks>What is there by then stays: a register that has a value keeps it, sets and texts get what they lack, counters add up.</remarks>
internal static class Restoring
{
    public static void Key(MapState source, ValueBytes key, UndoTarget target)
    {
        var under = new MapTarget(target, key);
        foreach (var state in source.Under(key))
            Restore(state, under);
        var map = (MapState)target.State(CrdtKind.Map);
        if (!map.Contains(key)) target.Commit(map.Touch(target.Next, key));
        var now = ((MapState)target.State(CrdtKind.Map)).KeyDot(key, target.Self);
        target.Renamed.Add(source.KeyDot(key, target.Self), now);
    }

    private static void Restore(CrdtState source, UndoTarget target)
    {
        var dots = Array.Empty<Dot>();
        if (source is RetainedState retained) (source, dots) = (retained.Current, retained.Dots());
        switch (source)
        {
            case RegisterState register: Register(register, target); break;
            case CounterState counter: Counter(counter, dots, target); break;
            case BoundedCounterState counter: Counter(counter, dots, target); break;
            case ExtremeState extreme:
                if (extreme.TryGet(out var reached) && Extreme(target, extreme.Kind).Reach(target.Next, reached) is { } delta) target.Commit(delta);
                break;
            case FlagState flag: Flag(flag, target); break;
            case SetState set: Elements(set.Elements, set.VotesFor, CrdtKind.Set, target); break;
            case RemoveWinsSetState set:
                Elements(set.Elements, set.VotesFor, CrdtKind.RemoveWinsSet, target);
                Removals(set, target);
                break;
            case GrowSetState set:
                foreach (var element in set.Elements.Order())
                    if (((GrowSetState)target.State(CrdtKind.GrowSet)).Add(target.Next, element) is { } added) target.Commit(added);
                break;
            case EventLogState log:
                foreach (var entry in log.Entries.ToArray())
                    target.Commit(((EventLogState)target.State(CrdtKind.EventLog)).Append(target.Next, entry.Value));
                break;
            case LatticeState lattice: Lattice(lattice, target); break;
            case TextState text: TextDeletionInverse.OfAll(text)?.Apply(target); break;
            case RichTextState text: RichTextDeletionInverse.OfAll(text)?.Apply(target); break;
            case ListState list: ListDeletionInverse.OfAll(list)?.Apply(target); break;
            case TreeState tree: Tree(tree, target); break;
            case MapState map:
                foreach (var key in map.Keys.Order()) Key(map, key, target);
                break;
        }
    }

    private static ExtremeState Extreme(UndoTarget target, CrdtKind kind) => (ExtremeState)target.State(kind);

    // Joining is the app's: what was there stands beside what is there now, and is joined when it is read.
    private static void Lattice(LatticeState source, UndoTarget target)
    {
        foreach (var value in source.Values)
            if (!((LatticeState)target.State(CrdtKind.Lattice)).Values.Contains(value)) target.Commit(new LatticeDelta(target.Next, value, []));
    }

    private static void Register(RegisterState source, UndoTarget target)
    {
        var register = (RegisterState)target.State(CrdtKind.Register);
        if (source.Count == 0 || register.Count > 0) return;
        var delta = register.Set(target.Next, source.Values[^1].Value);
        target.Commit(delta);
        target.Renamed.Add(source.Values[^1].Dot, delta.First);
    }

    private static void Counter(CounterState source, Dot[] dots, UndoTarget target)
    {
        var first = target.Next;
        foreach (var part in CounterInverse.Parts(source.Total))
            target.Commit(((CounterState)target.State(source.Kind)).Add(target.Next, part));
        target.Renamed.AddAll(dots, first);
    }

    // All rights are granted anew, and handed to those who held them.
    private static void Counter(BoundedCounterState source, Dot[] dots, UndoTarget target)
    {
        if (dots.Length == 0) return;
        var grant = new BoundedCounterDelta(target.Next, RightsOperation.Grant, Math.Max(1, source.Value), default);
        target.Commit(grant);
        // A grant of nothing there is not, and an older step needs one to find its own in effect.
        if (source.Value <= 0) target.Commit(new BoundedCounterDelta(target.Next, RightsOperation.Spend, 1, default));
        target.Renamed.AddAll(dots, grant.First);
        foreach (var (replica, rights) in source.Holders())
            if (replica != target.Self && ((BoundedCounterState)target.State(CrdtKind.BoundedCounter)).Transfer(target.Next, replica, rights) is { } transfer)
                target.Commit(transfer);
    }

    private static void Flag(FlagState source, UndoTarget target)
    {
        var flag = (FlagState)target.State(source.Kind);
        if (source.IsEmpty || !flag.IsEmpty) return;
        var delta = flag.Set(target.Next, source.IsEnabled);
        target.Commit(delta);
        var votes = source.CurrentVotes;
        Rename(source.IsEnabled ? votes.For : votes.Against, delta.First, target);
    }

    private static void Elements(IEnumerable<ValueBytes> elements, Func<ValueBytes, Votes> votesFor, CrdtKind kind, UndoTarget target)
    {
        foreach (var element in elements.Order())
        {
            var state = target.State(kind);
            if (state is SetState set ? set.Contains(element) : ((RemoveWinsSetState)state).Contains(element)) continue;
            var delta = state is SetState addWins ? addWins.Add(target.Next, element) : ((RemoveWinsSetState)state).Add(target.Next, element);
            target.Commit(delta);
            Rename(votesFor(element).For, delta.First, target);
        }
    }

    // A removal counts in a set where it wins, and an older step may be about to take it back.
    private static void Removals(RemoveWinsSetState source, UndoTarget target)
    {
        foreach (var element in source.Voted.Order())
        {
            var set = (RemoveWinsSetState)target.State(CrdtKind.RemoveWinsSet);
            if (source.Contains(element) || !set.VotesFor(element).IsEmpty) continue;
            var delta = set.Remove(target.Next, element);
            target.Commit(delta);
            Rename(source.VotesFor(element).Against, delta.First, target);
        }
    }

    private static void Rename(DotSet dots, Dot now, UndoTarget target)
    {
        foreach (var dot in dots.Span)
            if (dot.Replica != target.Self) return;
        target.Renamed.AddAll(dots.Span, now);
    }

    // At the same positions, so that an older step finds its moves in effect; what was deleted is deleted again, and can be brought back.
    private static void Tree(TreeState source, UndoTarget target)
    {
        var open = new Stack<(Dot Node, Dot Parent)>();
        Push(TreeState.Trash, TreeState.Root);
        var deletedCount = open.Count;
        Push(TreeState.Root, TreeState.Root);
        while (open.TryPop(out var place))
        {
            source.TryGetValue(place.Node, out var value);
            var delta = ((TreeState)target.State(CrdtKind.Tree)).CreateAt(target.Next, place.Parent, source.PlaceOf(place.Node)!.Value.Position, value);
            target.Commit(delta);
            target.Renamed.Add(place.Node, delta.First);
            if (open.Count < deletedCount)
            {
                deletedCount = open.Count;
                target.Commit(((TreeState)target.State(CrdtKind.Tree)).Delete(target.Next, delta.First));
            }
            Push(place.Node, delta.First);
        }

        void Push(Dot node, Dot renamed)
        {
            var children = source.Children(node);
            for (var i = children.Count - 1; i >= 0; i--) open.Push((children[i], renamed));
        }
    }
}
