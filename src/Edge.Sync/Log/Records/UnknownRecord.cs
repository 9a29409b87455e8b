using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>A record that a later version wrote: pending until such a version folds the log again.</summary>
internal sealed record UnknownRecord(int RecordKind) : LogRecord
{
    public override int Kind => RecordKind;

    public override bool IsPending => true;

    protected override int FieldCount => 0;

    public override string ToString() => $"record {RecordKind}";

    protected override void WriteFields(ref MessagePackWriter writer) => throw new NotSupportedException("What a later version wrote is passed on as it came.");
}
