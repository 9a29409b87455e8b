namespace Edge.Sync.Log;

/// <summary>Names one section on every replica.</summary>
/// <param name="Change">Its change: the last dot, by the names that its author wrote, and the id, which tells branches of a forked feed apart.</param>
/// <param name="Number">Its number within the change, from 0.</param>
internal readonly record struct SectionName(FeedEnd Change, int Number);
