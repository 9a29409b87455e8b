namespace Edge.Sync.Crdts.Undo;

/// <summary>Says why an edit cannot be taken back, so that nobody is left to wonder.</summary>
internal sealed class IrrevocableInverse(UndoObstacleReason reason) : Inverse
{
    /// <summary>For what only grows: grow-only counters and sets, greatest and least values, event logs.</summary>
    public static IrrevocableInverse ByDefinition { get; } = new(UndoObstacleReason.ByDefinition);

    protected override InverseKind Tag => InverseKind.Irrevocable;

    protected override int Length => 2;

    public override void Apply(UndoTarget target) => target.Refuse(reason);

    public override void Write(ref WireWriter writer)
    {
        WriteHead(ref writer);
        writer.Raw.Write((int)reason);
    }

    public static IrrevocableInverse ReadRest(ref WireReader reader) => new((UndoObstacleReason)reader.ReadInt32("inverse.reason"));
}
