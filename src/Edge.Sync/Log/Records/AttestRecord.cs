using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Says that its author folded the same prefix as another one, and came to the same states.</summary>
/// <param name="Fold">The change with the <see cref="FoldRecord"/>, by its feed's own name.</param>
/// <param name="Root">The root that its author got.</param>
internal sealed record AttestRecord(FeedEnd Fold, Hash256 Root) : PendingRecord
{
    public const int RecordKind = 6;

    public override int Kind => RecordKind;

    protected override int FieldCount => PointFields + 1;

    public override string ToString() => $"attest {Fold.Last}";

    protected override void WriteFields(ref MessagePackWriter writer)
    {
        WritePoint(ref writer, Fold);
        writer.Write(Root.ToByteArray());
    }

    internal static AttestRecord Read(ref WireReader reader, int count) =>
        count == PointFields + 1 ? new(ReadPoint(ref reader), ReadHash(ref reader, "record.root")) : throw reader.Malformed("record", $"a change and a root were expected, {count} elements are there");
}
