using System.Security.Cryptography;

namespace Edge.Sync.Log;

/// <summary>
/// One atomic commit: a header and the bytes that its author encoded, once. Those bytes are hashed, stored, sent and applied.
/// </summary>
internal sealed class Change
{
    private readonly int _headerBytes;

    private Change(ReadOnlyMemory<byte> bytes, ChangeHeader written, int headerBytes, BranchNames? names = null, ChangeRuling? ruling = null)
    {
        (Bytes, Written, _headerBytes, Names, Ruling) = (bytes, written, headerBytes, names, ruling);
        Header = names is null ? written : Named(written, names);
    }

    /// <summary>The header, with replicas by the names that they have in this file: see <see cref="Names"/>.</summary>
    public ChangeHeader Header { get; }

    /// <summary>The header as its author wrote it, and as it is hashed and sent.</summary>
    public ChangeHeader Written { get; }

    /// <summary>What the names in the change mean, where a feed that it speaks of has forked since; null where they mean themselves.</summary>
    public BranchNames? Names { get; }

    /// <summary>What the log's records say of it; null where it counts as it was written.</summary>
    public ChangeRuling? Ruling { get; }

    /// <summary>When it was written, as it is compared: see <see cref="ChangeRuling.Latest"/>.</summary>
    public HybridTimestamp Stamp => Ruling?.Latest ?? Written.Timestamp;

    /// <summary>Whether it was rejected: it is passed on and followed like any other, and has no effect.</summary>
    public bool IsVoid => Ruling?.IsVoid == true;

    /// <summary>Whether one of its sections is void, since it names operations from outside of the change's past: see <see cref="ChangeRuling.VoidSections"/>.</summary>
    public bool IsVoidSection(int number) => Ruling?.VoidSections is { } sections && Array.IndexOf(sections, number) >= 0;

    /// <summary>The last operation before the change in its feed, by its name here; counter 0 where there is none.</summary>
    public Dot Before => new(Names?.Before ?? Written.Replica, Written.First - 1);

    /// <summary>What a store keeps: the bytes, with ruling and names in front of them where there are any.</summary>
    public ReadOnlyMemory<byte> StoredBytes =>
        Ruling is null && Names is null ? Bytes : (byte[])[.. Ruling?.ToBytes() ?? [], .. Names?.ToBytes() ?? [], .. Bytes.Span];

    /// <summary>Header and body, as the author made them, but that the bytes of documents' sections may be absent: see <see cref="BodyReader"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public ReadOnlyMemory<byte> HeaderBytes => Bytes[.._headerBytes];

    public ReadOnlyMemory<byte> Body => Bytes[_headerBytes..];

    /// <summary>Reads a change, refusing what is not canonical: one header has one byte string.</summary>
    /// <exception cref="EdgeDataException">The bytes are no change of a known format. The verdict is the same on every replica.</exception>
    public static Change Parse(ReadOnlyMemory<byte> bytes)
    {
        var header = ChangeCodec.ReadHeader(bytes, out var headerBytes);
        // Of a body with absent sections the header tells how long it is with them.
        if (bytes.Length - headerBytes != header.BodyBytes && !ChangeCodec.IsOfLength(bytes[headerBytes..], header.BodyBytes))
            throw new EdgeDataException($"Malformed change.body at byte {headerBytes}: the header of change {header.Last} promises {header.BodyBytes} bytes, {bytes.Length - headerBytes} are there.", "change.body", headerBytes);
        return new(bytes, header, headerBytes);
    }

    /// <summary>Reads what a store keeps of a change.</summary>
    /// <exception cref="EdgeDataException">The bytes are no change of a known format.</exception>
    public static Change ParseStored(ReadOnlyMemory<byte> stored)
    {
        if (ChangeRuling.IsAt(stored.Span))
        {
            var ruling = ChangeRuling.Read(stored, out var rulingBytes);
            return ParseNamed(stored[rulingBytes..]).With(ruling);
        }
        return ParseNamed(stored);
    }

    private static Change ParseNamed(ReadOnlyMemory<byte> stored)
    {
        if (!BranchNames.IsAt(stored.Span)) return Parse(stored);
        var names = BranchNames.Read(stored, out var length);
        var change = Parse(stored[length..]);
        if (names.Dependencies.Length != change.Written.Dependencies.Length)
            throw new EdgeDataException($"Malformed names of change {change.Written.Last}: it follows {change.Written.Dependencies.Length} changes, {names.Dependencies.Length} are named.", "names.dependencies");
        return change.With(names);
    }

    /// <summary>The bytes that a change has outside of this file.</summary>
    public static ReadOnlyMemory<byte> BytesOf(ReadOnlyMemory<byte> stored)
    {
        var length = 0;
        if (ChangeRuling.IsAt(stored.Span)) ChangeRuling.Read(stored, out length);
        stored = stored[length..];
        if (!BranchNames.IsAt(stored.Span)) return stored;
        BranchNames.Read(stored, out length);
        return stored[length..];
    }

    /// <summary>The same change under other names.</summary>
    public Change With(BranchNames? names) => new(Bytes, Written, _headerBytes, names, Ruling);

    /// <summary>The same change, to count otherwise. Itself where it does already.</summary>
    public Change With(ChangeRuling? ruling) => ruling == Ruling ? this : new(Bytes, Written, _headerBytes, Names, ruling);

    /// <summary>The same change with other sections void: their numbers, ascending.</summary>
    public Change WithVoid(List<int> sections) => With(ChangeRuling.Of(Ruling?.Latest, IsVoid, sections.Count > 0 ? [.. sections] : null));

    private static ChangeHeader Named(ChangeHeader written, BranchNames names)
    {
        var dependencies = new Dot[written.Dependencies.Length];
        for (var i = 0; i < dependencies.Length; i++)
            dependencies[i] = new(names.Dependencies[i], written.Dependencies[i].Counter);
        return written with { Replica = names.Own, Dependencies = dependencies };
    }

    /// <summary>Encodes a change of this replica. The result passes the same checks as one from a peer.</summary>
    public static Change Create(ChangeHeader header, ReadOnlySpan<byte> body) => Parse(ChangeCodec.Write(header, body));

    /// <summary>The same, of sections: the header says <see cref="SectionBuffer.BodyBytes"/> of them. What was just written is not read again.</summary>
    public static Change OfSections(ChangeHeader header, SectionBuffer sections)
    {
        var bytes = ChangeCodec.Write(header, sections, out var headerBytes);
        return new(bytes, header, headerBytes);
    }

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
        Span<byte> hashed = stackalloc byte[19 + LogLimits.HeaderBytesMax + ((3 + LogLimits.DependenciesMax) * Hash256.SizeBytes)];
        var tag = "edge-sync/change/1\0"u8;
        tag.CopyTo(hashed);
        var length = tag.Length;
        database.Hash.WriteTo(hashed[length..]);
        length += Hash256.SizeBytes;
        HeaderBytes.Span.CopyTo(hashed[length..]);
        length += _headerBytes;
        ChangeCodec.HashBody(Body, Header.BodyBytes, hashed[length..]);
        length += Hash256.SizeBytes;
        previous.Hash.WriteTo(hashed[length..]);
        length += Hash256.SizeBytes;
        foreach (var dependency in dependencies)
        {
            dependency.Hash.WriteTo(hashed[length..]);
            length += Hash256.SizeBytes;
        }
        Span<byte> hash = stackalloc byte[Hash256.SizeBytes];
        SHA256.HashData(hashed[..length], hash);
        return new(Hash256.FromBytes(hash));
    }

    /// <summary>Whether the bytes of any section are absent.</summary>
    public bool HasAbsent()
    {
        var reader = new BodyReader(Body);
        while (reader.Read())
            if (reader.IsAbsent) return true;
        return false;
    }

    /// <summary>The same change, with the same id, without the bytes of those documents' sections that <paramref name="isGone"/> picks. Itself where there is none such.</summary>
    public Change Erase(Func<DocumentKey, bool> isGone) => ChangeCodec.Erase(Body, isGone) is { } body ? WithBody(body) : this;

    /// <summary>The same change with absent sections put in, as far as they are those that were left out. Itself where none is.</summary>
    /// <param name="sections">By their numbers.</param>
    public Change Refill(IReadOnlyDictionary<int, ReadOnlyMemory<byte>> sections) => ChangeCodec.Refill(Body, sections) is { } body ? WithBody(body) : this;

    private Change WithBody(byte[] body)
    {
        var bytes = new byte[_headerBytes + body.Length];
        HeaderBytes.CopyTo(bytes);
        body.CopyTo(bytes, _headerBytes);
        return new(bytes, Written, _headerBytes, Names, Ruling);
    }
}
