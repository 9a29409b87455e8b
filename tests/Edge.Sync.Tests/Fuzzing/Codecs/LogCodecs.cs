using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Documents.Undo;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;
using MessagePack;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Changes as peers send them: read, and given an id.</summary>
internal sealed class ChangeFuzzCodec() : FuzzCodec<Change>("change")
{
    protected override IEnumerable<byte[]> MakeSeeds() => Enumerable.Range(1, 3).SelectMany(Changes.Varied).SelectMany(c => new[] { c, c.Erase(key => key.Id == DocumentId.Named("1")), c.Erase(_ => true) }).Select(c => c.Bytes.ToArray());

    protected override Change Read(byte[] input)
    {
        var change = Change.Parse(input);
        change.ComputeId(Changes.Database, default, new ChangeId[change.Header.Dependencies.Length]);
        return change;
    }

    protected override void Check(Change value, byte[] input)
    {
        AssertSame(input, ChangeCodec.Write(value.Header, value.Body.Span), "The change");
        AssertSame(value.Body.ToArray(), value.Body.IsEmpty ? [] : Rewrite(value.Body), "The body");
    }

    private static byte[] Rewrite(ReadOnlyMemory<byte> body)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        var reader = new BodyReader(body);
        writer.WriteArrayHeader(reader.Count);
        while (reader.Read())
        {
            if (reader.IsAbsent)
            {
                writer.WriteArrayHeader(4);
                reader.Envelope.Write(ref writer);
            }
            writer.Write(reader.Content.Span);
        }
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}

/// <summary>Records: read, and written as they were but for the salt.</summary>
internal sealed class RecordCodec() : FuzzCodec<LogRecord?>("log.record")
{
    public static IEnumerable<byte[]> Records()
    {
        var salt = new byte[LogLimits.SaltBytes];
        salt[3] = 7;
        yield return new PurgeRecord(new("job", DocumentId.Named("pump-7"))).Write(salt);
        yield return new ForgetRecord(new("person", DocumentId.Named("ada"))).Write(salt);
        yield return new ClockCapRecord(new(1, 2), 3, 400, new(0x0001_2345_6789_0000)).Write(salt);
        yield return new AcceptRecord().Write(salt);
        yield return new RejectRecord(new(1, 2), 300, new(new(1, 2, 3, 4)), "not by you: ä").Write(salt);
        var point = new FeedEnd(new(new(1, 2), 300), new(new(1, 2, 3, 4)));
        yield return new ReissueRecord(point).Write(salt);
        yield return new OutRecord(new(1, 2), 300, point.Id).Write(salt);
        yield return new OutRecord(new(1, 2), 0, default).Write(salt);
        yield return new FoldRecord([point, point with { Id = new(new(2, 2, 3, 4)) }, new(new(new(3, 4), 5), new(new(5, 6, 7, 8)))], new(9, 9, 9, 9), 6, null).Write(salt);
        yield return new FoldRecord([point], new(9, 9, 9, 9), 6, new(7, 7, 7, 7)).Write(salt);
        yield return new AttestRecord(point, new(9, 9, 9, 9)).Write(salt);
        yield return new MemberRecord(TestKeys.Public, new(1, 2), MemberRole.Judge, "Ada's phone").Write(salt);
    }

    protected override IEnumerable<byte[]> MakeSeeds() => [.. Records(), Convert.FromHexString("9502C410000000000000000000000000000000004D93C0A16101A0")];

    protected override LogRecord? Read(byte[] input) => LogRecord.Read(input);

    protected override void Check(LogRecord? value, byte[] input)
    {
        if (value is null or UnknownRecord) return;
        AssertSame(input, value.Write(input.AsSpan(4, LogLimits.SaltBytes)), "The record");
    }
}

/// <summary>Sections of one change, each joined into a document that is there, as one that counts and as one of a void change: a delta works, or is refused and changes nothing.</summary>
internal sealed class SectionCodec() : FuzzCodec<DocumentSection?>("document.section")
{
    private const int DotCount = 5_000;

    private static readonly Dot s_first = new(new(7, 7), 1 << 20);

    private readonly Lazy<byte[][]> _documents = new(() => [DocumentCodec.Write(new(DocumentId.Named("x"), "job")), .. DocumentStateCodec.Stored().Take(3)]);

    protected override IEnumerable<byte[]> MakeSeeds() => Enumerable.Range(1, 3).SelectMany(Changes.Varied).SelectMany(c => ChangeCodec.ReadSections(c.Body)).Select(s => s.ToArray());

    protected override DocumentSection? Read(byte[] input) => DocumentSection.Read(input, s_first, DotCount, NoKeys.Instance);

    protected override void Check(DocumentSection? value, byte[] input)
    {
        if (value is null) return;
        foreach (var (stored, isVoid) in _documents.Value.SelectMany(static stored => new[] { (stored, false), (stored, true) }))
        {
            var (document, before) = (DocumentCodec.Read(value.Key, stored), stored);
            foreach (var (field, delta) in value.Operations)
            {
                var refused = false;
                try
                {
                    if (isVoid) document.JoinVoid(field, delta, new(9));
                    else document.Join(field, delta, new(9));
                }
                catch (EdgeDataException) { refused = true; }
                var after = DocumentCodec.Write(document);
                if (refused) AssertSame(before, after, "The document that refused a delta");
                before = after;
            }
            DocumentStateCodec.CheckAll(document);
            AssertSame(before, DocumentCodec.Write(DocumentCodec.Read(value.Key, before)), "The document");
        }
    }
}

/// <summary>Documents as they are stored.</summary>
internal sealed class DocumentStateCodec() : FuzzCodec<DocumentState>("document.state")
{
    private static readonly DocumentKey s_key = new("job", DocumentId.Named("1"));

    public static IEnumerable<byte[]> Stored()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var target = Changes.NewReplica(99);
            target.Begin();
            Changes.ApplyAll(target, Changes.Varied(seed));
            target.Commit();
            foreach (var (_, state) in target.ReadDocuments()) yield return state;
        }
        yield return WithGhosts();
    }

    private static byte[] WithGhosts()
    {
        var document = new DocumentState(s_key.Id, s_key.Collection) { Ghosts = new() };
        document.Ghosts.Add(new(new(1, 2), 7), [new(new(1, 2), 3), new(new(4, 5), 6)]);
        document.Ghosts.Add(new(new(4, 5), 9), [new(new(1, 2), 7)]);
        return DocumentCodec.Write(document);
    }

    public static void CheckAll(DocumentState document)
    {
        document.Existence.Check();
        foreach (var field in document.Fields.Select(static field => field.Value)) field.Check();
    }

    protected override IEnumerable<byte[]> MakeSeeds() => Stored();

    protected override DocumentState Read(byte[] input) => DocumentCodec.Read(s_key, input);

    protected override void Check(DocumentState value, byte[] input)
    {
        AssertSame(input, DocumentCodec.Write(value), "The document");
        CheckAll(value);
        AssertSame(input, DocumentCodec.Write(value), "The document after a check");
    }
}

/// <summary>What takes back edits, as a file keeps it.</summary>
internal sealed class UndoStepCodec() : FuzzCodec<UndoStep>("undo.step")
{
    protected override IEnumerable<byte[]> MakeSeeds()
    {
        var replica = Changes.NewReplica(1);
        for (var i = 0; i < 40; i++)
        {
            var step = new UndoStep();
            replica.Begin();
            replica.Edit(draft =>
            {
                draft.Undo = step;
                for (var left = 1 + (i % 3); left > 0; left--) Changes.Write(new((i * 10) + left), draft, DocumentId.Named($"{i % 4}"));
                if (i % 7 == 6) draft.Delete(Changes.SchemaOf<Job>(), DocumentId.Named($"{i % 4}"));
            });
            replica.Commit();
            yield return step.Write();
        }
    }

    protected override UndoStep Read(byte[] input) => UndoStep.Read(input);

    protected override void Check(UndoStep value, byte[] input)
    {
        // The table of replicas may have come in another order: what was written once is written so again.
        var written = value.Write();
        AssertSame(written, UndoStep.Read(written).Write(), "The step");
    }
}
