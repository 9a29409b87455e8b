namespace Edge.Sync.Storage.Segments;

/// <summary>The columns of a segment, in the order in which they are written: each its length, then its bytes.</summary>
internal static class SegmentColumns
{
    public const int Replicas = 0, Known = 1, Authors = 2, Counts = 3, Times = 4, Logicals = 5, Lengths = 6, Stored = 7, Heads = 8, Seals = 9, Count = 10;
}
