using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Tests.Fuzzing.Codecs;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Golden;

/// <summary>Changes, their ids, and the documents that they fold to have the bytes that they had when the format was written down, and are read back.</summary>
public sealed class GoldenLogTests
{
    [Fact]
    public void Changes_and_documents_have_the_bytes_of_their_file()
    {
        var actual = Make();
        Assert.Equal(GoldenFiles.Read("Log", actual), actual.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Changes_of_the_file_fold_to_its_documents()
    {
        var golden = GoldenText.Parse(GoldenFiles.Read("Log", Make()));
        var target = Changes.NewReplica(99);
        target.Begin();
        Assert.All(Changes.ApplyAll(target, golden.All("change").Select(bytes => Change.Parse(bytes))), verdict => Assert.Equal(AdmissionVerdict.Accepted, verdict));
        target.Commit();
        Assert.Equal(0, target.VoidCount);
        Assert.Equal(golden.All("document").Select(Convert.ToHexString), target.ReadDocuments().Select(d => Convert.ToHexString(d.State)));
        Assert.Equal(golden["state hash"], target.ComputeStateHash());
    }

    [Fact]
    public void Messages_have_the_bytes_of_their_file()
    {
        var actual = new GoldenText();
        foreach (var (message, i) in MessageCodec.Messages().Select((m, i) => (m, i))) actual.Add("message", i, message);
        Assert.Equal(GoldenFiles.Read("Messages", actual), actual.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Records_and_absent_sections_have_the_bytes_of_their_file()
    {
        var actual = new GoldenText();
        foreach (var (record, i) in RecordCodec.Records().Select((r, i) => (r, i))) actual.Add("record", i, record);
        foreach (var (stored, i) in Log(1).Where(s => Change.Parse(s.Bytes).Erase(_ => true).HasAbsent()).Take(6).Select((s, i) => (s, i)))
        {
            actual.Add("change without sections", i, Change.Parse(stored.Bytes).Erase(_ => true).Bytes.Span);
            actual.Add("id", i, stored.Id.ToByteArray());
        }
        Assert.Equal(GoldenFiles.Read("Absent", actual), actual.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Encrypted_sections_have_the_bytes_of_their_file()
    {
        var actual = new GoldenText();
        foreach (var (section, i) in EncryptedSectionCodec.Sections.Select((s, i) => (s, i))) actual.Add("section", i, section);
        Assert.Equal(GoldenFiles.Read("Encrypted", actual), actual.ToString(), ignoreLineEndingDifferences: true);
    }

    /// <summary>What a seed does not give: a key and a section that are written here, and must be read for ever.</summary>
    [Fact]
    public void Encrypted_section_of_the_file_is_read_with_its_key()
    {
        var key = ContentKey.Import(new("patient", DocumentId.Named("ada")), Enumerable.Range(0, 32).Select(static i => (byte)i).ToArray());
        var salt = new byte[16];
        var ciphertext = key.Encrypt(new(new(1, 2), 3), new byte[16], "plaintext"u8, salt);
        var actual = new GoldenText();
        actual.Add("key id", key.Id.ToByteArray());
        actual.Add("salt", salt);
        actual.Add("ciphertext", ciphertext);
        var golden = GoldenText.Parse(GoldenFiles.Read("ContentKey", actual));
        Assert.Equal(golden.ToString(), actual.ToString(), ignoreLineEndingDifferences: true);
        Assert.Equal("plaintext"u8, key.Decrypt(golden["salt"], golden["ciphertext"])!);
    }

    private static IReadOnlyList<StoredChange> Log(int seed)
    {
        var target = Changes.NewReplica(99);
        target.Begin();
        Changes.ApplyAll(target, Changes.Varied(seed));
        target.Commit();
        return target.Store.ReadChanges(0, int.MaxValue);
    }

    private static GoldenText Make()
    {
        var target = Changes.NewReplica(99);
        target.Begin();
        Changes.ApplyAll(target, Changes.Varied(1));
        target.Commit();
        var golden = new GoldenText();
        foreach (var (stored, i) in target.Store.ReadChanges(0, int.MaxValue).Select((s, i) => (s, i)))
        {
            golden.Add("change", i, stored.Bytes.Span);
            golden.Add("id", i, stored.Id.ToByteArray());
        }
        foreach (var ((_, state), i) in target.ReadDocuments().Select((d, i) => (d, i))) golden.Add("document", i, state);
        golden.Add("state hash", target.ComputeStateHash());
        return golden;
    }
}
