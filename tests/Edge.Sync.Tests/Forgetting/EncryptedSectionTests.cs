using System.Buffers;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Forgetting;

/// <summary>A section that only those with its key can read, byte by byte.</summary>
public class EncryptedSectionTests
{
    private const int SaltAt = 4, DocumentAt = 22, KeyAt = 40, CollectionAt = 57;

    private static readonly DocumentKey s_document = new("patient", DocumentId.Named("ada"));
    private static readonly Dot s_first = new(new(7, 7), 1);
    private static readonly ContentKey s_key = ContentKey.Create(s_document, new SeededRandom(1));

    [Fact]
    public void Section_is_read_by_who_has_the_key_and_names_its_document_to_all()
    {
        var section = Write(s_key, 42);
        var read = DocumentSection.Read(section, s_first, 1, new Keys(s_key))!;
        Assert.Equal((s_document, s_key.Id, true), (read.Key, read.EncryptedWith, read.IsReadable));
        Assert.Equal(42, ((CounterDelta)read.Operations.Single().Delta).Amount);
        var without = DocumentSection.Read(section, s_first, 1, NoKeys.Instance)!;
        Assert.Equal((s_document, s_key.Id, false), (without.Key, without.EncryptedWith, without.IsReadable));
        Assert.Empty(without.Operations);
        Assert.Equal(s_key.Id, DocumentSection.ReadKeyId(section));
        var envelope = SectionEnvelope.Of(section);
        Assert.Equal((SectionKind.SealedDocument, s_document), (envelope.Kind, envelope.Document));
    }

    /// <summary>Not one bit of the whole section can be another, for somebody who has all keys.</summary>
    [Fact]
    public void Section_with_any_bit_changed_is_void_or_waits_for_another_key()
    {
        var section = Write(s_key, 42);
        var (voids, waits) = (0, 0);
        for (var bit = 0; bit < section.Length * 8; bit++)
        {
            var other = (byte[])section.Clone();
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                var read = DocumentSection.Read(other, s_first, 1, new Keys(s_key));
                // A bit of the kind, or of the key's id: nobody has that key.
                if (read is null) Assert.Equal(1, bit / 8);
                else
                {
                    Assert.False(read.IsReadable, $"bit {bit}");
                    Assert.InRange(bit / 8, KeyAt, KeyAt + ContentKeyId.SizeBytes - 1);
                    waits++;
                }
            }
            catch (EdgeDataException) { voids++; }
        }
        Assert.Equal(ContentKeyId.SizeBytes * 8, waits);
        Assert.True(voids > 500);
    }

    [Fact]
    public void Section_that_names_a_key_of_another_document_is_void()
    {
        var section = Write(s_key, 42);
        DocumentId.Named("bob").WriteTo(section.AsSpan(DocumentAt));
        Assert.Equal("section.key", Assert.Throws<EdgeDataException>(() => DocumentSection.Read(section, s_first, 1, new Keys(s_key))).Field);
        section = Write(s_key, 42);
        section[CollectionAt + 1] ^= 3;
        Assert.Equal("section.key", Assert.Throws<EdgeDataException>(() => DocumentSection.Read(section, s_first, 1, new Keys(s_key))).Field);
    }

    [Fact]
    public void What_stands_in_the_clear_tells_neither_the_amount_nor_the_field()
    {
        var section = Write(s_key, 123_456_789);
        Assert.Equal(-1, section.AsSpan().IndexOf(Plain(123_456_789)));
    }

    /// <summary>Twins that were cloned with the state of their random generators.</summary>
    [Fact]
    public void Equal_random_bytes_give_another_nonce_for_another_content_and_for_another_change()
    {
        Assert.Equal(Write(s_key, 1), Write(s_key, 1));
        byte[][] sections = [Write(s_key, 1), Write(s_key, 2), Write(s_key, 1, new(new(7, 7), 2)), Write(s_key, 1, new(new(7, 8), 1))];
        Assert.Equal(sections.Length, sections.Select(static section => Convert.ToHexString(section.AsSpan(SaltAt, 12))).Distinct().Count());
    }

    [Fact]
    public void Key_s_id_follows_from_the_key_and_its_document()
    {
        Assert.Equal(s_key.Id, ContentKey.Import(s_document, s_key.Secret).Id);
        ContentKey[] others = [ContentKey.Import(new("patients", s_document.Id), s_key.Secret), ContentKey.Import(new("patient", DocumentId.Named("bob")), s_key.Secret), ContentKey.Create(s_document, new SeededRandom(2))];
        Assert.DoesNotContain(s_key.Id, others.Select(static key => key.Id));
        Assert.Throws<ArgumentException>(() => ContentKey.Import(s_document, new byte[31]));
    }

    [Fact]
    public void Destroyed_key_reads_nothing()
    {
        var key = ContentKey.Import(s_document, s_key.Secret);
        var salt = new byte[16];
        var ciphertext = key.Encrypt(s_first, new byte[16], "x"u8, salt);
        Assert.Equal("x"u8, key.Decrypt(salt, ciphertext)!);
        key.Destroy();
        Assert.Null(key.Decrypt(salt, ciphertext));
    }

    private static byte[] Write(ContentKey key, long amount, Dot? first = null) => DocumentSection.WriteEncrypted(key, first ?? s_first, new byte[16], NewTable(), 1, Plain(amount));

    private static byte[] Plain(long amount)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output, NewTable());
        writer.Raw.Write(1234u);
        writer.Raw.Write((byte)CrdtKind.Counter);
        writer.Raw.Write(0);
        new CounterDelta(CrdtKind.Counter, s_first, amount).Write(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static ReplicaTable NewTable()
    {
        var table = new ReplicaTable();
        table.IndexOf(s_first.Replica);
        return table;
    }

    private sealed class Keys(params ContentKey[] keys) : IContentKeys
    {
        public ContentKey? Find(ContentKeyId id) => Array.Find(keys, key => key.Id == id);

        public bool IsEmpty => keys.Length == 0;
    }
}
