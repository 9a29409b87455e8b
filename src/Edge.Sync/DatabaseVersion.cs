using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using MessagePack;

namespace Edge.Sync;

/// <summary>
/// How far a replica held each feed at some moment: a name for a state of the database that means the same on every replica that has been there. Immutable.
/// </summary>
/// <remarks>
/// Opaque: keep it as bytes or text, give it to <see cref="EdgeDatabase.At"/>. Versions of two replicas need not be ordered: either may hold what the
/// other lacks.
/// <code>bytes = [ format version 1, [ replica bin 16, counter, ... ascending by replica ] ], MessagePack; text is its base64url</code>
/// </remarks>
public sealed class DatabaseVersion : IEquatable<DatabaseVersion>, IParsable<DatabaseVersion>
{
    private const int FormatVersion = 1;

    private readonly byte[] _bytes;

    internal DatabaseVersion(VersionVector vector)
    {
        Vector = new(vector);
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        var ends = vector.ToSortedList();
        writer.WriteArrayHeader(2);
        writer.Write(FormatVersion);
        writer.WriteArrayHeader(ends.Count * 2);
        foreach (var end in ends)
        {
            writer.Write(end.Replica.ToByteArray());
            writer.Write(end.Counter);
        }
        writer.Flush();
        _bytes = output.WrittenSpan.ToArray();
    }

    /// <summary>The version before anything was written.</summary>
    public static DatabaseVersion Empty { get; } = new(new VersionVector());

    /// <summary>Not to be changed.</summary>
    internal VersionVector Vector { get; }

    /// <summary>Whether this version holds all that <paramref name="other"/> holds.</summary>
    public bool Includes(DatabaseVersion other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Vector.Covers(other.Vector);
    }

    /// <summary>The version as bytes, in a new array.</summary>
    public byte[] ToByteArray() => _bytes.AsSpan().ToArray();

    /// <summary>The version as text that <see cref="Parse(string)"/> reads: base64url.</summary>
    public override string ToString() => Base64Url.EncodeToString(_bytes);

    /// <exception cref="EdgeDataException">The bytes are no version.</exception>
    public static DatabaseVersion FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes.ToArray(), default);
        reader.ReadArrayHeader("version", 2, exactly: true);
        var format = reader.ReadInt32("version.format");
        if (format != FormatVersion) throw reader.Malformed("version.format", $"format {format} is not known");
        var length = reader.ReadArrayHeader("version.ends");
        if (length % 2 != 0) throw reader.Malformed("version.ends", "an entry is cut short");
        var vector = new VersionVector();
        for (var (i, last) = (0, default(ReplicaId)); i < length; i += 2)
        {
            var replica = reader.ReadReplicaId("version.ends");
            if (i > 0 && replica <= last) throw reader.Malformed("version.ends", "its replicas are not in ascending order");
            vector.Include(new(last = replica, reader.ReadCounter("version.ends")));
        }
        reader.ReadEnd("version");
        return new(vector);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="EdgeDataException">The text is no version.</exception>
    public static DatabaseVersion Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] bytes;
        try { bytes = Base64Url.DecodeFromChars(text); }
        catch (FormatException e) { throw new EdgeDataException("A version in base64url was expected.", "version", innerException: e); }
        return FromBytes(bytes);
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static DatabaseVersion Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <summary>Reads what <see cref="ToString"/> wrote; false where the text is no version.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out DatabaseVersion result)
    {
        result = null;
        if (s is null) return false;
        try { result = Parse(s); }
        catch (EdgeDataException) { return false; }
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(DatabaseVersion? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DatabaseVersion);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }
}
