using System.Diagnostics;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>One change of the log: who made it, when, why, to what, and what proves it.</summary>
public sealed class HistoryEntry
{
    internal HistoryEntry(ChangeId changeId, ReplicaId replica, DateTimeOffset at, ChangeMetadata metadata, ChangeProof proof, IReadOnlyList<HistoryDocument> documents, DocumentDiff? difference) =>
        (ChangeId, Replica, At, Author, Intent, Trace, Proof, Documents, Difference) = (changeId, replica, at, metadata.Author, metadata.Intent, metadata.Trace, proof, documents, difference);

    /// <summary>The change.</summary>
    public ChangeId ChangeId { get; }

    /// <summary>The replica that made it: this much is proven where <see cref="Proof"/> is <see cref="ChangeProof.Sealed"/>.</summary>
    public ReplicaId Replica { get; }

    /// <summary>When, by that replica's clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Who made it, as the app on that replica said; null where it said nothing.</summary>
    public string? Author { get; }

    /// <summary>Why, as the app said; null where it said nothing.</summary>
    public string? Intent { get; }

    /// <summary>The trace in which it was made, to link what it causes here to what caused it there; default where there was none.</summary>
    public ActivityContext Trace { get; }

    /// <summary>What proves it.</summary>
    public ChangeProof Proof { get; }

    /// <summary>By which change it was rejected, and why: it has no effect then, here and in every version of the database. Null where it counts.</summary>
    public Rejection? Rejection { get; internal init; }

    /// <summary>The documents that it writes, in its order; none in a change that only joins others.</summary>
    public IReadOnlyList<HistoryDocument> Documents { get; }

    /// <summary>In the history of one document: what the change made of it here, in the order in which changes came. Else null, as it is from the first change on of which parts are absent here.</summary>
    public DocumentDiff? Difference { get; }
}

/// <summary>What a change writes of one document.</summary>
/// <param name="Collection">The document's collection.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Fields">The fields that it writes, each once, by wire name; by id, as eight hexadecimal digits, where the class is not known to this database object. None where it only makes, deletes or restores it, and where its contents are absent here.</param>
public sealed record HistoryDocument(string Collection, DocumentId DocumentId, IReadOnlyList<string> Fields)
{
    /// <summary>Whether this part of the change has no effect, on any replica: it names operations that the change does not follow, which no honest author does.</summary>
    public bool IsVoid { get; init; }
}
