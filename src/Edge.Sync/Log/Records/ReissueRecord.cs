using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Says that its change does again what a void change did: of one that is out, by its device under a fresh replica id. Alone in its change, which has as many operations.</summary>
/// <param name="Original">The first change of the act, however often that was issued again; by its feed's own name.</param>
internal sealed record ReissueRecord(FeedEnd Original) : PendingRecord
{
    public const int RecordKind = 0;

    public override int Kind => RecordKind;

    protected override int FieldCount => PointFields;

    public override string ToString() => $"issue {Original.Last} again";

    protected override void WriteFields(ref MessagePackWriter writer) => WritePoint(ref writer, Original);

    internal static ReissueRecord Read(ref WireReader reader, int count) =>
        count == PointFields ? new(ReadPoint(ref reader)) : throw reader.Malformed("record", $"a change was expected, {count} elements are there");
}
