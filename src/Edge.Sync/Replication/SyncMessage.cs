using System.Buffers;
using Edge.Sync.Log;
using Edge.Sync.Trust;
using Edge.Sync.Trust.Content;
using MessagePack;

namespace Edge.Sync.Replication;

/// <summary>What two sessions say to each other: MessagePack arrays, protocol version 0. See docs/protocol.md.</summary>
/// <remarks>
/// <code>
/// hello    [ 0, "edge-sync", protocol version, database id, replica, instance, fingerprint, has heard the other hello, keeper state, device key or nil ]
/// have     [ 1, is complete, must rewind, must tell, [ replica, counter, id, ... ], number, nil or [ collection, document id, ... ] ]
///                                                                                what survives a power cut here; it is also the acknowledgement
/// changes  [ 2, [ change, seal or nil, ids of what it follows or nil, ... ] ]
/// ping     [ 3 ]
/// bye      [ 4, error code, reason ]
/// keys     [ 8, [ collection, document id, key, ... ] ]                          of sections that follow, or that the peer asked for
/// want     [ 9, [ key id, ... ] ]                                                the sender has sections that wait for these keys
/// want sections [ 10, [ replica, counter, id, section, ... ] ]                   these are absent at the sender
/// sections [ 11, [ replica, counter, id, section, bytes or nil, ... ] ]          the answer: nil for one that is absent there too
/// </code>
/// </remarks>
internal static partial class SyncMessage
{
    public const int ProtocolVersion = 0;

    public const int Hello = 0, Have = 1, Changes = 2, Ping = 3, Bye = 4, Keys = 8, WantKeys = 9, WantSections = 10, Sections = 11;

    private const string Magic = "edge-sync";
    private const int ReasonCharsMax = 1000;

    public static void WriteHello(IBufferWriter<byte> output, HelloMessage hello)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(10);
        writer.Write(Hello);
        writer.Write(Magic);
        writer.Write(ProtocolVersion);
        writer.Write(hello.Database.Hash.ToByteArray());
        writer.Write(hello.Replica.ToByteArray());
        writer.Write(hello.Instance);
        writer.Write(hello.Fingerprint.ToByteArray());
        writer.Write(hello.HasHeard);
        writer.Write((byte)hello.State);
        if (hello.Key is { } key) writer.Write(key.Bytes);
        else writer.WriteNil();
        writer.Flush();
    }

    public static HelloMessage ReadHello(ref WireReader reader)
    {
        if (reader.ReadString("hello.magic") != Magic) throw reader.Malformed("hello.magic", $"'{Magic}' was expected");
        var version = reader.ReadInt32("hello.version");
        if (version != ProtocolVersion)
            throw new EdgeDataException($"The peer speaks version {version} of the sync protocol, this side speaks {ProtocolVersion}. Update the older one.", "hello.version", reader.Offset, EdgeErrorCode.ProtocolMismatch);
        return new(new(ReadHash(ref reader, "hello.database")), reader.ReadReplicaId("hello.replica"), reader.ReadUInt64("hello.instance"), ReadHash(ref reader, "hello.fingerprint"),
            reader.ReadBoolean("hello.hasHeard"), (KeeperState)reader.ReadInt32("hello.state", 0, (int)KeeperState.Whole), ReadKey(ref reader));
    }

    private static PublicKey? ReadKey(ref WireReader reader)
    {
        if (reader.TryReadNil()) return null;
        return PublicKey.TryRead(reader.ReadSlice("hello.key").Span, out var key) ? key : throw reader.Malformed("hello.key", "it is no key of a suite that this version knows");
    }

    public static void WriteHave(IBufferWriter<byte> output, HaveMessage have)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(7);
        writer.Write(Have);
        writer.Write(have.IsComplete);
        writer.Write(have.MustRewind);
        writer.Write(have.MustTell);
        WriteEnds(ref writer, have.Ends);
        writer.Write(have.Number);
        WriteDocuments(ref writer, have.Absent);
        writer.Flush();
    }

    public static HaveMessage ReadHave(ref WireReader reader, int feedsMax, int absentMax) => new(reader.ReadBoolean("have.isComplete"), reader.ReadBoolean("have.mustRewind"), reader.ReadBoolean("have.mustTell"),
        ReadEnds(ref reader, "have.ends", feedsMax), (long)reader.ReadCounter("have.number"), ReadDocuments(ref reader, "have.absent", absentMax));

    public static void WriteEnds(ref MessagePackWriter writer, FeedEnd[] ends)
    {
        writer.WriteArrayHeader(ends.Length * 3);
        foreach (var end in ends)
            WriteEnd(ref writer, end);
    }

    public static FeedEnd[] ReadEnds(ref WireReader reader, string field, int feedsMax)
    {
        var length = reader.ReadArrayHeader(field);
        if (length % 3 != 0 || length / 3 > feedsMax) throw reader.Malformed(field, $"at most {feedsMax} whole entries are allowed");
        var ends = new FeedEnd[length / 3];
        for (var i = 0; i < ends.Length; i++)
            ends[i] = ReadEnd(ref reader, field);
        return ends;
    }

    public static void WriteDocuments(ref MessagePackWriter writer, IReadOnlyList<DocumentKey>? documents)
    {
        if (documents is null)
        {
            writer.WriteNil();
            return;
        }
        writer.WriteArrayHeader(documents.Count * 2);
        foreach (var document in documents)
        {
            writer.Write(document.Collection);
            writer.Write(document.Id.ToByteArray());
        }
    }

    public static DocumentKey[]? ReadDocuments(ref WireReader reader, string field, int documentsMax)
    {
        if (reader.TryReadNil()) return null;
        var length = reader.ReadArrayHeader(field, 2 + (DocumentId.SizeBytes / 2));
        if (length % 2 != 0 || length / 2 > documentsMax) throw reader.Malformed(field, $"at most {documentsMax} whole entries are allowed");
        var documents = new DocumentKey[length / 2];
        for (var i = 0; i < documents.Length; i++)
        {
            var collection = reader.ReadString(field);
            if (!CollectionName.IsValid(collection)) throw reader.Malformed(field, "it is no name of a collection");
            var id = reader.ReadSlice(field);
            if (id.Length != DocumentId.SizeBytes) throw reader.Malformed(field, $"a document id has {DocumentId.SizeBytes} bytes");
            documents[i] = new(collection, DocumentId.FromBytes(id.Span));
        }
        return documents;
    }

    public static void WriteChanges(IBufferWriter<byte> output, IReadOnlyList<ReceivedChange> changes)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.Write(Changes);
        writer.WriteArrayHeader(changes.Count * 3);
        foreach (var change in changes)
        {
            writer.Write(change.Bytes.Span);
            WriteOptional(ref writer, change.Signature);
            WriteOptional(ref writer, change.Past);
        }
        writer.Flush();
    }

    public static ReceivedChange[] ReadChanges(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("changes", LogLimits.ChangeBytesMin / 3);
        if (length % 3 != 0) throw reader.Malformed("changes", "each change is followed by its seal and by the ids of what it follows, or nil in the place of either");
        var changes = new ReceivedChange[length / 3];
        for (var i = 0; i < changes.Length; i++)
            changes[i] = new(reader.ReadBytes("changes.change"), ReadOptional(ref reader, "changes.seal"), ReadOptional(ref reader, "changes.past"));
        return changes;
    }

    public static void WriteKeys(IBufferWriter<byte> output, IReadOnlyCollection<ContentKey> keys)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.Write(Keys);
        writer.WriteArrayHeader(keys.Count * 3);
        foreach (var key in keys)
        {
            writer.Write(key.Document.Collection);
            writer.Write(key.Document.Id.ToByteArray());
            writer.Write(key.Secret);
        }
        writer.Flush();
    }

    /// <summary>Keys, each of which is what it says it is: its id, by which sections name it, follows from it.</summary>
    public static ContentKey[] ReadKeys(ref WireReader reader, int keysMax)
    {
        var length = reader.ReadArrayHeader("keys", 2);
        if (length % 3 != 0 || length / 3 > keysMax) throw reader.Malformed("keys", $"at most {keysMax} whole entries are allowed");
        var keys = new ContentKey[length / 3];
        for (var i = 0; i < keys.Length; i++)
        {
            var collection = reader.ReadString("keys.collection");
            if (!CollectionName.IsValid(collection)) throw reader.Malformed("keys.collection", "it is no name of a collection");
            var id = reader.ReadSlice("keys.document");
            if (id.Length != DocumentId.SizeBytes) throw reader.Malformed("keys.document", $"a document id has {DocumentId.SizeBytes} bytes");
            var secret = reader.ReadSlice("keys.key");
            if (secret.Length != ContentKey.SecretBytes) throw reader.Malformed("keys.key", $"a key has {ContentKey.SecretBytes} bytes");
            keys[i] = ContentKey.Import(new(collection, DocumentId.FromBytes(id.Span)), secret.Span);
        }
        return keys;
    }

    public static void WriteWantKeys(IBufferWriter<byte> output, IReadOnlyCollection<ContentKeyId> keys)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.Write(WantKeys);
        writer.WriteArrayHeader(keys.Count);
        foreach (var key in keys)
            writer.Write(key.ToByteArray());
        writer.Flush();
    }

    public static ContentKeyId[] ReadWantKeys(ref WireReader reader, int keysMax)
    {
        var length = reader.ReadArrayHeader("want", 2 + ContentKeyId.SizeBytes);
        if (length > keysMax) throw reader.Malformed("want", $"at most {keysMax} entries are allowed");
        var keys = new ContentKeyId[length];
        for (var i = 0; i < keys.Length; i++)
        {
            var id = reader.ReadSlice("want.key");
            if (id.Length != ContentKeyId.SizeBytes) throw reader.Malformed("want.key", $"a key id has {ContentKeyId.SizeBytes} bytes");
            keys[i] = ContentKeyId.FromBytes(id.Span);
        }
        return keys;
    }

    public static void WritePing(IBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(1);
        writer.Write(Ping);
        writer.Flush();
    }

    public static void WriteBye(IBufferWriter<byte> output, EdgeErrorCode code, string reason)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(3);
        writer.Write(Bye);
        writer.Write((int)code);
        writer.Write(Shortened(reason));
        writer.Flush();
    }

    public static (EdgeErrorCode Code, string Reason) ReadBye(ref WireReader reader) => ((EdgeErrorCode)reader.ReadInt32("bye.code"), Shortened(reader.ReadString("bye.reason")));

    private static void WriteEnd(ref MessagePackWriter writer, FeedEnd end)
    {
        writer.Write(end.Last.Replica.ToByteArray());
        writer.Write(end.Last.Counter);
        writer.Write(end.Id.ToByteArray());
    }

    private static FeedEnd ReadEnd(ref WireReader reader, string field) => new(new(reader.ReadReplicaId(field), reader.ReadCounter(field)), new(ReadHash(ref reader, field)));

    private static void WriteOptional(ref MessagePackWriter writer, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) writer.WriteNil();
        else writer.Write(bytes.Span);
    }

    private static ReadOnlyMemory<byte> ReadOptional(ref WireReader reader, string field)
    {
        if (reader.TryReadNil()) return default;
        var bytes = reader.ReadBytes(field);
        return bytes.Length > 0 ? bytes : throw reader.Malformed(field, "nothing is written as nil");
    }

    private static string Shortened(string reason) => reason.Length > ReasonCharsMax ? reason[..ReasonCharsMax] : reason;

    private static Hash256 ReadHash(ref WireReader reader, string field)
    {
        var bytes = reader.ReadBytes(field);
        if (bytes.Length != Hash256.SizeBytes) throw reader.Malformed(field, $"a hash has {Hash256.SizeBytes} bytes, not {bytes.Length}");
        return Hash256.FromBytes(bytes);
    }
}
