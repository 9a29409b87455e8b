using Edge.Sync.Log;

namespace Edge.Sync.Replication;

/// <summary>What survives a power cut at whoever says it.</summary>
/// <param name="IsComplete">Whether it names all feeds; else those that moved.</param>
/// <param name="MustRewind">Whether the other side is to begin anew from what is held.</param>
/// <param name="MustTell">Whether it is to tell what each change follows.</param>
/// <param name="Ends">The feeds, by their own names.</param>
/// <param name="Number">Grows from one to the next in a session, from 1.</param>
/// <param name="Absent">All documents of which sections are absent; null where they are too many to name, or the replica may evict.</param>
internal sealed record HaveMessage(bool IsComplete, bool MustRewind, bool MustTell, FeedEnd[] Ends, long Number, IReadOnlyList<DocumentKey>? Absent);
