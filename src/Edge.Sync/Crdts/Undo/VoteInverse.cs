namespace Edge.Sync.Crdts.Undo;

/// <summary>Takes an element out again that was put into a set, puts it back, or turns a flag back.</summary>
/// <param name="kind">A set from which one can remove, or a flag.</param>
/// <param name="element">The element; none for a flag.</param>
/// <param name="isOn">Whether the edit put the element in, or turned the flag on.</param>
/// <param name="wasOn">Whether it was in, or on, before.</param>
/// <param name="own">The edit's dot.</param>
/// <param name="before">The dots that the edit's own author had there before, which the edit replaced; none where others had some too.</param>
/// <remarks>
/// What others did to the same element since stays: it is not taken out while they have added it too, and not put back while they have removed it too.
/// Sets where additions win, and flags where "on" does, keep nothing of a removal: there it is put back whoever else removed it.
/// </remarks>
internal sealed class VoteInverse(CrdtKind kind, ValueBytes? element, bool isOn, bool wasOn, Dot own, Dot[] before) : Inverse
{
    protected override InverseKind Tag => InverseKind.Vote;

    protected override int Length => 7;

    private bool KeepsRemovals => kind is CrdtKind.RemoveWinsSet or CrdtKind.DisableWinsFlag;

    public static VoteInverse? Of(CrdtState? before, SetDelta delta) => Of(before, delta.Kind, delta.Element, delta.IsAddition, delta.First);

    public static VoteInverse? Of(FlagState? before, FlagDelta delta) => Of(before, delta.Kind, null, delta.IsEnabled, delta.First);

    private static VoteInverse? Of(CrdtState? before, CrdtKind kind, ValueBytes? element, bool isOn, Dot own)
    {
        var votes = before is null ? default : VotesIn(before, element);
        var wasOn = IsOn(votes);
        if (!isOn && !wasOn && votes.Against.Count == 0) return null;
        // Which the edit has replaced and stands for: those of its own side where it only renewed, the other side's where it turned over.
        var replaced = (wasOn ? votes.For : votes.Against).Span;
        return new(kind, element, isOn, wasOn, own, AreAllOf(own.Replica, replaced) ? replaced.ToArray() : []);
    }

    public override void Apply(UndoTarget target)
    {
        var votes = VotesIn(target.State(kind), element);
        if (wasOn == isOn) target.Renamed.AddAll(before, own);
        else if (isOn) TurnOff(target, votes);
        else TurnOn(target, votes);
    }

    private void TurnOff(UndoTarget target, Votes votes)
    {
        if (!IsOn(votes) || !votes.For.Contains(own))
        {
            target.Refuse(UndoObstacleReason.Overwritten);
            return;
        }
        if (votes.For.Count > 1)
        {
            target.Refuse(UndoObstacleReason.HeldByOthers);
            if (kind == CrdtKind.Set) target.Commit(SetDelta.Remove(kind, target.Next, element!.Value, [own]));
            return;
        }
        Commit(target, false);
    }

    private void TurnOn(UndoTarget target, Votes votes)
    {
        if (IsOn(votes)) return;
        if (KeepsRemovals && !votes.Against.Contains(own)) target.Refuse(UndoObstacleReason.Overwritten);
        else if (KeepsRemovals && votes.Against.Count > 1) target.Refuse(UndoObstacleReason.HeldByOthers);
        else Commit(target, true);
    }

    private void Commit(UndoTarget target, bool on)
    {
        Delta delta = target.State(kind) switch
        {
            SetState set => on ? set.Add(target.Next, element!.Value) : set.Remove(target.Next, element!.Value),
            RemoveWinsSetState set => on ? set.Add(target.Next, element!.Value) : set.Remove(target.Next, element!.Value),
            var flag => ((FlagState)flag).Set(target.Next, on),
        };
        target.Commit(delta);
        target.Renamed.AddAll(before, delta.First);
    }

    public override Inverse Rename(DotRenaming names)
    {
        var (nowOwn, nowBefore) = (names.Of(own), names.Of(before));
        return nowOwn == own && ReferenceEquals(nowBefore, before) ? this : new VoteInverse(kind, element, isOn, wasOn, nowOwn, nowBefore);
    }

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        writer.Raw.Write((byte)kind);
        writer.Raw.WriteArrayHeader(element is null ? 0 : 1);
        if (element is { } value) writer.WriteValue(value);
        writer.Raw.Write((isOn ? 1 : 0) + (wasOn ? 2 : 0));
        writer.WriteDot(own);
        writer.WriteDots(before);
    }

    public static VoteInverse ReadRest(ref WireReader reader)
    {
        var kind = (CrdtKind)reader.ReadInt32("inverse.of", 0, byte.MaxValue);
        var isSet = kind is CrdtKind.Set or CrdtKind.RemoveWinsSet;
        if (!isSet && kind is not (CrdtKind.EnableWinsFlag or CrdtKind.DisableWinsFlag)) throw reader.Malformed("inverse.of", $"{kind} has no votes");
        reader.ReadArrayHeader("inverse.element", isSet ? 1 : 0, exactly: true);
        ValueBytes? element = isSet ? reader.ReadValue("inverse.element") : null;
        var flags = reader.ReadInt32("inverse.flags", 0, 3);
        return new(kind, element, (flags & 1) != 0, (flags & 2) != 0, reader.ReadDot("inverse.own"), reader.ReadDots("inverse.before"));
    }

    private static bool IsOn(in Votes votes) => votes.For.Count > 0 && votes.Against.Count == 0;

    private static Votes VotesIn(CrdtState state, ValueBytes? element) => state switch
    {
        SetState set => set.VotesFor(element!.Value),
        RemoveWinsSetState set => set.VotesFor(element!.Value),
        _ => ((FlagState)state).CurrentVotes,
    };
}
