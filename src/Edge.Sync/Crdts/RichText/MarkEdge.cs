namespace Edge.Sync.Crdts.RichText;

/// <summary>Where a mark starts or ends.</summary>
internal readonly record struct MarkEdge(MarkPlace Place, Mark Mark, bool IsEnd);
