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

    /// <summary>The id's 32 bytes, in a new array.</summary>
    public byte[] ToByteArray() => Hash.ToByteArray();

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => Hash.ToString();
}
