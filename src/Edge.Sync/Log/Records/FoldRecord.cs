using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Says which prefix of the log its author has folded, and what to. A member who can read writes it.</summary>
/// <param name="Points">The last folded change of each feed, and of each branch of one that has forked, by the feed's own name; ascending by replica, counter and id, no two the same. At most <see cref="PointsMax"/>.</param>
/// <param name="Root">The Merkle root of the canonical states.</param>
/// <param name="StateVersion">Which version of the fold made them: 0 to 2³¹ - 1.</param>
/// <param name="Retired">The root over (replica, counter, id) of the feeds that have left the vectors; null while none has.</param>
internal sealed record FoldRecord(FeedEnd[] Points, Hash256 Root, int StateVersion, Hash256? Retired) : PendingRecord
{
    public const int RecordKind = 5, PointsMax = 10_000;

    public override int Kind => RecordKind;

    protected override int FieldCount => 4;

    public bool Equals(FoldRecord? other) => other is not null && Points.AsSpan().SequenceEqual(other.Points) && (Root, StateVersion, Retired) == (other.Root, other.StateVersion, other.Retired);

    public override int GetHashCode() => HashCode.Combine(Points.Length, Root, StateVersion, Retired);

    public override string ToString() => $"fold {Points.Length} feeds";

    protected override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Points.Length * PointFields);
        foreach (var point in Points)
            WritePoint(ref writer, point);
        writer.Write(Root.ToByteArray());
        writer.Write(StateVersion);
        if (Retired is { } retired) writer.Write(retired.ToByteArray());
        else writer.WriteNil();
    }

    internal static FoldRecord Read(ref WireReader reader, int count)
    {
        if (count != 4) throw reader.Malformed("record", $"points, a root, a version and another root were expected, {count} elements are there");
        var flat = reader.ReadArrayHeader("record.points", 1);
        if (flat == 0 || flat % PointFields != 0 || flat / PointFields > PointsMax) throw reader.Malformed("record.points", $"1 to {PointsMax} points are allowed");
        var points = new FeedEnd[flat / PointFields];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = ReadPoint(ref reader);
            if (i > 0 && Compare(points[i - 1], points[i]) >= 0) throw reader.Malformed("record.points", "they are not in ascending order");
        }
        var root = ReadHash(ref reader, "record.root");
        var version = reader.ReadInt32("record.stateVersion", 0, int.MaxValue);
        Hash256? retired = reader.TryReadNil() ? null : ReadHash(ref reader, "record.retired");
        return new(points, root, version, retired);
    }

    private static int Compare(in FeedEnd a, in FeedEnd b)
    {
        var order = a.Last.Replica.CompareTo(b.Last.Replica);
        if (order == 0) order = a.Last.Counter.CompareTo(b.Last.Counter);
        return order != 0 ? order : a.Id.Hash.CompareTo(b.Id.Hash);
    }
}
