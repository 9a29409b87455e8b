using System.Buffers;
using MessagePack;

namespace Edge.Sync.Log;

/// <summary>How a change counts, where records of the log say that it counts otherwise than it was written.</summary>
/// <remarks>
/// It follows from the log alone. Kept in front of the change's own bytes and its <see cref="BranchNames"/>, in this file only, so that whoever reads the change folds it alike:
/// <code>
/// ruling = C1 [ latest stamp or nil, 1 void or 0 ]
/// </code>
/// </remarks>
/// <param name="Latest">What its stamp is compared as, where that is earlier than it was written; null where the stamp stands.</param>
/// <param name="IsVoid">Whether it was rejected: it stays in the log and in the graph, without effect.</param>
internal sealed record ChangeRuling(HybridTimestamp? Latest, bool IsVoid = false)
{
    private const byte Mark = 0xC1;
    private const int FieldCount = 2;

    /// <summary>Whether stored bytes begin with a ruling. The names of branches bear the same mark, and have more fields.</summary>
    public static bool IsAt(ReadOnlySpan<byte> stored) => stored.Length > 1 && stored[0] == Mark && stored[1] == (MessagePackCode.MinFixArray | FieldCount);

    /// <summary>Reads the ruling in front of a stored change.</summary>
    /// <exception cref="EdgeDataException">It is damaged.</exception>
    public static ChangeRuling Read(ReadOnlyMemory<byte> stored, out int length)
    {
        var reader = new WireReader(stored[1..], default);
        reader.ReadArrayHeader("ruling", FieldCount, exactly: true);
        HybridTimestamp? latest = reader.TryReadNil() ? null : new(reader.ReadUInt64("ruling.latest"));
        var isVoid = reader.ReadInt32("ruling.isVoid", 0, 1) == 1;
        length = 1 + (int)reader.Offset;
        return new(latest, isVoid);
    }

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(16);
        output.GetSpan(1)[0] = Mark;
        output.Advance(1);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(FieldCount);
        if (Latest is { } latest) writer.Write(latest.Value);
        else writer.WriteNil();
        writer.Write(IsVoid ? 1 : 0);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
