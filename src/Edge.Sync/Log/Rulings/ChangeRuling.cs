using System.Buffers;
using MessagePack;

namespace Edge.Sync.Log;

/// <summary>How a change counts, where the log says that it counts otherwise than it was written.</summary>
/// <remarks>
/// It follows from the log alone. Kept in front of the change's own bytes and its <see cref="BranchNames"/>, in this file only, so that whoever reads the change folds it alike:
/// <code>
/// ruling = C1 [ latest stamp or nil, 1 void or 0 (, [ section, ... ]) ]      the last only where sections are void; ascending
/// </code>
/// </remarks>
/// <param name="Latest">What its stamp is compared as, where that is earlier than it was written; null where the stamp stands.</param>
/// <param name="IsVoid">Whether it was rejected: it stays in the log and in the graph, without effect.</param>
/// <param name="VoidSections">The sections that have no effect, by number, since they name operations from outside of the change's past; null where there are none.</param>
internal sealed record ChangeRuling(HybridTimestamp? Latest, bool IsVoid = false, int[]? VoidSections = null)
{
    private const byte Mark = 0xC1;
    private const int FieldCount = 2;

    /// <summary>The ruling that says this; null where that is nothing.</summary>
    public static ChangeRuling? Of(HybridTimestamp? latest, bool isVoid, int[]? voidSections) => latest is null && !isVoid && voidSections is null ? null : new(latest, isVoid, voidSections);

    public bool Equals(ChangeRuling? other) =>
        other is not null && Latest == other.Latest && IsVoid == other.IsVoid && VoidSections.AsSpan().SequenceEqual(other.VoidSections);

    public override int GetHashCode() => HashCode.Combine(Latest, IsVoid, VoidSections?.Length);

    /// <summary>Whether stored bytes begin with a ruling. The names of branches bear the same mark, and have more fields.</summary>
    public static bool IsAt(ReadOnlySpan<byte> stored) => stored.Length > 1 && stored[0] == Mark && stored[1] is (MessagePackCode.MinFixArray | FieldCount) or (MessagePackCode.MinFixArray | (FieldCount + 1));

    /// <summary>Reads the ruling in front of a stored change.</summary>
    /// <exception cref="EdgeDataException">It is damaged.</exception>
    public static ChangeRuling Read(ReadOnlyMemory<byte> stored, out int length)
    {
        var reader = new WireReader(stored[1..], default);
        var fields = reader.ReadArrayHeader("ruling");
        if (fields is not (FieldCount or FieldCount + 1)) throw reader.Malformed("ruling", $"it has {FieldCount} or {FieldCount + 1} elements, not {fields}");
        HybridTimestamp? latest = reader.TryReadNil() ? null : new(reader.ReadUInt64("ruling.latest"));
        var isVoid = reader.ReadInt32("ruling.isVoid", 0, 1) == 1;
        var sections = fields > FieldCount ? new int[reader.ReadArrayHeader("ruling.sections", 1)] : null;
        for (var i = 0; i < sections?.Length; i++)
            sections[i] = reader.ReadInt32("ruling.section");
        length = 1 + (int)reader.Offset;
        return new(latest, isVoid, sections);
    }

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(16);
        output.GetSpan(1)[0] = Mark;
        output.Advance(1);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(VoidSections is null ? FieldCount : FieldCount + 1);
        if (Latest is { } latest) writer.Write(latest.Value);
        else writer.WriteNil();
        writer.Write(IsVoid ? 1 : 0);
        if (VoidSections is not null)
        {
            writer.WriteArrayHeader(VoidSections.Length);
            foreach (var section in VoidSections)
                writer.Write(section);
        }
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
