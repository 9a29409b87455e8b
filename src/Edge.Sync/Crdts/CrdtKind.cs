namespace Edge.Sync.Crdts;

/// <summary>Which CRDT a delta or a state belongs to. It is written beside each, so that any replica joins any document without its class.</summary>
internal enum CrdtKind : byte
{
    Existence = 0,
    Register = 1,
    Counter = 2,
    Set = 3,
    Text = 4,
}
