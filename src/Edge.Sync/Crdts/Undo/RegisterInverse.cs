namespace Edge.Sync.Crdts.Undo;

/// <summary>Puts back the value that was shown before, while the one that the edit left is still the one shown.</summary>
/// <param name="shown">The write that the edit left as the shown one; none where it left the register empty.</param>
/// <param name="previousDot">The write that was shown before; none where the register was empty.</param>
/// <param name="previous">Its value.</param>
/// <remarks>
/// Where others wrote at the same time as the edit, it is enough to take the edit's own value away: theirs, which had lost, is shown then. The same
/// takes a register back to having no value at all.
/// </remarks>
internal sealed class RegisterInverse(Dot shown, Dot previousDot, ValueBytes? previous) : Inverse
{
    protected override InverseKind Tag => InverseKind.Register;

    protected override int Length => 4;

    public static RegisterInverse Of(RegisterState? before, RegisterDelta delta)
    {
        ConcurrentValue? winner = before is { Count: > 0 } ? before.Values[^1] : null;
        var shown = delta.First;
        if (delta.IsClearing)
        {
            shown = default;
            foreach (var value in before is null ? default : before.Values)
                if (delta.Replaced.BinarySearch(value.Dot) < 0) shown = value.Dot;
        }
        return new(shown, winner?.Dot ?? default, winner?.Value);
    }

    public override void Apply(UndoTarget target)
    {
        var register = (RegisterState)target.State(CrdtKind.Register);
        var now = register.Count == 0 ? default : register.Values[^1].Dot;
        if (now != shown)
        {
            target.Refuse(UndoObstacleReason.Overwritten);
        }
        else if (previous is not { } value || (shown.Counter != 0 && register.Count > 1))
        {
            if (shown.Counter != 0) target.Commit(RegisterDelta.Clear(target.Next, [shown]));
        }
        else
        {
            var delta = register.Set(target.Next, value);
            target.Commit(delta);
            target.Renamed.Add(previousDot, delta.First);
        }
    }

    public override Inverse Rename(DotRenaming names) =>
        names.TryGet(shown, out _) || names.TryGet(previousDot, out _) ? new RegisterInverse(names.Of(shown), names.Of(previousDot), previous) : this;

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        WriteOptional(ref writer, shown);
        WriteOptional(ref writer, previousDot);
        writer.Raw.WriteArrayHeader(previous is null ? 0 : 1);
        if (previous is { } value) writer.WriteValue(value);
    }

    public static RegisterInverse ReadRest(ref WireReader reader)
    {
        var shown = ReadOptional(ref reader, "inverse.shown");
        var previousDot = ReadOptional(ref reader, "inverse.previous");
        var count = reader.ReadArrayHeader("inverse.value");
        if (count > 1) throw reader.Malformed("inverse.value", "there is one value at most");
        return new(shown, previousDot, count == 0 ? null : reader.ReadValue("inverse.value"));
    }
}
