namespace Edge.Sync.Crdts;

/// <summary>Which CRDT a delta or a state belongs to. It is written beside each, so that any replica joins any document without its class.</summary>
/// <remarks>Numbers are stored: they are added to, never changed and never used again.</remarks>
internal enum CrdtKind : byte
{
    Existence = 0,
    Register = 1,
    Counter = 2,
    Set = 3,
    Text = 4,
    List = 5,
    RichText = 6,
    GrowCounter = 7,
    BoundedCounter = 8,
    MaxRegister = 9,
    MinRegister = 10,
    EnableWinsFlag = 11,
    DisableWinsFlag = 12,
    GrowSet = 13,
    RemoveWinsSet = 14,
    Map = 15,
    Tree = 16,
    EventLog = 17,
    Lattice = 18,
}
