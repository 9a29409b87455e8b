using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Rejects a change: it is void, everywhere, unless this record's author had accepted it before, or the change of this record is void itself.</summary>
/// <param name="Feed">The feed of the change, by its own name, never by that of a branch.</param>
/// <param name="Last">The counter of its last operation.</param>
/// <param name="ChangeId">Its id, which alone says which change it is.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record RejectRecord(ReplicaId Feed, ulong Last, ChangeId ChangeId, string Reason) : LogRecord
{
    public const int RecordKind = 3;

    /// <summary>UTF-16 code units of a reason.</summary>
    public const int ReasonLengthMax = 1000;

    public override int Kind => RecordKind;

    protected override int FieldCount => 4;

    public override string ToString() => $"reject {Feed}:{Last} ({ChangeId}): {Reason}";

    protected override void WriteFields(ref MessagePackWriter writer)
    {
        IdBytes.Write(ref writer, Feed);
        writer.Write(Last);
        writer.Write(ChangeId.ToByteArray());
        writer.Write(Reason);
    }

    internal static RejectRecord Read(ref WireReader reader, int count)
    {
        if (count != 4) throw reader.Malformed("record", $"a change and a reason were expected, {count} elements are there");
        var feed = reader.ReadReplicaId("record.feed");
        var last = reader.ReadCounter("record.counter");
        var id = ReadChangeId(ref reader);
        var reason = reader.ReadString("record.reason");
        if (reason.Length > ReasonLengthMax) throw reader.Malformed("record.reason", $"a reason has at most {ReasonLengthMax} characters");
        return new(feed, last, id, reason);
    }
}
