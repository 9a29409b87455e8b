using System.Buffers.Binary;
using System.Security.Cryptography;
using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>Objects: the list holds their keys, and a map in the same field what lies under each key. So an object keeps its identity when it is moved, and merges field by field.</summary>
internal sealed class ListObjects<T> : ListItems<T> where T : class, IEdgeObject<T>
{
    public static ListObjects<T> Instance { get; } = new();

    public override T Read(Field list, ValueBytes value) => T.Attach(FieldStore.Nested(T.Schema, new(new ListElementOwner(list, value), 0)));

    public override void Check(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        DetachedFields.CheckDetached(item.Store);
    }

    /// <summary>A hash of the dot and its time: unique, also where two copies of one file use a dot twice; and it stays when what a copy wrote gets other dots.</summary>
    public override ValueBytes Encode(T item, Dot dot, HybridTimestamp stamp)
    {
        Span<byte> name = stackalloc byte[ReplicaId.SizeBytes + 16];
        dot.Replica.WriteTo(name);
        BinaryPrimitives.WriteUInt64BigEndian(name[ReplicaId.SizeBytes..], dot.Counter);
        BinaryPrimitives.WriteUInt64BigEndian(name[(ReplicaId.SizeBytes + 8)..], stamp.Value);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return ValueCodec<Guid>.Encode(new Guid(hash[..16], bigEndian: true));
    }

    public override void Fill(Field list, ValueBytes value, T item) => DetachedFields.CopyTo(item.Store, FieldStore.Nested(T.Schema, new(new MapEntryOwner(list, value), 0)));
}
