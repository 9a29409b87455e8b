using System.Text;
using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Takes a device in as a member. Seniority is the order of these records: causality first, then the id of the change.</summary>
/// <param name="Owner">Whose seals count on the member's feeds.</param>
/// <param name="Replica">The feed that it begins with.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Name">For people; at most <see cref="NameBytesMax"/> bytes of UTF-8.</param>
internal sealed record MemberRecord(PublicKey Owner, ReplicaId Replica, MemberRole Role, string Name) : PendingRecord
{
    public const int RecordKind = 8, NameBytesMax = 256;

    public override int Kind => RecordKind;

    protected override int FieldCount => 4;

    public override string ToString() => $"member {Replica} ({Name}), role {(int)Role}";

    protected override void WriteFields(ref MessagePackWriter writer)
    {
        writer.Write(Owner.Bytes);
        IdBytes.Write(ref writer, Replica);
        writer.Write((int)Role);
        writer.Write(Name);
    }

    internal static MemberRecord Read(ref WireReader reader, int count)
    {
        if (count != 4) throw reader.Malformed("record", $"an owner, a replica, a role and a name were expected, {count} elements are there");
        if (!PublicKey.TryRead(reader.ReadBytes("record.owner"), out var owner)) throw reader.Malformed("record.owner", "it is no public key of a known suite");
        var replica = reader.ReadReplicaId("record.replica");
        var role = (MemberRole)reader.ReadInt32("record.role", 0, (int)MemberRole.Judge);
        var name = reader.ReadString("record.name");
        return Encoding.UTF8.GetByteCount(name) <= NameBytesMax ? new(owner, replica, role, name) : throw reader.Malformed("record.name", $"a name has at most {NameBytesMax} bytes");
    }
}
