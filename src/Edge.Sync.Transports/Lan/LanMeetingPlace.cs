using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync.Transports.Lan;

/// <summary>What a meeting place's name stands for: 16 ports, and a greeting by which its participants know each other.</summary>
/// <remarks>
/// <para>With <c>hash = SHA-256("Edge.Sync LAN 1" 00 name)</c>, the name in UTF-8 and compared byte for byte:</para>
/// <code>
/// ports     23000 + 16 * (hash[24..28] as big-endian uint32 mod 512) and the 15 after it
/// greeting  | "EDGELAN1" | hash[0..24] |     32 bytes
/// </code>
/// <para>
/// The ports lie within 23000 to 31191: below the range from which systems draw ports for outgoing connections (32768 up on Linux, 49152 up
/// elsewhere). Blocks do not overlap, so two names share all 16 ports or none. One in 512 pairs does share; the greeting keeps them apart.
/// </para>
/// </remarks>
internal sealed class LanMeetingPlace
{
    public const int CandidateCount = 16;
    public const int NameLengthMax = 128;
    private const int FirstPortOfAll = 23000;
    private const int BlockCount = 512;

    public LanMeetingPlace(string name)
    {
        var hash = SHA256.HashData([.. "Edge.Sync LAN 1\0"u8, .. Encoding.UTF8.GetBytes(name)]);
        Name = name;
        FirstPort = FirstPortOfAll + CandidateCount * (int)(BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(24)) % BlockCount);
        Greeting = (byte[])[.. "EDGELAN1"u8, .. hash.AsSpan(0, 24)];
    }

    public string Name { get; }

    public int FirstPort { get; }

    public ReadOnlyMemory<byte> Greeting { get; }

    public IPEndPoint Candidate(int index) => new(IPAddress.Loopback, FirstPort + index);
}
