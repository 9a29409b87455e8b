using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Tests.Forgetting;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Encrypted sections, for somebody who has their key: what is not as it was encrypted is void, or names a key that nobody has.</summary>
internal sealed class EncryptedSectionCodec() : FuzzCodec<DocumentSection?>("document.encrypted")
{
    private static readonly Lazy<(KeyRing Keys, Dot First, byte[][] Sections)> s_made = new(Make);

    /// <summary>Sections of one document; the same in every run.</summary>
    public static byte[][] Sections => s_made.Value.Sections;

    protected override IEnumerable<byte[]> MakeSeeds() => Sections;

    protected override DocumentSection? Read(byte[] input) => DocumentSection.Read(input, s_made.Value.First, 5_000, s_made.Value.Keys);

    protected override void Check(DocumentSection? value, byte[] input)
    {
        if (value is not { EncryptedWith: not null, IsReadable: true }) return;
        if (!Sections.Any(section => section.AsSpan().SequenceEqual(input))) throw new FuzzException($"A section that nobody has written was decrypted: {Convert.ToHexString(input)}.");
    }

    private static (KeyRing Keys, Dot First, byte[][] Sections) Make()
    {
        var replica = Changes.NewReplica(31);
        foreach (var i in Enumerable.Range(0, 6))
        {
            replica.Begin();
            replica.Edit(draft =>
            {
                var patient = Changes.Attach<Patient>(draft, DocumentId.Named($"{i % 2}"));
                patient.Name = $"Ada {i}";
                patient.Visits.Add(i);
                patient.Notes.Append(new string('x', i * 20));
            });
            replica.Commit();
        }
        return (replica.Keys, new(replica.Log.Self, 1 << 20), [.. Changes.All(replica).SelectMany(change => ChangeCodec.ReadSections(change.Body)).Select(static section => section.ToArray())]);
    }
}
