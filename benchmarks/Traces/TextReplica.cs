using Edge.Sync.Causality;
using Edge.Sync.Crdts;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>A text and its author, which makes edits the way a document does.</summary>
internal sealed class TextReplica(ReplicaId id)
{
    public TextState Text { get; } = new();

    public ulong Counter { get; private set; }

    /// <summary>Makes and joins one splice. The deltas go to <paramref name="log"/>, where there is one.</summary>
    public void Apply(in Patch patch, DeltaLog? log)
    {
        if (patch.Deleted > 0) Commit(Text.Delete(new(id, Counter + 1), patch.Index, patch.Deleted), log);
        if (patch.Inserted.Length > 0) Commit(Text.Insert(new(id, Counter + 1), patch.Index, patch.Inserted), log);
    }

    /// <summary>The same without an object for each delta: it is written straight into <paramref name="log"/>, where there is one.</summary>
    public void ApplyAtOnce(in Patch patch, DeltaLog? log)
    {
        if (patch.Deleted > 0)
        {
            var edit = Text.DeleteAndJoin(new(id, Counter + 1), patch.Index, patch.Deleted);
            log?.Add(edit);
        }
        if (patch.Inserted.Length > 0)
        {
            var edit = Text.InsertAndJoin(new(id, Counter + 1), patch.Index, patch.Inserted);
            Counter += (ulong)edit.DotCount;
            log?.Add(edit);
        }
    }

    private void Commit(TextDelta delta, DeltaLog? log)
    {
        Text.Join(delta, default);
        Counter += (ulong)delta.DotCount;
        log?.Add(delta);
    }
}
