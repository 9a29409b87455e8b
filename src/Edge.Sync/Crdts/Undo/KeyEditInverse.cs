namespace Edge.Sync.Crdts.Undo;

/// <summary>Takes back an edit under a key of a map, and the key with it if the edit made it and nobody else has written there.</summary>
/// <param name="key">The key.</param>
/// <param name="own">The dot by which the edit says that the key is there.</param>
/// <param name="wasPresent">Whether the key was there before.</param>
/// <param name="before">The dot by which the same author said so before; none where there was none.</param>
/// <param name="nested">Takes back what the edit did under the key; null where that is nothing.</param>
internal sealed class KeyEditInverse(ValueBytes key, Dot own, bool wasPresent, Dot before, Inverse? nested) : Inverse
{
    protected override InverseKind Tag => InverseKind.KeyEdit;

    protected override int Length => 7;

    public static KeyEditInverse Of(MapState? map, MapDelta delta) => new(delta.Key, delta.KeyDot, map is not null && map.Contains(delta.Key),
        map?.KeyDot(delta.Key, delta.First.Replica) ?? default, delta.Nested is { } nested ? Inverse.Of(map?.Find(delta.Key, nested.Kind), nested) : null);

    public override void Apply(UndoTarget target)
    {
        var map = (MapState)target.State(CrdtKind.Map);
        if (!map.Contains(key))
        {
            target.Refuse(UndoObstacleReason.Removed);
            return;
        }
        var isLatest = map.KeyDot(key, target.Self) == own;
        if (!wasPresent && isLatest && map.KeyDots(key).Length == 1)
        {
            target.Commit(map.Remove(target.Next, key));
            return;
        }
        nested?.Apply(new MapTarget(target, key));
        if (!wasPresent) target.Refuse(UndoObstacleReason.HeldByOthers);
        // From here on the author's latest word on the key stands for the one before the edit too.
        if (isLatest) target.Renamed.Add(before, ((MapState)target.State(CrdtKind.Map)).KeyDot(key, target.Self));
    }

    public override Inverse Rename(DotRenaming names)
    {
        var now = nested?.Rename(names);
        return names.TryGet(own, out _) || names.TryGet(before, out _) || !ReferenceEquals(now, nested)
            ? new KeyEditInverse(key, names.Of(own), wasPresent, names.Of(before), now) : this;
    }

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        writer.WriteValue(key);
        writer.WriteDot(own);
        writer.Raw.Write(wasPresent);
        WriteOptional(ref writer, before);
        if (nested is null) writer.Raw.WriteNil();
        else nested.Write(ref writer);
    }

    public static KeyEditInverse ReadRest(ref WireReader reader, int depth) => new(reader.ReadValue("inverse.key"), reader.ReadDot("inverse.own"),
        reader.ReadBoolean("inverse.wasPresent"), ReadOptional(ref reader, "inverse.before"), reader.TryReadNil() ? null : Read(ref reader, depth + 1));
}
