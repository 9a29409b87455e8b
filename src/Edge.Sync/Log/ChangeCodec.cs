using System.Buffers;
using System.Security.Cryptography;
using MessagePack;

namespace Edge.Sync.Log;

/// <summary>The bytes of a change, format version 0. See docs/formats.md.</summary>
/// <remarks>
/// <code>
/// change  = header body
/// header  = [ version, scope, replica, first, count, [ replica, counter, ... ], time, body bytes, owner ]     (MessagePack; scope is nil: the default one)
///           owner, a suite and a public key, is there in the first change of a feed only
/// body    = [ section, ... ] or nothing                                                                (each section a bin, hashed on its own)
/// </code>
/// </remarks>
internal static class ChangeCodec
{
    private const int HeaderFields = 8;
    private const int SectionBytesMin = 2;
    private const int FirstHeaderFields = HeaderFields + 1;

    /// <summary>Header and body in one array.</summary>
    public static byte[] Write(ChangeHeader header, ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>(128 + body.Length);
        WriteHeader(header, output);
        output.Write(body);
        return output.WrittenSpan.ToArray();
    }

    public static ChangeHeader ReadHeader(ReadOnlyMemory<byte> bytes, out int headerBytes)
    {
        var reader = new WireReader(bytes, default);
        var fields = reader.ReadArrayHeader("header");
        var version = reader.ReadInt32("header.version");
        if (version != ChangeHeader.FormatVersion)
            throw new EdgeDataException($"The change has format version {version}; this version of Edge.Sync knows {ChangeHeader.FormatVersion}. Update Edge.Sync.", "header.version", reader.Offset, EdgeErrorCode.NewerFormat);
        if (fields is not (HeaderFields or FirstHeaderFields)) throw reader.Malformed("header", $"{HeaderFields} fields were expected, or {FirstHeaderFields} in the first change of a feed; {fields} are there");
        if (!reader.TryReadNil()) throw reader.Malformed("header.scope", "only the default scope is known");
        var replica = reader.ReadReplicaId("header.replica");
        var first = reader.ReadCounter("header.first");
        var count = reader.ReadInt32("header.count", 1, LogLimits.CountMax);
        if (first + (ulong)count - 1 > Dot.CounterMax) throw reader.Malformed("header.count", "the counter is over its limit");
        var dependencies = ReadDependencies(ref reader, replica);
        var time = new HybridTimestamp(reader.ReadUInt64("header.time"));
        var bodyBytes = reader.ReadInt32("header.bodyBytes", 0, LogLimits.BodyBytesMax);
        if ((first == 1) != (fields == FirstHeaderFields)) throw reader.Malformed("header.owner", "the first change of a feed names its owner, and no other does");
        PublicKey? owner = null;
        if (first == 1 && !PublicKey.TryRead(reader.ReadBytes("header.owner"), out owner)) throw reader.Malformed("header.owner", "it is no public key of a known suite");
        headerBytes = (int)reader.Offset;
        return new(replica, first, count, dependencies, time, bodyBytes, owner);
    }

    /// <summary>SHA-256 over the hashes of the body's sections, so that one may be absent and the rest still verifies.</summary>
    public static Hash256 HashBody(ReadOnlyMemory<byte> body)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> hash = stackalloc byte[Hash256.SizeBytes];
        sha.AppendData("edge-sync/body/0\0"u8);
        foreach (var section in ReadSections(body))
        {
            SHA256.HashData(section.Span, hash);
            sha.AppendData(hash);
        }
        sha.GetHashAndReset(hash);
        return Hash256.FromBytes(hash);
    }

    /// <summary>The sections of a body, as slices of it.</summary>
    /// <remarks>
    /// A change's id covers the sections but not the headers around them. Each of those must therefore be in its one shortest form, or
    /// several byte strings would bear one id.
    /// </remarks>
    /// <exception cref="EdgeDataException">The body is no list of sections, or not in its shortest form.</exception>
    public static List<ReadOnlyMemory<byte>> ReadSections(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) return [];
        var reader = new WireReader(body, default);
        var count = reader.ReadArrayHeader("body", SectionBytesMin);
        if (count == 0) throw reader.Malformed("body", "a body without sections is written as nothing");
        var sections = new List<ReadOnlyMemory<byte>>(count);
        for (var i = 0; i < count; i++)
            sections.Add(reader.ReadSlice("body.section"));
        reader.ReadEnd("body");
        return sections;
    }

    /// <summary>Joins encoded sections to a body.</summary>
    public static byte[] WriteBody(List<byte[]> sections)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(sections.Count);
        foreach (var section in sections)
            writer.Write(section);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteHeader(ChangeHeader header, IBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(header.Owner is null ? HeaderFields : FirstHeaderFields);
        writer.Write(ChangeHeader.FormatVersion);
        writer.WriteNil();
        writer.Write(header.Replica.ToByteArray());
        writer.Write(header.First);
        writer.Write(header.Count);
        writer.WriteArrayHeader(header.Dependencies.Length * 2);
        foreach (var dot in header.Dependencies)
        {
            writer.Write(dot.Replica.ToByteArray());
            writer.Write(dot.Counter);
        }
        writer.Write(header.Timestamp.Value);
        writer.Write(header.BodyBytes);
        if (header.Owner is { } owner) writer.Write(owner.Bytes);
        writer.Flush();
    }

    private static Dot[] ReadDependencies(ref WireReader reader, ReplicaId author)
    {
        var length = reader.ReadArrayHeader("header.dependencies");
        if (length % 2 != 0 || length / 2 > LogLimits.DependenciesMax) throw reader.Malformed("header.dependencies", $"at most {LogLimits.DependenciesMax} pairs are allowed");
        var dependencies = new Dot[length / 2];
        for (var i = 0; i < dependencies.Length; i++)
        {
            dependencies[i] = new(reader.ReadReplicaId("header.dependencies"), reader.ReadCounter("header.dependencies"));
            if (dependencies[i].Replica == author) throw reader.Malformed("header.dependencies", "the author's own previous change is implied and must not be listed");
            if (i > 0 && dependencies[i - 1].Replica >= dependencies[i].Replica) throw reader.Malformed("header.dependencies", "they are not in ascending order");
        }
        return dependencies;
    }
}
