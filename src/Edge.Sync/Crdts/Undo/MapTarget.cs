namespace Edge.Sync.Crdts.Undo;

/// <summary>What lies under a key of a map.</summary>
internal sealed class MapTarget(UndoTarget outer, ValueBytes key) : UndoTarget
{
    public override Dot Next => outer.Next;

    public override DotRenaming Renamed => outer.Renamed;

    private MapState Map => (MapState)outer.State(CrdtKind.Map);

    public override CrdtState State(CrdtKind kind) => Map.FindOrNew(key, kind);

    public override void Commit(Delta delta) => outer.Commit(MapDelta.Edit(key, delta));

    public override bool Holds(CrdtKind kind, Dot dot) => Map.Holds(key, kind, dot);

    public override void Refuse(UndoObstacleReason reason) => outer.Refuse(reason);
}
