using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Undo;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Undo;

/// <summary>A replica of one field with a history of its own edits: the least that takes back and does again. Inverses live as bytes, as they do on disk.</summary>
internal sealed class UndoingReplica(CrdtSubject subject, ReplicaId id)
{
    private readonly List<Step> _undo = [];
    private readonly List<Step> _redo = [];

    public CrdtReplica Replica { get; } = new(subject, id);

    public CrdtState State => Replica.State;

    /// <summary>What was written, for others to receive.</summary>
    public List<Operation> Written { get; } = [];

    public List<UndoObstacleReason> Obstacles { get; } = [];

    public int UndoCount => _undo.Count;

    public int RedoCount => _redo.Count;

    /// <summary>Makes an edit; false where there is nothing to say, or nothing that could be taken back.</summary>
    public bool Edit(int intent, HybridTimestamp stamp) => Edit((state, dot) => subject.Mutate(state, dot, intent), stamp);

    public bool Edit(Func<CrdtState, Dot, Delta?> edit, HybridTimestamp stamp)
    {
        var target = new Target(this, stamp);
        if (edit(State, target.Next) is not { } delta) return false;
        target.Commit(delta);
        if (target.Captured.Count == 0) return false;
        _undo.Add(new(target.Captured));
        _redo.Clear();
        return true;
    }

    public void Undo(HybridTimestamp stamp) => Move(_undo, _redo, stamp);

    public void Redo(HybridTimestamp stamp) => Move(_redo, _undo, stamp);

    private void Move(List<Step> from, List<Step> to, HybridTimestamp stamp)
    {
        if (from.Count == 0) return;
        var step = from[^1];
        from.RemoveAt(from.Count - 1);
        var target = new Target(this, stamp);
        for (var i = step.Inverses.Count - 1; i >= 0; i--) Copy(step.Inverses[i]).Rename(target.Renamed).Apply(target);
        foreach (var other in _undo.Concat(_redo)) other.Rename(target.Renamed);
        if (target.Captured.Count > 0) to.Add(new(target.Captured));
    }

    /// <summary>Written and read again.</summary>
    public static Inverse Copy(Inverse inverse)
    {
        var table = new ReplicaTable();
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, table);
        inverse.Write(ref writer);
        writer.Flush();
        var reader = new WireReader(output.WrittenMemory, [.. table.Replicas]);
        var copy = Inverse.Read(ref reader);
        reader.ReadEnd("inverse");
        return copy;
    }

    private sealed record Step(List<Inverse> Inverses)
    {
        public void Rename(DotRenaming names)
        {
            for (var i = 0; i < Inverses.Count; i++) Inverses[i] = Inverses[i].Rename(names);
        }
    }

    private sealed class Target(UndoingReplica owner, HybridTimestamp stamp) : UndoTarget
    {
        public List<Inverse> Captured { get; } = [];

        public override Dot Next => new(owner.Replica.Id, owner.Replica.Version[owner.Replica.Id] + 1);

        public override DotRenaming Renamed { get; } = new();

        public override CrdtState State(CrdtKind kind) => owner.State.Kind == kind ? owner.State : throw new InvalidOperationException($"The field is no {kind}.");

        public override bool Holds(CrdtKind kind, Dot dot) => true;

        public override void Refuse(UndoObstacleReason reason) => owner.Obstacles.Add(reason);

        public override void Commit(Delta delta)
        {
            Assert.Equal(Next, delta.First);
            if (Inverse.Of(owner.State, delta) is { } inverse) Captured.Add(inverse);
            var operation = new Operation(Bytes.Copy(delta), -1, stamp, new(owner.Replica.Version), owner.Replica.Fold);
            owner.Replica.Receive(operation);
            owner.Written.Add(operation);
        }
    }
}
