namespace Edge.Sync.Storage;

/// <summary>Where a document is stored. Nothing for one that is not.</summary>
/// <param name="Row">The number of its row; 0 for one that has none yet.</param>
/// <param name="HasStateApart">Whether its state is too large for that row, and has one of its own.</param>
internal readonly record struct DocumentPlace(long Row, bool HasStateApart = false);
