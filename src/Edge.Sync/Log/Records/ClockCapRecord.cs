using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Says that the clock of a feed was ahead: of its changes that begin in a range of counters, in all of its branches, stamps are compared as <paramref name="Latest"/> where they are later. Of several caps the earliest counts.</summary>
/// <param name="Feed">The feed, by its own name, never by that of a branch: so it says the same to all, whatever has forked.</param>
/// <param name="First">The first counter.</param>
/// <param name="Last">The last counter, inclusive; not less.</param>
/// <param name="Latest">What they count as at most.</param>
internal sealed record ClockCapRecord(ReplicaId Feed, ulong First, ulong Last, HybridTimestamp Latest) : LogRecord
{
    public const int RecordKind = 4;

    public override int Kind => RecordKind;

    protected override int FieldCount => 4;

    public override string ToString() => $"cap the clock of {Feed} from {First} to {Last} at {Latest}";

    protected override void WriteFields(ref MessagePackWriter writer)
    {
        IdBytes.Write(ref writer, Feed);
        writer.Write(First);
        writer.Write(Last);
        writer.Write(Latest.Value);
    }

    internal static ClockCapRecord Read(ref WireReader reader, int count)
    {
        if (count != 4) throw reader.Malformed("record", $"a feed, two counters and a time were expected, {count} elements are there");
        var feed = reader.ReadReplicaId("record.feed");
        var first = reader.ReadCounter("record.first");
        var last = reader.ReadCounter("record.last");
        if (last < first) throw reader.Malformed("record.last", "it is less than the first counter");
        return new(feed, first, last, new(reader.ReadUInt64("record.time")));
    }
}
