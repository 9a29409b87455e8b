using Edge.Sync.Log;

namespace Edge.Sync.Tests.Log;

/// <summary>A section may be absent: its change keeps its id, says whose the section was, and takes back that section only.</summary>
public class AbsentSectionTests
{
    private static readonly ChangeId[] s_past = [.. Enumerable.Repeat(default(ChangeId), LogLimits.DependenciesMax)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Change_without_any_of_its_sections_keeps_its_id(int seed)
    {
        var random = new Random(seed);
        var absent = 0;
        foreach (var change in Changes.Varied(seed))
            foreach (var gone in (Func<DocumentKey, bool>[])[_ => true, _ => random.Next(2) == 0, key => key.Id == DocumentId.Named("1")])
            {
                var without = Change.Parse(change.Erase(gone).Bytes);
                Assert.Equal(Id(change), Id(without));
                Assert.Equal(change.Header.Last, without.Header.Last);
                if (!without.HasAbsent()) continue;
                absent++;
                Assert.Same(without, without.Erase(_ => false));
                var rest = without.Erase(_ => true);
                Assert.Equal(Id(change), Id(rest));
                // All of them back gives the very bytes that the author made.
                Assert.Equal(change.Bytes.ToArray(), rest.Refill(Sections(change)).Bytes.ToArray());
                Assert.Equal(change.Bytes.ToArray(), without.Refill(Sections(change)).Bytes.ToArray());
            }
        Assert.InRange(absent, 20, int.MaxValue);
    }

    [Fact]
    public void Absent_section_names_its_document_and_has_none_of_its_bytes()
    {
        var change = TwoDocuments(out var keys);
        var without = change.Erase(key => key == keys[0]);
        var reader = new BodyReader(without.Body);
        Assert.True(reader.Read());
        Assert.True(reader.IsAbsent);
        Assert.Equal(keys[0], reader.Envelope.Document);
        Assert.True(reader.Read());
        Assert.False(reader.IsAbsent);
        Assert.Equal(keys[1], reader.Envelope.Document);
        Assert.False(reader.Read());
        Assert.True(without.Bytes.Span.IndexOf("first secret"u8) < 0);
        Assert.True(without.Bytes.Span.IndexOf("second secret"u8) > 0);
    }

    [Fact]
    public void Section_passed_off_as_another_documents_gives_another_id()
    {
        var change = TwoDocuments(out var keys);
        var without = change.Erase(_ => true).Bytes.ToArray();
        var forged = 0;
        for (var i = without.Length - change.Erase(_ => true).Body.Length; i < without.Length; i++)
            foreach (var bit in (byte[])[1, 128])
            {
                var bytes = (byte[])without.Clone();
                bytes[i] ^= bit;
                try
                {
                    Assert.NotEqual(Id(change), Id(Change.Parse(bytes)));
                    forged++;
                }
                catch (EdgeDataException) { }
            }
        // Ids, names and hashes: 16 + 3 + 32 bytes of each of two sections.
        Assert.InRange(forged, 2 * 2 * 48, int.MaxValue);
    }

    [Fact]
    public void Section_that_was_not_left_out_there_is_not_taken()
    {
        var change = TwoDocuments(out _);
        var without = change.Erase(_ => true);
        var sections = Sections(change);
        Assert.Same(without, without.Refill(new Dictionary<int, ReadOnlyMemory<byte>> { [0] = sections[1], [1] = sections[0], [2] = sections[0], [-1] = sections[0] }));
        var altered = sections[0].ToArray();
        altered[^1] ^= 1;
        var half = without.Refill(new Dictionary<int, ReadOnlyMemory<byte>> { [0] = altered, [1] = sections[1] });
        Assert.True(half.HasAbsent());
        Assert.Equal(Id(change), Id(half));
        Assert.Equal(change.Erase(key => key.Id == DocumentId.Named("first")).Bytes.ToArray(), half.Bytes.ToArray());
    }

    [Fact]
    public void Absent_forms_that_would_not_fit_the_promised_length_are_refused()
    {
        var change = TwoDocuments(out _);
        foreach (var bytes in (int[])[1, 40, 80])
        {
            var short1 = ChangeCodec.Write(change.Header with { BodyBytes = bytes }, change.Erase(_ => true).Body.Span);
            Assert.Equal("change.body", Assert.Throws<EdgeDataException>(() => Change.Parse(short1)).Field);
        }
        // Just as many bytes as the absent forms themselves have do not do either, where the sections cannot be that short.
        var without = change.Erase(_ => true);
        Assert.True(without.Body.Length < change.Body.Length);
    }

    [Fact]
    public void Only_sections_of_documents_may_be_absent()
    {
        var hash = Convert.ToHexString(new byte[32]);
        var id = Convert.ToHexString(new byte[16]);
        foreach (var (absent, field) in ((string, string)[])[
            ($"9400C410{id}A36A6F62C420{hash}", "absent.kind"),
            ($"9402C410{id}A36A6F62C420{hash}", "absent.kind"),
            ($"9404C410{id}A36A6F62C420{hash}", "absent.kind"),
            ($"9301C410{id}C420{hash}", "body.absent"),
            ($"9401C40F{id[2..]}A36A6F62C420{hash}", "absent.document"),
            ($"9401C410{id}A0C420{hash}", "absent.collection"),
            ($"9401C410{id}A665646765 5F61C420{hash}", "absent.collection"), // edge_a
            ($"9401C410{id}D9036A6F62C420{hash}", "absent.collection"), // not the shortest form
            ($"9401C410{id}A36A6F62C41F{hash[2..]}", "absent.hash")])
        {
            var body = Convert.FromHexString("91" + absent.Replace(" ", "", StringComparison.Ordinal));
            var change = Change.Create(new(new(1, 2), 1, 1, [], new(1), body.Length, TestKeys.Public), body);
            Assert.Equal(field, Assert.Throws<EdgeDataException>(() => Id(change)).Field);
        }
    }

    [Theory]
    [InlineData("", SectionKind.None)]
    [InlineData("91", SectionKind.None)]
    [InlineData("C0", SectionKind.None)]
    [InlineData("90", SectionKind.None)]
    [InlineData("91CC80", SectionKind.None)]
    [InlineData("9101", SectionKind.Document)]
    [InlineData("9300C400A0", SectionKind.Metadata)]
    [InlineData("917F", 127)]
    [InlineData("9601C41000000000000000000000000000000000C4100000000000000000000000000000000", SectionKind.Document)]
    public void Section_that_names_no_document_has_an_envelope_too(string hex, byte kind)
    {
        var envelope = SectionEnvelope.Of(Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex + "0"));
        Assert.Equal(kind, envelope.Kind);
        Assert.False(envelope.NamesDocument);
    }

    [Fact]
    public void Encrypted_section_names_its_document_behind_the_key()
    {
        var id = DocumentId.Named("ada");
        foreach (var collection in (string[])["p", new('p', 31), new('p', 32), new('p', 64)])
        {
            var text = (collection.Length < 32 ? [(byte)(0xA0 + collection.Length)] : new byte[] { 0xD9, (byte)collection.Length }).Concat(System.Text.Encoding.UTF8.GetBytes(collection));
            byte[] section = [0x96, 3, 0xC4, 16, .. new byte[16], 0xC4, 16, .. id.ToByteArray(), 0xC4, 16, .. new byte[16], .. text];
            var envelope = SectionEnvelope.Of(section);
            Assert.Equal(new(collection, id), envelope.Document);
            Assert.Equal(section.Length, envelope.SectionBytesMin);
            for (var length = 0; length < section.Length; length++)
                Assert.False(SectionEnvelope.Of(section.AsMemory(0, length)).NamesDocument);
        }
    }

    [Fact]
    public void Computing_an_id_allocates_nothing()
    {
        var change = TwoDocuments(out _);
        change.ComputeId(Changes.Database, default, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            change.ComputeId(Changes.Database, default, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Change TwoDocuments(out DocumentKey[] keys)
    {
        var replica = Changes.NewReplica(1);
        replica.Begin();
        replica.Edit(static draft =>
        {
            Changes.Attach<Job>(draft, DocumentId.Named("first")).Title = "first secret";
            Changes.Attach<Job>(draft, DocumentId.Named("second")).Title = "second secret";
        });
        replica.Commit();
        keys = [new("job", DocumentId.Named("first")), new("job", DocumentId.Named("second"))];
        return Changes.All(replica).Single();
    }

    private static Dictionary<int, ReadOnlyMemory<byte>> Sections(Change change)
    {
        var sections = new Dictionary<int, ReadOnlyMemory<byte>>();
        var reader = new BodyReader(change.Body);
        while (reader.Read())
            sections.Add(reader.Number, reader.Content);
        return sections;
    }

    private static ChangeId Id(Change change) => change.ComputeId(Changes.Database, default, s_past.AsSpan(0, change.Header.Dependencies.Length));
}
