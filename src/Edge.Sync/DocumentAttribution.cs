namespace Edge.Sync;

/// <summary>Who wrote what a document shows now.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Fields">The fields that have been written, in the order of the class; then those that the class does not have.</param>
public sealed record DocumentAttribution(DocumentId DocumentId, IReadOnlyList<FieldAttribution> Fields)
{
    /// <summary>The field of that wire name; null where nobody has written it.</summary>
    public FieldAttribution? Find(string field) => Fields.FirstOrDefault(f => f.Field == field);
}

/// <summary>Who wrote a field.</summary>
/// <param name="Field">The wire name; for a field that the class does not have, its id as eight hexadecimal digits.</param>
/// <param name="By">Of a register, a greatest or a least value: the change that wrote the value shown. Of anything else: the newest change that wrote to the field, by its author's clock.</param>
/// <param name="Spans">Of a text, a list and an event log: who wrote each part, from its beginning to its end, without gaps; neighbours differ in their change. Of anything else none.</param>
public sealed record FieldAttribution(string Field, Attribution By, IReadOnlyList<SpanAttribution> Spans);

/// <summary>Neighbours that one change wrote.</summary>
/// <param name="Index">The first of them: UTF-16 code units of a text, elements of a list, events of an event log.</param>
/// <param name="Length">How many, in the same units.</param>
/// <param name="By">The change that inserted the characters or events; of an element of a list, the one that set it last. What undo has brought back is by the undo.</param>
public sealed record SpanAttribution(int Index, int Length, Attribution By);

/// <summary>A change, as an answer to who it was. Author and time are as its device said: see <see cref="HistoryEntry.Proof"/>.</summary>
/// <param name="ChangeId">The change.</param>
/// <param name="Replica">The replica that made it.</param>
/// <param name="At">When, by that replica's clock.</param>
/// <param name="Author">Who made it, as the app on that replica said; null where it said nothing.</param>
/// <param name="Intent">Why, as the app said; null where it said nothing.</param>
public sealed record Attribution(ChangeId ChangeId, ReplicaId Replica, DateTimeOffset At, string? Author, string? Intent);
