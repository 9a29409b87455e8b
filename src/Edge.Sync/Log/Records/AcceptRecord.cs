using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Says that its author accepts all that its change follows: that device cannot reject it any more.</summary>
internal sealed record AcceptRecord : LogRecord
{
    public const int RecordKind = 1;

    public override int Kind => RecordKind;

    protected override int FieldCount => 0;

    public override string ToString() => "accept";

    protected override void WriteFields(ref MessagePackWriter writer) { }

    internal static AcceptRecord Read(ref WireReader reader, int count) => count == 0 ? new() : throw reader.Malformed("record", $"nothing was expected, {count} elements are there");
}
