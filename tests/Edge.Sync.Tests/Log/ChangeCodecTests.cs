using System.Buffers;
using Edge.Sync.Log;
using MessagePack;

namespace Edge.Sync.Tests.Log;

public class ChangeCodecTests
{
    private static readonly string s_point = new('0', 128);
    private static readonly ReplicaId s_alice = new(1, 2);
    private static readonly ReplicaId s_bob = new(3, 4);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Change_round_trips(int seed)
    {
        foreach (var change in Changes.Varied(seed))
        {
            var read = Change.Parse(change.Bytes.ToArray());
            Assert.Equal(change.Header with { Dependencies = read.Header.Dependencies }, read.Header);
            Assert.Equal(change.Header.Dependencies, read.Header.Dependencies);
            Assert.Equal(change.Body, read.Body);
            Assert.Equal(change.Bytes, Change.Create(read.Header, read.Body.Span).Bytes);
            Assert.Equal(Id(change), Id(read));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Scope_and_commit_are_in_the_header_and_in_the_id_and_other_scopes_are_refused(int first)
    {
        var header = new ChangeHeader(s_alice, (ulong)first, 1, [], new(7), 0, first == 1 ? TestKeys.Public : null);
        ChangeHeader[] headers = [header, header with { Scope = 9 }, header with { Commit = 8 }, header with { Scope = 9, Commit = 8 }];
        var changes = Array.ConvertAll(headers, static h => Change.Create(h, []));
        Assert.Equal(headers.Select(static h => (h.Scope, h.Commit, h.Owner)), changes.Select(static change => (change.Header.Scope, change.Header.Commit, change.Header.Owner)));
        Assert.Equal(4, changes.Select(static change => change.ComputeId(Changes.Database, default, [])).Distinct().Count());
        if (first > 1) return;
        foreach (var (change, isOfScope) in changes.Zip((bool[])[false, true, false, true]))
        {
            var replica = Changes.NewReplica(1);
            replica.Begin();
            if (isOfScope) Assert.Equal("header.scope", Assert.Throws<EdgeDataException>(() => replica.Apply(change.Bytes)).Field);
            else Assert.Equal(AdmissionVerdict.Accepted, replica.Apply(change.Bytes));
            replica.Rollback();
        }
    }

    [Fact]
    public void Name_and_pairing_key_make_the_database()
    {
        Assert.Equal(DatabaseId.OfOpen("a"), DatabaseId.OfOpen("a", []));
        Assert.NotEqual(DatabaseId.OfOpen("a", "b"u8), DatabaseId.OfOpen("ab"));
        Assert.NotEqual(DatabaseId.OfOpen("a", "b"u8), DatabaseId.OfOpen("a", "c"u8));
    }

    [Fact]
    public void Header_with_extreme_values_round_trips()
    {
        var random = new Random(1);
        ulong[] counters = [1, 127, 128, 255, 256, 65_535, 65_536, uint.MaxValue, 1UL << 32, Dot.CounterMax];
        foreach (var first in counters)
            foreach (var time in (ulong[])[0, 1, ulong.MaxValue, (ulong)random.NextInt64()])
                for (var dependencies = 0; dependencies <= LogLimits.DependenciesMax; dependencies += 8)
                {
                    var header = new ChangeHeader(s_alice, first, 1, [.. Enumerable.Range(1, dependencies).Select(i => new Dot(new((ulong)i << 32, 9), counters[i % counters.Length]))], new(time), 0, first == 1 ? TestKeys.Public : null);
                    var read = Change.Create(header, []).Header;
                    Assert.Equal(header with { Dependencies = read.Dependencies }, read);
                    Assert.Equal(header.Dependencies, read.Dependencies);
                }
    }

    [Fact]
    public void Version_1_has_these_bytes()
    {
        var change = Changes.Craft(s_alice, 300, 2, [new(s_bob, 7)], 0x0123_4567_89AB_CDEF, [0x93, 0x00, 0xC4, 0x00, 0xA0]);
        Assert.Equal(
            "98" // header: 8 fields
            + "01" // version
            + "C0" // scope: the default one
            + "C410" + "0000000000000001" + "0000000000000002" // replica
            + "CD012C" // first counter
            + "02" // count
            + "92" + "C410" + "0000000000000003" + "0000000000000004" + "07" // follows bob's 7
            + "CF0123456789ABCDEF" // time
            + "08" // body bytes
            + "91" + "C405" + "9300C400A0", // body: one section
            Convert.ToHexString(change.Bytes.Span));
        Assert.Equal("ba13f42a43a8f1e5", Id(change).ToString()[..16]);
    }

    public static TheoryData<string, string> Malformed() => new()
    {
        { "", "header" },
        { "C0", "header" },
        { "97 01 C0 C41000000000000000010000000000000002 02 01 90 01", "header" }, // 7 fields
        { "98 01 01 C41000000000000000010000000000000002 01 01 90 01 00", "header.scope" },
        { "98 01 C0 C40F000000000000000100000000000000 01 01 90 01 00", "header.replica" },
        { "98 01 C0 C41000000000000000010000000000000002 00 01 90 01 00", "header.first" },
        { "98 01 C0 C41000000000000000010000000000000002 FF 01 90 01 00", "header.first" },
        { "98 01 C0 C41000000000000000010000000000000002 CF0020000000000000 01 90 01 00", "header.first" }, // 2^53
        { "98 01 C0 C41000000000000000010000000000000002 01 00 90 01 00", "header.count" },
        { "98 01 C0 C41000000000000000010000000000000002 01 CE00100001 90 01 00", "header.count" }, // 2^20 + 1
        { "98 01 C0 C41000000000000000010000000000000002 CF001FFFFFFFFFFFFF 02 90 01 00", "header.count" }, // runs over 2^53 - 1
        { "98 01 C0 C41000000000000000010000000000000002 01 01 91 01 01 00", "header.dependencies" },
        { "98 01 C0 C41000000000000000010000000000000002 01 01 92 C41000000000000000010000000000000002 01 01 00", "header.dependencies" }, // itself
        { "98 01 C0 C41000000000000000010000000000000002 01 01 94 C41000000000000000030000000000000004 01 C41000000000000000030000000000000004 02 01 00", "header.dependencies" },
        { "98 01 C0 C41000000000000000010000000000000002 01 01 92 C41000000000000000030000000000000004 00 01 00", "header.dependencies" },
        { "98 01 C0 C41000000000000000010000000000000002 01 01 90 FF 00", "header.time" },
        { "98 01 C0 C41000000000000000010000000000000002 01 01 90 01 CE00800001", "header.bodyBytes" }, // 8 MiB + 1
        { "98 01 C0 C41000000000000000010000000000000002 02 01 90 01 00 00", "change.body" }, // a byte too many
        { "98 01 C0 C41000000000000000010000000000000002 02 01 90 01 02 00", "change.body" }, // a byte short
        { "98 01 C0 C41000000000000000010000000000000002 01 01 DE", "header.dependencies" },
        { "98 01 C0 C41000000000000000010000000000000002 01 01 DDFFFFFFFF", "header.dependencies" },
        { "98 01 C0 C41000000000000000010000000000000002 01 01 90 01 00", "header.owner" }, // the first change of a feed without one
        { "99 01 C0 C41000000000000000010000000000000002 02 01 90 01 00 C400", "header.owner" }, // another with one
        { "99 01 C0 C41000000000000000010000000000000002 01 01 90 01 00 C40101", "header.owner" }, // too short
        { "99 01 C0 C41000000000000000010000000000000002 01 01 90 01 00 C441" + "02" + s_point, "header.owner" }, // a suite that nobody knows
        { "99 01 C0 C41000000000000000010000000000000002 01 01 90 01 00 C50041" + "01" + s_point, "header.owner" },
        // Not the shortest form: a second byte string would be a second id for one change.
        { "DC0008 00 C0 C41000000000000000010000000000000002 02 01 90 01 00", "header" },
        { "98 CC01 C0 C41000000000000000010000000000000002 02 01 90 01 00", "header.version" },
        { "98 01 C0 C5001000000000000000010000000000000002 02 01 90 01 00", "header.replica" },
        { "98 01 C0 B000000000000000010000000000000002 02 01 90 01 00", "header.replica" }, // a str where a bin belongs
        { "98 01 C0 C41000000000000000010000000000000002 CC02 01 90 01 00", "header.first" },
        { "98 01 C0 C41000000000000000010000000000000002 D002 01 90 01 00", "header.first" }, // as a signed number
        { "98 01 C0 C41000000000000000010000000000000002 02 CD0001 90 01 00", "header.count" },
        { "98 01 C0 C41000000000000000010000000000000002 02 01 DC0000 01 00", "header.dependencies" },
        { "98 01 C0 C41000000000000000010000000000000002 02 01 90 CF0000000000000001 00", "header.time" },
        { "98 01 C0 C41000000000000000010000000000000002 02 01 90 01 CC00", "header.bodyBytes" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_change_is_refused_and_the_field_is_named(string hex, string field)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var error = Assert.Throws<EdgeDataException>(() => Change.Parse(bytes));
        Assert.Equal(field, error.Field);
        Assert.Equal(EdgeErrorCode.MalformedData, error.Code);
        Assert.InRange(error.Offset, 0, bytes.Length);
    }

    [Fact]
    public void Well_formed_twin_of_the_malformed_headers_is_read() =>
        Assert.Equal(new Dot(s_alice, 1), Change.Parse(Convert.FromHexString($"9901C0C410000000000000000100000000000000020101900100C441{Convert.ToHexString(TestKeys.Public.Bytes)}")).Header.Last);

    [Fact]
    public void Newer_version_is_told_apart_from_malformed_bytes()
    {
        var error = Assert.Throws<EdgeDataException>(() => Change.Parse(Convert.FromHexString("9902C0C41000000000000000010000000000000002010190010000")));
        Assert.Equal(EdgeErrorCode.NewerFormat, error.Code);
        Assert.Contains("Update Edge.Sync", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> MalformedBodies() =>
    [
        "90", // a body without sections is written as nothing
        "91", // a section is missing
        "91 C4 05 00", // a section is cut short
        "91 C4 01 00 00", // something follows
        "92 C4 01 00",
        "C0",
        "91 C0",
        "91 01",
        "DD FF FF FF FF",
        // Not the shortest form.
        "DC 00 01 C4 01 00",
        "DD 00 00 00 01 C4 01 00",
        "91 C5 00 01 00",
        "91 C6 00 00 00 01 00",
        "91 A1 00", // a str where a bin belongs
        "91 D9 01 00",
    ];

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public void Body_that_is_no_list_of_sections_in_its_shortest_form_is_refused(string hex)
    {
        var body = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var change = Change.Create(new(s_alice, 1, 1, [], new(1), body.Length, TestKeys.Public), body);
        Assert.Throws<EdgeDataException>(() => Id(change));
        var replica = Changes.NewReplica(1);
        replica.Begin();
        Assert.Throws<EdgeDataException>(() => replica.Apply(change.Bytes));
        replica.Commit();
        Assert.Empty(Changes.All(replica));
    }

    /// <summary>What was just written is not read again: it must be what a reader would find.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public void Change_of_sections_is_as_it_would_be_read(int count)
    {
        var sections = new SectionBuffer();
        for (var round = 0; round < 2; round++)
        {
            sections.Clear();
            for (var i = 0; i < count; i++) sections.Add(new byte[i * 7]);
            Assert.Equal(count, sections.Count);
            var header = new ChangeHeader(s_alice, 5, 3, [new(s_bob, 9)], new(7), sections.BodyBytes);
            var made = Change.OfSections(header, sections);
            var read = Change.Parse(made.Bytes);
            Assert.Equal(read.HeaderBytes.ToArray(), made.HeaderBytes.ToArray());
            Assert.Equal(header with { Dependencies = read.Header.Dependencies }, read.Header);
            Assert.Equal(Enumerable.Range(0, count).Select(static i => i * 7), ChangeCodec.ReadSections(made.Body).Select(static section => section.Length));
            Assert.Equal(Id(read), Id(made));
        }
    }

    [Fact]
    public void Bodies_with_sections_of_any_length_are_read()
    {
        foreach (var length in (int[])[0, 1, 255, 256, 65_535, 65_536, 1 << 20])
        {
            byte[] section = new byte[length], other = [1, 2, 3];
            var sections = ChangeCodec.ReadSections(ChangeCodec.WriteBody([section, other]));
            Assert.Equal([length, 3], sections.Select(static s => s.Length));
            Assert.Equal(other, sections[1].ToArray());
        }
        Assert.Equal(70_000, ChangeCodec.ReadSections(ChangeCodec.WriteBody([.. Enumerable.Repeat<byte[]>([7], 70_000)])).Count);
    }

    private static ChangeId Id(Change change) =>
        change.ComputeId(Changes.Database, default, [.. change.Header.Dependencies.Select(static _ => default(ChangeId))]);
}
