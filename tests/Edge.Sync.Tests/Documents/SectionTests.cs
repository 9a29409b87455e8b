using System.Buffers;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;
using MessagePack;

namespace Edge.Sync.Tests.Documents;

public class SectionTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public void Malformed_section_is_void_and_the_rest_of_its_change_stands()
    {
        var author = Changes.NewReplica(1);
        author.Begin();
        author.Edit(static draft =>
        {
            Attach<Job>(draft, DocumentId.Named("first")).Minutes.Add(1);
            Attach<Job>(draft, DocumentId.Named("second")).Minutes.Add(2);
            Attach<Job>(draft, DocumentId.Named("third")).Minutes.Add(3);
        });
        author.Commit();
        var change = Changes.All(author).Single();
        var sections = ChangeCodec.ReadSections(change.Body).Select(static section => section.ToArray()).ToList();
        sections[1] = sections[1][..^1];
        var broken = Rewrite(change, sections);

        var target = Changes.NewReplica(2);
        target.Begin();
        Assert.Equal(AdmissionVerdict.Accepted, target.Apply(broken.Bytes));
        target.Commit();

        Assert.Equal(1, target.VoidCount);
        Assert.Equal([DocumentId.Named("first"), DocumentId.Named("third")], target.Rebuild().Values.Where(static state => state.Existence.Exists).Select(static state => state.Id).OrderBy(static id => id == DocumentId.Named("third")));
        Assert.Equal(3, target.ReadDocuments().Count());
        // It is held as it came, and passed on as it came.
        Assert.Equal(broken.Bytes.ToArray(), Changes.All(target).Single().Bytes.ToArray());
        var next = Changes.NewReplica(3);
        Changes.Push(target, next);
        Assert.Equal(1, next.VoidCount);
        Assert.Equal(target.ComputeStateHash(), next.ComputeStateHash());
        Assert.Equal(target.Log.ToVersion(0).Fingerprint, next.Log.ToVersion(0).Fingerprint);
    }

    public static TheoryData<string, byte[]> VoidSections() => new()
    {
        { "nothing", [] },
        { "no array", [0xC0] },
        { "empty array", [0x90] },
        { "a kind that is no number", [0x91, 0xA0] },
        { "too few parts", Section(static (ref w) => { w.WriteArrayHeader(2); w.Write(1); w.Write(new byte[16]); }) },
        { "a short salt", Document(salt: new byte[15]) },
        { "a short id", Document(id: new byte[15]) },
        { "an empty collection", Document(collection: "") },
        { "a collection of ours", Document(collection: "edge_changes") },
        { "a collection of SQLite's", Document(collection: "sqlite_schema") },
        { "a collection with a quote", Document(collection: "a\"b") },
        { "a collection too long", Document(collection: new('x', 65)) },
        { "a replica cut short", Document(replicas: static (ref w) => { w.WriteArrayHeader(1); w.Write(new byte[15]); }) },
        { "more replicas than bytes", Document(replicas: static (ref w) => w.WriteArrayHeader(int.MaxValue)) },
        { "operations cut short", Document(operations: static (ref w) => { w.WriteArrayHeader(3); w.Write(1); w.Write(2); w.Write(0); }) },
        { "a field id over 32 bits", Document(operations: static (ref w) => Operation(ref w, 1UL << 32, 2, 0)) },
        { "an offset outside of the change", Document(operations: static (ref w) => Operation(ref w, 1, 2, 9)) },
        { "an offset at the change's end", Document(operations: static (ref w) => Operation(ref w, 1, 2, 2)) },
        { "two operations under one dot", Document(operations: static (ref w) => { w.WriteArrayHeader(8); for (var i = 0; i < 2; i++) { w.Write(1); w.Write(2); w.Write(0); w.Write(5); } }) },
        { "something after its end", [.. Document(operations: static (ref w) => Operation(ref w, 1, 2, 0)), 0] },
        { "a replica that is not in the table", Document(operations: static (ref w) => { w.WriteArrayHeader(4); w.Write(1); w.Write(1); w.Write(0); w.WriteArrayHeader(2); w.Write("x"); w.WriteArrayHeader(2); w.Write(1); w.Write(1); }) },
    };

    [Theory]
    [MemberData(nameof(VoidSections))]
    public void Section_with_these_bytes_is_void(string what, byte[] section)
    {
        Assert.NotNull(what);
        var change = Changes.Craft(new(7, 7), 1, 2, null, 1, section);
        var target = Changes.NewReplica(1);
        target.Begin();
        Assert.Equal(AdmissionVerdict.Accepted, target.Apply(change.Bytes));
        target.Commit();
        Assert.Equal(1, target.VoidCount);
        // One that begins as a document's section is noted among that document's changes: a purge takes it too.
        Assert.All(target.ReadDocuments(), static document => Assert.Equal(DocumentCodec.Write(new(document.Key.Id, document.Key.Collection)), document.State));
        Assert.Single(Changes.All(target));
    }

    [Fact]
    public void Well_formed_twin_of_the_void_sections_is_read()
    {
        var section = DocumentSection.Read(Document(operations: static (ref w) => Operation(ref w, 1, 2, 1)), new(new(7, 7), 1), 2, NoKeys.Instance)!;
        Assert.Equal(new("job", s_pump), section.Key);
        Assert.Equal(new Dot(new(7, 7), 2), section.Operations.Single().Delta.First);
    }

    [Fact]
    public void Sections_and_kinds_of_a_later_version_are_passed_over_and_kept()
    {
        var unknownSection = Section(static (ref w) => { w.WriteArrayHeader(2); w.Write(77); w.Write("later"); });
        var unknownKind = Document(operations: static (ref w) =>
        {
            w.WriteArrayHeader(8);
            w.Write(1); w.Write(200); w.Write(0); w.WriteArrayHeader(1); w.Write("later");
            w.Write(1); w.Write(2); w.Write(1); w.Write(30);
        });
        var change = Changes.Craft(new(7, 7), 1, 2, null, 1, unknownSection, unknownKind);
        var target = Changes.NewReplica(1);
        target.Begin();
        Assert.Equal(AdmissionVerdict.Accepted, target.Apply(change.Bytes));
        target.Commit();
        Assert.Equal(0, target.VoidCount);
        Assert.Equal(30, ((Edge.Sync.Crdts.CounterState)target.Rebuild().Single().Value.Fields.Select(static field => field.Value).Single()).Value);
        Assert.Equal(change.Bytes.ToArray(), Changes.All(target).Single().Bytes.ToArray());
    }

    [Theory]
    [InlineData(1, 1)] // the value of a register
    [InlineData(3, 1)] // the element of a set
    [InlineData(200, 0)] // a kind of a later version
    public void Value_nested_to_millions_is_read_and_stored_without_overflowing_the_stack(byte kind, int depthOfValue)
    {
        var nested = new byte[4 << 20];
        Array.Fill(nested, (byte)0x91);
        nested[^1] = 0xC0;
        var section = Document(operations: (ref w) =>
        {
            w.WriteArrayHeader(4);
            w.Write(1);
            w.Write(kind);
            w.Write(0);
            if (kind == 1) w.WriteArrayHeader(2);
            if (kind == 3) { w.WriteArrayHeader(3); w.Write(1); }
            w.WriteRaw(nested);
            if (depthOfValue == 1) w.WriteArrayHeader(0);
        });
        var target = Changes.NewReplica(1);
        target.Begin();
        Assert.Equal(AdmissionVerdict.Accepted, target.Apply(Changes.Craft(new(7, 7), 1, 2, null, 1, section).Bytes));
        target.Commit();
        Assert.Equal(0, target.VoidCount);
        var (key, stored) = target.ReadDocuments().Single();
        Assert.Equal(kind == 200 ? 0 : 1, DocumentCodec.Read(key, stored).Fields.Length);
    }

    [Fact]
    public void Random_bytes_never_give_another_exception()
    {
        var random = new Random(1);
        var valid = Changes.Varied(5).SelectMany(static change => ChangeCodec.ReadSections(change.Body)).Select(static section => section.ToArray()).ToList();
        int refused = 0, read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])valid[random.Next(valid.Count)].Clone();
            for (var n = random.Next(1, 5); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(10) == 0) bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                DocumentSection.Read(bytes, new(new(7, 7), 1), 50, NoKeys.Instance);
                read++;
            }
            catch (EdgeDataException) { refused++; }
        }
        Assert.True(refused > 1_000 && read > 1_000, $"{refused} refused, {read} read");
    }

    private static Change Rewrite(Change change, List<byte[]> sections)
    {
        var body = ChangeCodec.WriteBody(sections);
        return Change.Create(change.Header with { BodyBytes = body.Length }, body);
    }

    private delegate void Write(ref MessagePackWriter writer);

    private static byte[] Section(Write write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Document(byte[]? salt = null, byte[]? id = null, string collection = "job", Write? replicas = null, Write? operations = null) => Section((ref writer) =>
    {
        writer.WriteArrayHeader(6);
        writer.Write(1);
        writer.Write(salt ?? new byte[16]);
        writer.Write(id ?? s_pump.ToByteArray());
        writer.Write(collection);
        if (replicas is null) writer.WriteArrayHeader(0);
        else replicas(ref writer);
        if (operations is null) writer.WriteArrayHeader(0);
        else operations(ref writer);
    });

    private static void Operation(ref MessagePackWriter writer, ulong field, byte kind, int offset)
    {
        writer.WriteArrayHeader(4);
        writer.Write(field);
        writer.Write(kind);
        writer.Write(offset);
        writer.Write(5);
    }

    private static T Attach<T>(ChangeDraft draft, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(draft.Open(T.Schema, id));
}
