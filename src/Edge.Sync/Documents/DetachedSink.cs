using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Numbers the operations of a document that belongs to no database yet. They are made anew when it is added to one.</summary>
internal sealed class DetachedSink : IDeltaSink
{
    private ulong _counter = 1;

    public Dot Next => new(default, _counter);

    public HybridTimestamp Stamp => default;

    public void Capture(uint fieldId, CrdtState before, Delta delta) { }

    public void Record(uint fieldId, Delta delta) => _counter += (ulong)delta.DotCount;
}
