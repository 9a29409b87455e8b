using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Puts a feed out: its changes beyond a counter are void, those in branches of it too. Written by a more senior member, about no less than what that one holds.</summary>
/// <param name="Feed">The feed, by its own name.</param>
/// <param name="Last">The last operation that counts; 0 where none does.</param>
/// <param name="ChangeId">The change that ends there; zeros where none counts.</param>
internal sealed record OutRecord(ReplicaId Feed, ulong Last, ChangeId ChangeId) : PendingRecord
{
    public const int RecordKind = 2;

    public override int Kind => RecordKind;

    protected override int FieldCount => PointFields;

    public override string ToString() => $"{Feed} is out beyond {Last}";

    protected override void WriteFields(ref MessagePackWriter writer)
    {
        IdBytes.Write(ref writer, Feed);
        writer.Write(Last);
        writer.Write(ChangeId.ToByteArray());
    }

    internal static OutRecord Read(ref WireReader reader, int count)
    {
        if (count != PointFields) throw reader.Malformed("record", $"a feed, a counter and a change's id were expected, {count} elements are there");
        var feed = reader.ReadReplicaId("record.feed");
        var last = reader.ReadUInt64("record.counter");
        if (last > Dot.CounterMax) throw reader.Malformed("record.counter", "it is over its limit");
        var id = ReadChangeId(ref reader);
        if (last == 0 != (id == default)) throw reader.Malformed("record.id", "zeros stand for no change, and for nothing else");
        return new(feed, last, id);
    }
}
