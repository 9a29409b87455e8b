namespace Edge.Sync.Crdts;

/// <summary>What a <see cref="ListDelta"/> does.</summary>
internal enum ListOperation
{
    Insert = 0,
    Move = 1,
    Set = 2,
    Delete = 3,
}
