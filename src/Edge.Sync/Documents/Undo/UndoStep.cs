using System.Buffers;
using Edge.Sync.Crdts.Undo;

namespace Edge.Sync.Documents.Undo;

/// <summary>What takes back one change: an inverse for each document that it edited. Kept in the local file only, never sent.</summary>
/// <remarks>
/// <code>
/// step      = [ version, [ replica, ... ], [ collection, document id, existence, [ field id, inverse, ... ], ... ] ]
/// existence = nil | [ was there 1 + is there 2 + deletion wins 4, [ own dot ], [ dot before ] ]
/// </code>
/// </remarks>
internal sealed class UndoStep
{
    private const int FormatVersion = 1;

    /// <summary>Added to the id of a field that stays on this device.</summary>
    private const ulong LocalBit = 1ul << 32;

    private readonly List<DocumentInverse> _documents = [];

    /// <summary>In the order in which they were first touched.</summary>
    public IReadOnlyList<DocumentInverse> Documents => _documents;

    public bool IsEmpty => _documents.TrueForAll(static d => d.IsEmpty);

    public DocumentInverse Of(DocumentKey key)
    {
        if (_documents.Find(d => d.Key == key) is { } found) return found;
        var added = new DocumentInverse(key);
        _documents.Add(added);
        return added;
    }

    /// <summary>Drops what would take back edits of a document. False where there is none.</summary>
    public bool Forget(DocumentKey key) => _documents.RemoveAll(document => document.Key == key) > 0;

    public void Apply(ChangeDraft change, DotRenaming renamed, Action<UndoNote> refuse)
    {
        for (var i = _documents.Count - 1; i >= 0; i--)
        {
            var draft = change.Open(_documents[i].Key);
            _documents[i].Apply(draft, () => change.OpenLocal(draft), renamed, refuse);
        }
    }

    public bool Rename(DotRenaming names)
    {
        var changed = false;
        foreach (var document in _documents)
            changed |= document.Rename(names);
        return changed;
    }

    /// <summary>The same documents, with nothing that could be taken back.</summary>
    public UndoStep WithoutContent(UndoObstacleReason reason)
    {
        var step = new UndoStep();
        foreach (var document in _documents)
            step.Of(document.Key).Fields.Add((0, new IrrevocableInverse(reason)));
        return step;
    }

    public byte[] Write()
    {
        var replicas = new ReplicaTable();
        var body = new ArrayBufferWriter<byte>(128);
        var writer = new WireWriter(body, replicas);
        writer.Raw.WriteArrayHeader(_documents.Count * 4);
        foreach (var document in _documents)
        {
            writer.Raw.Write(document.Key.Collection);
            writer.Raw.Write(document.Key.Id.ToByteArray());
            Write(ref writer, document.Existence);
            writer.Raw.WriteArrayHeader((document.Fields.Count + document.LocalFields.Count) * 2);
            foreach (var (field, inverse) in document.Fields)
            {
                writer.Raw.Write(field);
                inverse.Write(ref writer);
            }
            foreach (var (field, inverse) in document.LocalFields)
            {
                writer.Raw.Write(field | LocalBit);
                inverse.Write(ref writer);
            }
        }
        writer.Flush();

        var output = new ArrayBufferWriter<byte>(body.WrittenCount + 32);
        var head = new WireWriter(output, replicas);
        head.Raw.WriteArrayHeader(3);
        head.Raw.Write(FormatVersion);
        head.Raw.WriteArrayHeader(replicas.Replicas.Count);
        foreach (var replica in replicas.Replicas)
            head.Raw.Write(replica.ToByteArray());
        head.Raw.WriteRaw(body.WrittenSpan);
        head.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="EdgeDataException">The bytes are no step, or one of a newer version.</exception>
    public static UndoStep Read(byte[] bytes)
    {
        var head = new WireReader(bytes, default);
        head.ReadArrayHeader("step", 3, exactly: true);
        var version = head.ReadInt32("step.version");
        if (version != FormatVersion) throw head.Malformed("step.version", $"version {version} is not known");
        var replicas = new ReplicaId[head.ReadArrayHeader("step.replicas", 1 + ReplicaId.SizeBytes)];
        for (var i = 0; i < replicas.Length; i++)
            replicas[i] = head.ReadReplicaId("step.replicas");

        var reader = new WireReader(bytes.AsMemory((int)head.Offset), replicas);
        var step = new UndoStep();
        var length = reader.ReadArrayHeader("step.documents");
        if (length % 4 != 0) throw reader.Malformed("step.documents", "a document is cut short");
        for (var i = 0; i < length; i += 4)
        {
            var collection = reader.ReadString("step.collection");
            var id = reader.ReadBytes("step.document");
            if (id.Length != DocumentId.SizeBytes) throw reader.Malformed("step.document", $"a document id has {DocumentId.SizeBytes} bytes");
            var document = step.Of(new(collection, DocumentId.FromBytes(id)));
            if (ReadExistence(ref reader) is { } existence) document.Capture(existence);
            var fields = reader.ReadArrayHeader("step.fields");
            if (fields % 2 != 0) throw reader.Malformed("step.fields", "a field is cut short");
            for (var j = 0; j < fields; j += 2)
            {
                var field = reader.ReadUInt64("step.field");
                if (field >= LocalBit << 1) throw reader.Malformed("step.field", "a field id has 32 bits");
                ((field & LocalBit) != 0 ? document.LocalFields : document.Fields).Add(((uint)field, Inverse.Read(ref reader)));
            }
        }
        reader.ReadEnd("step");
        return step;
    }

    private static void Write(ref WireWriter writer, ExistenceInverse? existence)
    {
        if (existence is not { } e)
        {
            writer.Raw.WriteNil();
            return;
        }
        writer.Raw.WriteArrayHeader(3);
        writer.Raw.Write((e.WasThere ? 1 : 0) + (e.IsThere ? 2 : 0) + (e.Wins ? 4 : 0));
        writer.WriteDots(e.Own.Counter == 0 ? [] : [e.Own]);
        writer.WriteDots(e.Before.Counter == 0 ? [] : [e.Before]);
    }

    private static ExistenceInverse? ReadExistence(ref WireReader reader)
    {
        if (reader.TryReadNil()) return null;
        reader.ReadArrayHeader("step.existence", 3, exactly: true);
        var flags = reader.ReadInt32("step.existence", 0, 7);
        return new((flags & 1) != 0, (flags & 2) != 0, ReadOptional(ref reader), ReadOptional(ref reader), (flags & 4) != 0);
    }

    private static Dot ReadOptional(ref WireReader reader) => reader.ReadDots("step.existence") is [var dot, ..] ? dot : default;
}
