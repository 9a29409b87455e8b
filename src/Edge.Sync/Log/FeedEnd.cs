namespace Edge.Sync.Log;

/// <summary>How far a feed is held: the last operation and the id of the change that ends there.</summary>
internal readonly record struct FeedEnd(Dot Last, ChangeId Id);
