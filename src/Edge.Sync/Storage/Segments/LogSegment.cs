using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using Edge.Sync.Log;
using MessagePack;

namespace Edge.Sync.Storage.Segments;

/// <summary>A run of old changes of the log, packed: their headers as columns, their bodies one behind the other, both compressed. The same bytes come out again.</summary>
/// <remarks>
/// <code>
/// segment = [ version 1, SHA-256 of the rest bin 32, number of changes, length of the columns, columns bin, length of the bodies, bodies bin ]      (both in Brotli)
/// </code>
/// Ids are not stored: they follow from the bytes and from the ids of what is followed, of which those outside of the segment are there. See <see cref="SegmentReader"/>.
/// </remarks>
internal sealed class LogSegment
{
    /// <summary>A segment has so many changes, or as many as take <see cref="BytesMax"/>.</summary>
    public const int ChangesMax = 1024;

    /// <summary>Header and body bytes of all changes but the last.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>What a segment begins with: enough to find one in a file that SQLite cannot read.</summary>
    public static ReadOnlySpan<byte> Magic => [0x97, Version, 0xC4, Hash256.SizeBytes];

    private const int Version = 1, Fields = 7, Quality = 6, WindowBits = 22;

    private LogSegment(IReadOnlyList<StoredChange> changes, int columnBytes) => (Changes, ColumnBytes) = (changes, columnBytes);

    /// <summary>The changes, in order of arrival. Their ids are computed when one of them is first asked for.</summary>
    public IReadOnlyList<StoredChange> Changes { get; }

    /// <summary>What all but the bodies takes in the segment.</summary>
    public int ColumnBytes { get; }

    public long First => Changes[0].Sequence;

    public long Last => Changes[^1].Sequence;

    /// <summary>Packs changes.</summary>
    /// <param name="database">What their ids hash.</param>
    /// <param name="changes">One or more, without a gap.</param>
    /// <param name="idOf">Gives the id of a change before them.</param>
    public static byte[] Write(DatabaseId database, IReadOnlyList<StoredChange> changes, Func<Dot, ChangeId> idOf)
    {
        var (columns, bodies) = SegmentWriter.Write(database, changes, idOf);
        var rest = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(rest);
        writer.Write(changes.Count);
        writer.Write(columns.Length);
        writer.Write(Compress(columns));
        writer.Write(bodies.Length);
        writer.Write(Compress(bodies));
        writer.Flush();

        var output = new ArrayBufferWriter<byte>(rest.WrittenCount + 64);
        writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Fields);
        writer.Write(Version);
        writer.Write(SHA256.HashData(rest.WrittenSpan));
        writer.WriteRaw(rest.WrittenSpan);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a segment.</summary>
    /// <param name="database">What ids hash.</param>
    /// <param name="first">The place of its first change.</param>
    /// <param name="bytes">The segment.</param>
    /// <exception cref="EdgeDataException">It is damaged, or none.</exception>
    public static LogSegment Read(DatabaseId database, long first, ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes, default);
        reader.ReadArrayHeader("segment", Fields, exactly: true);
        reader.ReadInt32("segment.version", Version, Version);
        var hash = reader.ReadSlice("segment.hash");
        if (!SHA256.HashData(bytes.Span[(int)reader.Offset..]).AsSpan().SequenceEqual(hash.Span)) throw reader.Malformed("segment.hash", "its bytes are not those that were written");
        var count = reader.ReadInt32("segment.count", 1, ChangesMax);
        var columnsLength = reader.ReadInt32("segment.columns", 0, ChangesMax * 4096);
        var columnsAt = reader.ReadSlice("segment.columns");
        var bodiesLength = reader.ReadInt32("segment.bodies", 0, BytesMax + 2 * LogLimits.StoredBodyBytesMax);
        var bodiesAt = reader.ReadSlice("segment.bodies");
        reader.ReadEnd("segment");
        var columns = Decompress(columnsAt, columnsLength, "segment.columns");
        var bodies = Decompress(bodiesAt, bodiesLength, "segment.bodies");
        return new(SegmentReader.Read(database, first, count, columns, bodies), bytes.Length - bodiesAt.Length);
    }

    private static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, packed, out var length, Quality, WindowBits) ? packed[..length]
            : throw new System.Diagnostics.UnreachableException("Brotli needs more room than it says.");
    }

    private static byte[] Decompress(ReadOnlyMemory<byte> packed, int length, string field)
    {
        var bytes = new byte[length];
        return BrotliDecoder.TryDecompress(packed.Span, bytes, out var written) && written == length ? bytes
            : throw new EdgeDataException($"Malformed {field}: it is no Brotli stream of {length} bytes.", field, 0);
    }
}
