using Edge.Sync.Log;

namespace Edge.Sync;

/// <summary>
/// Names a change and, with it, all that came before it: SHA-256 over the change, the id of its author's previous change and the ids of those it follows.
/// </summary>
/// <remarks>Two histories that differ cannot bear one id (Kleppmann, "Making CRDTs Byzantine Fault Tolerant", PaPoC 2022).</remarks>
public readonly record struct ChangeId
{
    /// <summary>The length of an id in bytes.</summary>
    public const int SizeBytes = 32;

    internal ChangeId(Hash256 hash) => Hash = hash;

    internal Hash256 Hash { get; }

    /// <summary>Reads ids that stand one after the other.</summary>
    /// <exception cref="EdgeDataException">One is cut short.</exception>
    internal static ChangeId[] ReadAll(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % SizeBytes != 0) throw new EdgeDataException($"Malformed changes.past: ids have {SizeBytes} bytes each, and {bytes.Length} are there.", "changes.past");
        if (bytes.IsEmpty) return [];
        var ids = new ChangeId[bytes.Length / SizeBytes];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = new(Hash256.FromBytes(bytes.Slice(i * SizeBytes, SizeBytes)));
        return ids;
    }

    /// <summary>The id's 32 bytes, in a new array.</summary>
    public byte[] ToByteArray() => Hash.ToByteArray();

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => Hash.ToString();
}
