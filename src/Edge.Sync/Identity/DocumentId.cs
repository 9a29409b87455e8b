using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync;

/// <summary>Names a document on every replica: 16 bytes.</summary>
/// <remarks>
/// A named id is a hash of its name, so that two devices which never met mean the same document by the same name;
/// other ids come from <see cref="EdgeDatabase.NewId"/>, which draws them from the database's own random source.
/// </remarks>
public readonly record struct DocumentId(Guid Value) : IComparable<DocumentId>
{
    /// <summary>The length of an id on the wire and on disk, in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>The id that <paramref name="name"/> stands for, the same on every device.</summary>
    /// <param name="name">Any text but the empty one; compared by code point, so case and accents matter.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static DocumentId Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        // The scope's id goes before the name once there are several scopes; the default scope adds nothing.
        SHA256.HashData(Encoding.UTF8.GetBytes("edge-sync/document-name/1\0" + name), hash);
        return FromBytes(hash[..SizeBytes]);
    }

    /// <summary>Reads an id from its 16 bytes (big-endian).</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 16 bytes long.</exception>
    public static DocumentId FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
            throw new ArgumentException($"A document id has {SizeBytes} bytes, not {bytes.Length}.", nameof(bytes));
        return new(new Guid(bytes, bigEndian: true));
    }

    /// <summary>Writes the id's 16 bytes (big-endian) to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination) => Value.TryWriteBytes(destination, bigEndian: true, out _);

    /// <summary>The id's 16 bytes (big-endian), in a new array.</summary>
    public byte[] ToByteArray() => Value.ToByteArray(bigEndian: true);

    /// <inheritdoc/>
    public int CompareTo(DocumentId other)
    {
        Span<byte> a = stackalloc byte[SizeBytes], b = stackalloc byte[SizeBytes];
        WriteTo(a);
        other.WriteTo(b);
        return a.SequenceCompareTo(b);
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N", CultureInfo.InvariantCulture);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(DocumentId left, DocumentId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(DocumentId left, DocumentId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(DocumentId left, DocumentId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(DocumentId left, DocumentId right) => left.CompareTo(right) >= 0;
}
