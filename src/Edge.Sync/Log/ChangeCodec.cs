using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using MessagePack;

namespace Edge.Sync.Log;

/// <summary>The bytes of a change, format version 1. See docs/formats.md.</summary>
/// <remarks>
/// <code>
/// change  = header body
/// header  = [ version, scope, replica, first, count, [ replica, counter, ... ], time, body bytes (, owner (, commit)) ]     (MessagePack; scope is nil, the default one, or bin 16)
///           owner, a suite and a public key, is there in the first change of a feed only, or nil; commit bin 16 where it spans scopes
/// body    = [ section, ... ] or nothing                                                                (each section a bin, hashed on its own; see BodyReader)
/// </code>
/// </remarks>
internal static class ChangeCodec
{
    private const int HeaderFields = 8;
    private const int SectionsAtOnce = 32;
    private const int FirstHeaderFields = HeaderFields + 1;
    private const int CommitHeaderFields = HeaderFields + 2;
    private const int IdBytesOfScope = 16;

    /// <summary>Header and body in one array.</summary>
    public static byte[] Write(ChangeHeader header, ReadOnlySpan<byte> body)
    {
        var bytes = WriteHeader(header, body.Length, out var headerBytes);
        body.CopyTo(bytes.AsSpan(headerBytes));
        return bytes;
    }

    /// <summary>The same, of sections.</summary>
    public static byte[] Write(ChangeHeader header, SectionBuffer sections, out int headerBytes)
    {
        var bytes = WriteHeader(header, header.BodyBytes, out headerBytes);
        sections.WriteBody(bytes.AsSpan(headerBytes));
        return bytes;
    }

    // Leaves room for the body.
    private static byte[] WriteHeader(ChangeHeader header, int bodyBytes, out int headerBytes)
    {
        using var scratch = ScratchBuffer.Rent();
        WriteHeader(header, scratch.Output);
        headerBytes = scratch.Output.WrittenCount;
        var bytes = new byte[headerBytes + bodyBytes];
        scratch.Output.WrittenSpan.CopyTo(bytes);
        return bytes;
    }

    public static ChangeHeader ReadHeader(ReadOnlyMemory<byte> bytes, out int headerBytes)
    {
        var reader = new WireReader(bytes, default);
        var fields = reader.ReadArrayHeader("header");
        var version = reader.ReadInt32("header.version");
        if (version > ChangeHeader.FormatVersion)
            throw new EdgeDataException($"The change has format version {version}; this version of Edge.Sync knows {ChangeHeader.FormatVersion}. Update Edge.Sync.", "header.version", reader.Offset, EdgeErrorCode.NewerFormat);
        if (version < ChangeHeader.FormatVersion) throw reader.Malformed("header.version", $"version {version} was a preview's");
        if (fields is < HeaderFields or > CommitHeaderFields) throw reader.Malformed("header", $"{HeaderFields} to {CommitHeaderFields} fields were expected; {fields} are there");
        UInt128? scope = reader.TryReadNil() ? null : ReadId(ref reader, "header.scope");
        var replica = reader.ReadReplicaId("header.replica");
        var first = reader.ReadCounter("header.first");
        var count = reader.ReadInt32("header.count", 1, LogLimits.CountMax);
        if (first + (ulong)count - 1 > Dot.CounterMax) throw reader.Malformed("header.count", "the counter is over its limit");
        var dependencies = ReadDependencies(ref reader, replica);
        var time = new HybridTimestamp(reader.ReadUInt64("header.time"));
        var bodyBytes = reader.ReadInt32("header.bodyBytes", 0, LogLimits.BodyBytesMax);
        PublicKey? owner = null;
        if (first == 1 ? fields == HeaderFields : fields == FirstHeaderFields || (fields == CommitHeaderFields && !reader.TryReadNil())) throw reader.Malformed("header.owner", "the first change of a feed names its owner, and no other does");
        if (first == 1 && !PublicKey.TryRead(reader.ReadBytes("header.owner"), out owner)) throw reader.Malformed("header.owner", "it is no public key of a known suite");
        UInt128? commit = fields == CommitHeaderFields ? ReadId(ref reader, "header.commit") : null;
        headerBytes = (int)reader.Offset;
        return new(replica, first, count, dependencies, time, bodyBytes, owner) { Scope = scope, Commit = commit };
    }

    /// <summary>Writes SHA-256 over the hashes of the body's sections, so that one may be absent and the rest still verifies.</summary>
    /// <param name="body">The body; sections of documents may be absent from it.</param>
    /// <param name="fullBytes">How long it is with all of its sections.</param>
    /// <param name="destination">Gets the hash.</param>
    /// <exception cref="EdgeDataException">It is no list of sections of that length.</exception>
    public static void HashBody(ReadOnlyMemory<byte> body, int fullBytes, Span<byte> destination)
    {
        var tag = "edge-sync/body/1\0"u8;
        var reader = new BodyReader(body);
        if (reader.Count <= SectionsAtOnce)
        {
            Span<byte> hashes = stackalloc byte[tag.Length + (SectionsAtOnce * Hash256.SizeBytes)];
            tag.CopyTo(hashes);
            var length = tag.Length;
            for (; reader.Read(); length += Hash256.SizeBytes)
                reader.Hash(hashes[length..]);
            SHA256.HashData(hashes[..length], destination);
        }
        else
        {
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> hash = stackalloc byte[Hash256.SizeBytes];
            sha.AppendData(tag);
            while (reader.Read())
            {
                reader.Hash(hash);
                sha.AppendData(hash);
            }
            sha.GetHashAndReset(destination);
        }
        if (!IsLength(reader, body.Length, fullBytes)) throw new EdgeDataException($"Malformed change.body: the header promises {fullBytes} bytes, the sections have others.", "change.body", 0);
    }

    /// <summary>Whether a body can be one that has so many bytes with all of its sections. False where it is none.</summary>
    public static bool IsOfLength(ReadOnlyMemory<byte> body, int fullBytes)
    {
        try
        {
            var reader = new BodyReader(body);
            while (reader.Read()) { }
            return IsLength(reader, body.Length, fullBytes);
        }
        catch (EdgeDataException) { return false; }
    }

    /// <summary>The sections of a body that are there, as slices of it.</summary>
    public static List<ReadOnlyMemory<byte>> ReadSections(ReadOnlyMemory<byte> body)
    {
        var reader = new BodyReader(body);
        var sections = new List<ReadOnlyMemory<byte>>(reader.Count);
        while (reader.Read())
            if (!reader.IsAbsent) sections.Add(reader.Content);
        return sections;
    }

    /// <summary>Joins encoded sections to a body.</summary>
    public static byte[] WriteBody(List<byte[]> sections)
    {
        var buffer = new SectionBuffer();
        foreach (var section in sections) buffer.Add(section);
        var body = new byte[buffer.BodyBytes];
        buffer.WriteBody(body);
        return body;
    }

    /// <summary>The body without the bytes of those sections that <paramref name="isGone"/> picks; null where there is none such.</summary>
    public static byte[]? Erase(ReadOnlyMemory<byte> body, Func<DocumentKey, bool> isGone) =>
        Replace(body, (int _, DocumentKey document, out ReadOnlyMemory<byte> bytes) =>
        {
            bytes = default;
            return isGone(document);
        });

    /// <summary>The body with sections put in that were absent, where they are those that were left out; null where none is.</summary>
    /// <param name="body">The body.</param>
    /// <param name="sections">By their numbers.</param>
    public static byte[]? Refill(ReadOnlyMemory<byte> body, IReadOnlyDictionary<int, ReadOnlyMemory<byte>> sections)
    {
        var reader = new BodyReader(body);
        var genuine = new Dictionary<int, ReadOnlyMemory<byte>>();
        Span<byte> offered = stackalloc byte[Hash256.SizeBytes], kept = stackalloc byte[Hash256.SizeBytes];
        while (reader.Read())
        {
            if (!reader.IsAbsent || !sections.TryGetValue(reader.Number, out var section)) continue;
            SHA256.HashData(section.Span, offered);
            if (!offered.SequenceEqual(reader.Content.Span)) continue;
            // The envelope must be the section's own: else the same bytes would have another hash once they are there.
            SectionEnvelope.Of(section).Hash(offered, offered);
            reader.Hash(kept);
            if (offered.SequenceEqual(kept)) genuine.Add(reader.Number, section);
        }
        return genuine.Count == 0 ? null : Replace(body, (int number, DocumentKey _, out ReadOnlyMemory<byte> bytes) => genuine.TryGetValue(number, out bytes));
    }

    private delegate bool Replacement(int number, DocumentKey document, out ReadOnlyMemory<byte> bytes);

    private static byte[]? Replace(ReadOnlyMemory<byte> body, Replacement replacement)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 64);
        var writer = new MessagePackWriter(output);
        var reader = new BodyReader(body);
        var any = false;
        writer.WriteArrayHeader(reader.Count);
        while (reader.Read())
        {
            var replaces = reader.Envelope.NamesDocument && replacement(reader.Number, reader.Envelope.Document, out var bytes) && (!reader.IsAbsent || !bytes.IsEmpty) ? bytes : (ReadOnlyMemory<byte>?)null;
            any |= replaces is not null;
            if (replaces is { IsEmpty: false }) writer.Write(replaces.Value.Span);
            else if (replaces is null && !reader.IsAbsent) writer.Write(reader.Content.Span);
            else
            {
                writer.WriteArrayHeader(4);
                reader.Envelope.Write(ref writer);
                writer.Write(reader.IsAbsent ? reader.Content.Span : SHA256.HashData(reader.Content.Span));
            }
        }
        writer.Flush();
        return any ? output.WrittenSpan.ToArray() : null;
    }

    private static bool IsLength(in BodyReader reader, int bytes, int fullBytes) => reader.AbsentCount == 0 ? bytes == fullBytes : reader.FullBytesMin <= fullBytes;

    private static void WriteHeader(ChangeHeader header, IBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(header.Commit is not null ? CommitHeaderFields : header.Owner is not null ? FirstHeaderFields : HeaderFields);
        writer.Write(ChangeHeader.FormatVersion);
        if (header.Scope is { } scope) WriteId(ref writer, scope);
        else writer.WriteNil();
        IdBytes.Write(ref writer, header.Replica);
        writer.Write(header.First);
        writer.Write(header.Count);
        writer.WriteArrayHeader(header.Dependencies.Length * 2);
        foreach (var dot in header.Dependencies)
        {
            IdBytes.Write(ref writer, dot.Replica);
            writer.Write(dot.Counter);
        }
        writer.Write(header.Timestamp.Value);
        writer.Write(header.BodyBytes);
        if (header.Owner is { } owner) writer.Write(owner.Bytes);
        else if (header.Commit is not null) writer.WriteNil();
        if (header.Commit is { } commit) WriteId(ref writer, commit);
        writer.Flush();
    }

    private static UInt128 ReadId(ref WireReader reader, string field)
    {
        var id = reader.ReadSlice(field);
        return id.Length == IdBytesOfScope ? BinaryPrimitives.ReadUInt128BigEndian(id.Span) : throw reader.Malformed(field, $"an id has {IdBytesOfScope} bytes");
    }

    private static void WriteId(ref MessagePackWriter writer, UInt128 id)
    {
        writer.WriteBinHeader(IdBytesOfScope);
        BinaryPrimitives.WriteUInt128BigEndian(writer.GetSpan(IdBytesOfScope), id);
        writer.Advance(IdBytesOfScope);
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
