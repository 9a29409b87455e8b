using Edge.Sync;

namespace FactoryFloor.Detection;

/// <summary>What a press has decided about itself: the insight that leaves it.</summary>
/// <param name="Press">The press.</param>
/// <param name="RaisedAt">The reading that raised the alarm.</param>
/// <param name="ClearedAt">The reading that cleared it; null while it stands.</param>
/// <param name="Peak">The highest score so far.</param>
internal sealed record AlarmDraft(string Press, DateTimeOffset RaisedAt, DateTimeOffset? ClearedAt, float Peak)
{
    /// <summary>Raising and clearing an alarm are two edits of one document.</summary>
    public DocumentId Id => DocumentId.Named($"alarm/{Press}/{RaisedAt:O}");
}
