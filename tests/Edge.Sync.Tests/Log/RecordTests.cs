using Edge.Sync.Log;
using Edge.Sync.Log.Records;

namespace Edge.Sync.Tests.Log;

public class RecordTests
{
    private static readonly byte[] s_salt = new byte[LogLimits.SaltBytes];

    [Fact]
    public void Records_round_trip()
    {
        var point = new FeedEnd(new(new(1, 2), 3), new(new(4, 5, 6, 7)));
        foreach (var record in (LogRecord[])[new AcceptRecord(), new RejectRecord(new(1, 2), 3, point.Id, ""), new ClockCapRecord(new(1, 2), 1, Dot.CounterMax, default),
            new ReissueRecord(point), new OutRecord(new(1, 2), 0, default), new OutRecord(new(1, 2), 3, point.Id), new FoldRecord([point], default, 0, null), new AttestRecord(point, default), new MemberRecord(TestKeys.Public, new(1, 2), MemberRole.Member, ""),
            new PurgeRecord(new("job", DocumentId.Named("a"))), new ForgetRecord(new(new('j', 64), DocumentId.Named("b")))])
            Assert.Equal(record, LogRecord.Read(record.Write(s_salt)));
    }

    [Fact]
    public void Pending_records_are_kept_and_passed_on_and_do_nothing()
    {
        var salt = new byte[LogLimits.SaltBytes];
        var point = new FeedEnd(new(new(1, 2), 3), new(new(4, 5, 6, 7)));
        byte[][] records = [new OutRecord(new(1, 2), 0, default).Write(salt), new MemberRecord(TestKeys.Public, new(1, 2), MemberRole.Judge, "Ada").Write(salt), new FoldRecord([point], default, 0, null).Write(salt), Convert.FromHexString("9502C410000000000000000000000000000000004D93C0A16101A0")];
        Assert.All(records, static record => Assert.True(LogRecord.Read(record)!.IsPending));
        var (first, second, third) = (Changes.NewReplica(1), Changes.NewReplica(2), Changes.NewReplica(3));
        Changes.Edit(first, DocumentId.Named("a"), static job => job.Minutes.Add(1));
        var hash = first.ComputeStateHash();
        first.Begin();
        Assert.Equal(AdmissionVerdict.Accepted, first.Apply(Changes.Craft(new(1, 2), 1, 1, [.. first.Log.Heads], 1, records).Bytes));
        first.Commit();
        Changes.Push(first, second);
        Changes.Push(second, third);
        foreach (var replica in (Replica[])[first, second, third])
        {
            Assert.Equal(hash, replica.ComputeStateHash());
            Assert.Equal(0, replica.VoidCount);
            Assert.Equal(records, ChangeCodec.ReadSections(Changes.All(replica)[^1].Body).Select(static section => section.ToArray()));
        }
    }

    [Theory]
    [InlineData(1, 0)] // a counter of none, with an id
    [InlineData(0, 3)]
    public void Out_record_names_a_change_or_none(ulong id, ulong last) =>
        Assert.Equal("record.id", Assert.Throws<EdgeDataException>(() => LogRecord.Read(new OutRecord(new(1, 2), last, new(new(id, 0, 0, 0))).Write(s_salt))).Field);

    [Fact]
    public void Records_beyond_their_limits_are_refused()
    {
        var point = new FeedEnd(new(new(1, 2), 3), new(new(4, 5, 6, 7)));
        AssertRefused("record.points", new FoldRecord([], default, 0, null));
        AssertRefused("record.points", new FoldRecord([point, point], default, 0, null));
        AssertRefused("record.points", new FoldRecord([.. Enumerable.Range(0, FoldRecord.PointsMax + 1).Select(i => point with { Last = new(new(1, (ulong)i), 3) })], default, 0, null));
        AssertRefused("record.name", new MemberRecord(TestKeys.Public, new(1, 2), MemberRole.Member, new('x', 257)));
        AssertRefused("record.role", new MemberRecord(TestKeys.Public, new(1, 2), (MemberRole)2, ""));
        AssertRefused("record.reason", new RejectRecord(new(1, 2), 3, point.Id, new('x', 1001)));
        AssertRefused("record.last", new ClockCapRecord(new(1, 2), 3, 2, default));

        static void AssertRefused(string field, LogRecord record) => Assert.Equal(field, Assert.Throws<EdgeDataException>(() => LogRecord.Read(record.Write(s_salt))).Field);
    }

    [Fact]
    public void Record_of_a_later_version_is_known_by_its_number() =>
        Assert.Equal(new UnknownRecord(77), LogRecord.Read(Convert.FromHexString("9502C410000000000000000000000000000000004D93C0A16101A0")));

    [Theory]
    [InlineData("9401A0A0A0")]
    [InlineData("9300C400A0")]
    [InlineData("91C0", true)]
    [InlineData("90")]
    public void Section_of_another_kind_is_no_record(string hex, bool isMalformed = false)
    {
        if (isMalformed) Assert.Throws<EdgeDataException>(() => LogRecord.Read(Convert.FromHexString(hex)));
        else Assert.Null(LogRecord.Read(Convert.FromHexString(hex)));
    }

    [Theory]
    [InlineData("9102", "record")]
    [InlineData("9202C41000000000000000000000000000000000", "record")]
    [InlineData("9302C40F00000000000000000000000000000007", "record.salt")]
    [InlineData("9302C4100000000000000000000000000000000007", "record")] // nothing behind the kind
    [InlineData("9502C4100000000000000000000000000000000007C40100A36A6F62", "record.document")]
    [InlineData("9502C4100000000000000000000000000000000007C41000000000000000000000000000000000A0", "record.collection")]
    [InlineData("9502C4100000000000000000000000000000000007C41000000000000000000000000000000000A36A6F6200", "record")]
    [InlineData("9602C4100000000000000000000000000000000007C41000000000000000000000000000000000A36A6F6200", "record")]
    [InlineData("9502C41000000000000000000000000000000000CC07C41000000000000000000000000000000000A36A6F62", "record.kind")]
    public void Malformed_record_is_refused_and_the_field_is_named(string hex, string field) =>
        Assert.Equal(field, Assert.Throws<EdgeDataException>(() => LogRecord.Read(Convert.FromHexString(hex))).Field);
}
