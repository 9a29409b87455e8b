using System.Security.Cryptography;

namespace Edge.Sync.Log;

/// <summary>
/// One atomic commit: a header and the bytes that its author encoded, once. Those bytes are hashed, stored, sent and applied.
/// </summary>
internal sealed class Change
{
    private readonly int _headerBytes;

    private Change(ReadOnlyMemory<byte> bytes, ChangeHeader header, int headerBytes) => (Bytes, Header, _headerBytes) = (bytes, header, headerBytes);

    public ChangeHeader Header { get; }

    /// <summary>Header and body, as the author made them.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public ReadOnlyMemory<byte> HeaderBytes => Bytes[.._headerBytes];

    public ReadOnlyMemory<byte> Body => Bytes[_headerBytes..];

    /// <summary>Reads a change, refusing what is not canonical: one header has one byte string.</summary>
    /// <exception cref="EdgeDataException">The bytes are no change of a known format. The verdict is the same on every replica.</exception>
    public static Change Parse(ReadOnlyMemory<byte> bytes)
    {
        var header = ChangeCodec.ReadHeader(bytes, out var headerBytes);
        if (bytes.Length - headerBytes != header.BodyBytes)
            throw new EdgeDataException($"Malformed change.body at byte {headerBytes}: the header of change {header.Last} promises {header.BodyBytes} bytes, {bytes.Length - headerBytes} are there.", "change.body", headerBytes);
        return new(bytes, header, headerBytes);
    }

    /// <summary>Encodes a change of this replica. The result passes the same checks as one from a peer.</summary>
    public static Change Create(ChangeHeader header, ReadOnlySpan<byte> body) => Parse(ChangeCodec.Write(header, body));

    /// <summary>
    /// The change's id: SHA-256 over a tag, the database, the header, the hash of the body and the ids of all direct predecessors. The latter are
    /// hashed but not sent, so that a change commits to its whole past at no cost on the wire.
    /// </summary>
    /// <param name="database">The database, so that a change of one is never valid in another.</param>
    /// <param name="previous">The id of the previous change of the same feed; all zeros for the first.</param>
    /// <param name="dependencies">The ids of the header's dependencies, in its order.</param>
    /// <exception cref="EdgeDataException">The body is no list of sections.</exception>
    public ChangeId ComputeId(DatabaseId database, ChangeId previous, ReadOnlySpan<ChangeId> dependencies)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> hash = stackalloc byte[Hash256.SizeBytes];
        sha.AppendData("edge-sync/change/0\0"u8);
        Append(sha, database.Hash, hash);
        sha.AppendData(HeaderBytes.Span);
        Append(sha, ChangeCodec.HashBody(Body), hash);
        Append(sha, previous.Hash, hash);
        foreach (var dependency in dependencies)
            Append(sha, dependency.Hash, hash);
        sha.GetHashAndReset(hash);
        return new(Hash256.FromBytes(hash));

        static void Append(IncrementalHash sha, Hash256 value, Span<byte> scratch)
        {
            value.WriteTo(scratch);
            sha.AppendData(scratch);
        }
    }
}
