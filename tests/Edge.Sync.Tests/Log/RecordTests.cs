using Edge.Sync.Log;
using Edge.Sync.Log.Records;

namespace Edge.Sync.Tests.Log;

public class RecordTests
{
    private static readonly byte[] s_salt = new byte[LogLimits.SaltBytes];

    [Fact]
    public void Records_round_trip()
    {
        foreach (var record in (LogRecord[])[new PurgeRecord(new("job", DocumentId.Named("a"))), new ForgetRecord(new(new('j', 64), DocumentId.Named("b")))])
            Assert.Equal(record, LogRecord.Read(record.Write(s_salt)));
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
