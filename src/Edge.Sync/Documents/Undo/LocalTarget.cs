using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Undo;

namespace Edge.Sync.Documents.Undo;

/// <summary>A field that stays on this device, of a document that is being edited.</summary>
internal sealed class LocalTarget(LocalDraft draft, uint fieldId, DotRenaming renamed, Action<UndoObstacleReason> refuse) : UndoTarget
{
    public override Dot Next => draft.Next;

    public override DotRenaming Renamed => renamed;

    public override CrdtState State(CrdtKind kind) => draft.State.Find(fieldId, kind) ?? CrdtState.Create(kind);

    public override void Commit(Delta delta) => draft.Commit(fieldId, delta);

    public override bool Holds(CrdtKind kind, Dot dot) => true;

    public override void Refuse(UndoObstacleReason reason) => refuse(reason);
}
