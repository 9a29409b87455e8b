using Edge.Sync.Documents;
using Edge.Sync.Documents.History;
using Edge.Sync.Projections;

namespace Edge.Sync;

/// <summary>Something that lost when two edits met that did not know of each other. It is kept until somebody writes who knows both.</summary>
public sealed class Conflict
{
    internal Conflict(DocumentKey key, ConflictRow row, string? field) => (Key, Row, Field) = (key, row, field);

    internal DocumentKey Key { get; }

    internal ConflictRow Row { get; }

    /// <summary>The document's collection.</summary>
    public string Collection => Key.Collection;

    /// <summary>The document.</summary>
    public DocumentId DocumentId => Key.Id;

    /// <summary>The field's wire name; null where it is about the document's existence, or where the class is not known to this database object.</summary>
    public string? Field { get; }

    /// <summary>The keys of maps that lead from the field to the value, outermost first; empty for a field of the document itself.</summary>
    public IReadOnlyList<object?> Path => Rule == ConflictRule.NameTaken ? [] : PlainValue.OfAll(Row.Path);

    /// <summary>The value that lost: null, bool, long, double, string, Guid, DateTimeOffset or decimal; enums are their number.</summary>
    public object? LostValue => PlainValue.Of(Row.Lost);

    /// <summary>The value that is shown instead; of a name that only one may bear, the id of the document that bears it.</summary>
    public object? ShownValue => PlainValue.Of(Row.Shown);

    /// <summary>Who wrote what lost.</summary>
    public ReplicaId By => Row.Dot.Replica;

    /// <summary>When they wrote it, by their clock. For an edit that lost to a deletion: when it was deleted.</summary>
    public DateTimeOffset At => Row.Stamp.ToDateTimeOffset();

    /// <summary>What decided.</summary>
    public ConflictRule Rule => Row.Rule;
}
