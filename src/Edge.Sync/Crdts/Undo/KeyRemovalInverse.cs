namespace Edge.Sync.Crdts.Undo;

/// <summary>Brings a key of a map back with what lay under it. What others have written under it since stays, and the old comes beside it.</summary>
/// <param name="key">The key.</param>
/// <param name="content">A map with that key alone, as it was: see <see cref="StateCopy"/>.</param>
internal sealed class KeyRemovalInverse(ValueBytes key, byte[] content) : Inverse
{
    protected override InverseKind Tag => InverseKind.KeyRemoval;

    protected override int Length => 3;

    public static KeyRemovalInverse? Of(MapState? map, MapDelta delta) =>
        map is not null && map.Contains(delta.Key) ? new(delta.Key, map.CopyKey(delta.Key)) : null;

    public override void Apply(UndoTarget target) => Restoring.Key(StateCopy.Read(content), key, target);

    // What it holds is dead until it is applied, and nothing else brings it to life: there is nothing to rename.

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        writer.WriteValue(key);
        writer.Raw.Write(content);
    }

    public static KeyRemovalInverse ReadRest(ref WireReader reader)
    {
        var key = reader.ReadValue("inverse.key");
        var content = reader.ReadBytes("inverse.content");
        if (!StateCopy.Read(content).Contains(key)) throw reader.Malformed("inverse.content", "it lacks the key");
        return new(key, content);
    }
}
