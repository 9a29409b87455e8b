using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Writes the fields of a document that was made with <c>new</c> into one of a database.</summary>
internal static class DetachedFields
{
    /// <exception cref="InvalidOperationException"><paramref name="source"/> belongs to a database already.</exception>
    public static void CopyTo(FieldStore source, FieldStore target)
    {
        CheckDetached(source);
        target.Writable();
        for (var slot = 0; slot < source.Schema.Fields.Count; slot++)
        {
            var field = source.Schema.Fields[slot];
            if (((IFieldOwner)source).Find(slot, field.Kind) is { } state) Copy(state, new(target, slot));
            if (field.Shape.Companion is { } companion && ((IFieldOwner)source).Find(slot, companion) is { } objects) Copy(objects, new(target, slot));
        }
    }

    /// <exception cref="InvalidOperationException"><paramref name="source"/> belongs to a database already.</exception>
    public static void CheckDetached(FieldStore source)
    {
        if (!source.IsDetached) throw new InvalidOperationException("Only a document or an object made with 'new' can be added. Change this one with EditAsync(id, edit), or copy its values into a new one.");
    }

    /// <summary>Makes the operations anew that lead to what <paramref name="state"/> shows: theirs bear no dots of a database.</summary>
    private static void Copy(CrdtState state, Field target)
    {
        var sink = target.Writable();
        switch (state)
        {
            case RegisterState register when register.TryGetWinner(out var value):
                RegisterValue.Write(target, value);
                break;
            case CounterState { Value: not 0 } counter:
                target.Commit(sink, target.FindOrNew<CounterState>(counter.Kind).Add(sink.Next, counter.Value));
                break;
            case BoundedCounterState counter:
                Copy(counter, target);
                break;
            case ExtremeState extreme when extreme.TryGet(out var value):
                if (target.FindOrNew<ExtremeState>(extreme.Kind).Reach(sink.Next, value) is { } reach) target.Commit(sink, reach);
                break;
            case FlagState { IsEnabled: true } flag:
                target.Commit(sink, target.FindOrNew<FlagState>(flag.Kind).Set(sink.Next, true));
                break;
            case SetState set:
                foreach (var element in set.Elements.Order())
                    target.Commit(sink, target.FindOrNew<SetState>(CrdtKind.Set).Add(sink.Next, element));
                break;
            case GrowSetState set:
                foreach (var element in set.Elements.Order())
                    if (target.FindOrNew<GrowSetState>(CrdtKind.GrowSet).Add(sink.Next, element) is { } add) target.Commit(sink, add);
                break;
            case RemoveWinsSetState set:
                foreach (var element in set.Elements.Order())
                    target.Commit(sink, target.FindOrNew<RemoveWinsSetState>(CrdtKind.RemoveWinsSet).Add(sink.Next, element));
                break;
            case TextState { Length: > 0 } text:
                target.Commit(sink, target.FindOrNew<TextState>(CrdtKind.Text).Insert(sink.Next, 0, text.ToString()));
                break;
            case ListState { Count: > 0 } list:
                target.Commit(sink, target.FindOrNew<ListState>(CrdtKind.List).Insert(sink.Next, 0, list.ToArray()));
                break;
            case RichTextState { Length: > 0 } text:
                target.Commit(sink, target.FindOrNew<RichTextState>(CrdtKind.RichText).Insert(sink.Next, 0, text.ToString(), text.Spans()));
                break;
            case EventLogState log:
                foreach (var entry in log.Entries)
                    target.Commit(sink, target.FindOrNew<EventLogState>(CrdtKind.EventLog).Append(sink.Next, entry.Value));
                break;
            case LatticeState lattice:
                foreach (var value in lattice.Values)
                    target.Commit(sink, new LatticeDelta(sink.Next, value, []));
                break;
            case TreeState tree:
                Copy(tree, target);
                break;
            case MapState map:
                Copy(map, target);
                break;
        }
    }

    private static void Copy(TreeState source, Field target)
    {
        var sink = target.Writable();
        var names = new Dictionary<Dot, (Dot Node, int ChildCount)> { [TreeState.Root] = (TreeState.Root, 0) };
        foreach (var (node, parent, _) in TreeWalk.DepthFirst(source))
        {
            if (!source.TryGetValue(node, out var value)) continue;
            var (above, index) = names[parent];
            var delta = target.FindOrNew<TreeState>(CrdtKind.Tree).Create(sink.Next, above, index, value);
            target.Commit(sink, delta);
            names[parent] = (above, index + 1);
            names[node] = (delta.Node, 0);
        }
    }

    private static void Copy(MapState source, Field target)
    {
        var sink = target.Writable();
        foreach (var key in source.Keys.Order())
        {
            target.Commit(sink, target.FindOrNew<MapState>(CrdtKind.Map).Touch(sink.Next, key));
            foreach (var kind in Enum.GetValues<CrdtKind>())
                if (source.Find(key, kind) is { } state) Copy(state, new(new MapEntryOwner(target, key), 0));
        }
    }

    private static void Copy(BoundedCounterState source, Field target)
    {
        if (source.Value <= 0) return;
        var sink = target.Writable();
        target.Commit(sink, target.FindOrNew<BoundedCounterState>(CrdtKind.BoundedCounter).Grant(sink.Next, source.Value));
        foreach (var replica in source.Replicas.Order())
            if (source.Rights(replica) is > 0 and var rights && replica != default
                && target.FindOrNew<BoundedCounterState>(CrdtKind.BoundedCounter).Transfer(sink.Next, replica, rights) is { } transfer) target.Commit(sink, transfer);
    }
}
