using System.Buffers.Binary;
using System.Text;
using Edge.Sync.Storage.Segments;

namespace Edge.Sync.Storage;

/// <summary>
/// Finds changes in a file that SQLite cannot read any more: it looks at every byte of every page for what a row of the log looks like, and follows long
/// rows through their overflow pages. Layout: https://sqlite.org/fileformat2.html.
/// </summary>
/// <remarks>
/// Neither the tree nor the page's own directory is needed, so any page may be lost with only the rows on it. What is found is a candidate: whoever takes it checks
/// its hash, which is over its bytes and its whole past, so nothing foreign passes. Pages of the write-ahead log are looked at too, old ones
/// among them: a log that is only appended to has no row that was ever wrong.
/// </remarks>
internal sealed class PageScanner
{
    private const int WalHeaderBytes = 32, FrameHeaderBytes = 24, WalPageBytesOffset = 8;
    private const long PayloadBytesMax = 16 << 20;
    private const int HashBytes = 32, SealBytes = 64, SerialOfHash = 12 + 2 * HashBytes, SerialOfSeal = 12 + 2 * SealBytes;

    private readonly byte[] _file;
    private readonly byte[] _wal;
    private readonly int _pageBytes;
    private readonly Dictionary<uint, int> _newest = [];

    /// <param name="path">A database file; with its write-ahead log where there is one.</param>
    public PageScanner(string path)
    {
        _file = File.ReadAllBytes(path);
        _wal = File.Exists(path + "-wal") ? File.ReadAllBytes(path + "-wal") : [];
        _pageBytes = ReadPageBytes();
        for (var at = WalHeaderBytes; at + FrameHeaderBytes + _pageBytes <= _wal.Length; at += FrameHeaderBytes + _pageBytes)
            _newest[BinaryPrimitives.ReadUInt32BigEndian(_wal.AsSpan(at))] = at + FrameHeaderBytes;
    }

    /// <summary>Rows that look like changes of the log: their sequence number, the id and the seal beside them, their bytes. The same one may come several times.</summary>
    public IEnumerable<(long Sequence, byte[] Id, byte[] Seal, byte[] Bytes)> ReadChanges()
    {
        foreach (var (image, offset) in Pages())
            for (var i = 0; i < _pageBytes - 8; i++)
                if (ReadChange(image, offset + i, offset + _pageBytes) is { } change) yield return change;
    }

    /// <summary>Rows that look like packed changes: the place of the first one, and the segment. The same one may come several times.</summary>
    public IEnumerable<(long First, byte[] Bytes)> ReadSegments()
    {
        foreach (var (image, offset) in Pages())
            for (var i = 0; i < _pageBytes - 8; i++)
                if (ReadSegment(image, offset + i, offset + _pageBytes) is { } segment) yield return segment;
    }

    // As below; the columns are the row's number, an integer, and the bytes.
    private (long, byte[])? ReadSegment(byte[] image, int at, int end)
    {
        var span = image.AsSpan(0, end);
        if (!TryReadVarint(span, ref at, out var length) || length is < 40 or > PayloadBytesMax || !TryReadVarint(span, ref at, out var first) || first < 1) return null;
        var start = at;
        if (!TryReadVarint(span, ref at, out var headerBytes) || headerBytes is < 4 or > 8 || start + headerBytes > end || span[at++] != 0 || !TryReadInteger(span, ref at, out var lastBytes)) return null;
        if (!TryReadVarint(span, ref at, out var type) || type < 12 || (type & 1) != 0 || at != start + headerBytes) return null;
        var bytes = (int)headerBytes + lastBytes;
        if (bytes + (type - 12) / 2 != length || start + bytes + LogSegment.Magic.Length > end || !span[(start + bytes)..].StartsWith(LogSegment.Magic)) return null;
        return ReadPayload(image, start, end, (int)length) is { } payload ? (first, payload[bytes..]) : null;
    }

    /// <summary>Short values of the table that says whose file it is, by their key. The newest page wins.</summary>
    public Dictionary<string, byte[]> ReadMeta(params ReadOnlySpan<string> keys)
    {
        var result = new Dictionary<string, byte[]>();
        foreach (var key in keys)
        {
            var name = Encoding.UTF8.GetBytes(key);
            foreach (var (image, offset) in Pages())
                for (var page = image.AsSpan(offset, _pageBytes); page.IndexOf(name) is >= 4 and var at; page = page[(at + 1)..])
                    if (ReadValue(page, at, name.Length) is { } value) result[key] = value;
        }
        return result;
    }

    /// <summary>The value behind a key of two columns. The record's header, before the key, is its own length, the type of the text, and the type of the value in one or two bytes.</summary>
    private static byte[]? ReadValue(ReadOnlySpan<byte> page, int at, int keyBytes)
    {
        for (var typeBytes = 1; typeBytes <= 2; typeBytes++)
        {
            var i = at - typeBytes;
            if (page[i - 2] != 2 + typeBytes || page[i - 1] != 13 + 2 * keyBytes || !TryReadVarint(page, ref i, out var type) || i != at || type < 12 || (type & 1) != 0) continue;
            var bytes = (int)(type - 12) / 2;
            if (at + keyBytes + bytes <= page.Length) return page.Slice(at + keyBytes, bytes).ToArray();
        }
        return null;
    }

    /// <summary>The file's pages, then those of the write-ahead log in the order in which they were written.</summary>
    private IEnumerable<(byte[] Image, int Offset)> Pages()
    {
        for (var at = 0; at + _pageBytes <= _file.Length; at += _pageBytes)
            yield return (_file, at);
        for (var at = WalHeaderBytes; at + FrameHeaderBytes + _pageBytes <= _wal.Length; at += FrameHeaderBytes + _pageBytes)
            yield return (_wal, at + FrameHeaderBytes);
    }

    // cell = payload length, row id, payload [, overflow page]; payload = header length, type of each column, columns; all but the columns are varints
    private (long, byte[], byte[], byte[])? ReadChange(byte[] image, int at, int end)
    {
        var span = image.AsSpan(0, end);
        if (!TryReadVarint(span, ref at, out var length) || length is < 70 or > PayloadBytesMax) return null;
        if (!TryReadVarint(span, ref at, out var sequence) || sequence < 1) return null;
        var start = at;
        if (!TryReadVarint(span, ref at, out var headerBytes) || headerBytes is < 7 or > 14 || start + headerBytes > end) return null;
        if (span[at++] != 0 || !TryReadInteger(span, ref at, out var feedBytes) || !TryReadInteger(span, ref at, out var lastBytes) || span[at++] != SerialOfHash) return null;
        if (!TryReadVarint(span, ref at, out var sealType) || sealType is not (0 or SerialOfSeal)) return null;
        if (!TryReadVarint(span, ref at, out var type) || type < 12 || (type & 1) != 0 || at != start + headerBytes) return null;
        var id = (int)headerBytes + feedBytes + lastBytes;
        var seal = id + HashBytes;
        var body = seal + (sealType == 0 ? 0 : SealBytes);
        if (body + (type - 12) / 2 != length || ReadPayload(image, start, end, (int)length) is not { } payload) return null;
        return (sequence, payload[id..seal], payload[seal..body], payload[body..]);
    }

    private byte[]? ReadPayload(byte[] image, int start, int end, int length)
    {
        var usable = _pageBytes;
        var localMax = usable - 35;
        if (length <= localMax) return start + length <= end ? image[start..(start + length)] : null;
        var localMin = (usable - 12) * 32 / 255 - 23;
        var local = localMin + (length - localMin) % (usable - 4);
        if (local > localMax) local = localMin;
        if (start + local + 4 > end) return null;
        var payload = new byte[length];
        image.AsSpan(start, local).CopyTo(payload);
        var next = BinaryPrimitives.ReadUInt32BigEndian(image.AsSpan(start + local));
        for (var at = local; at < length;)
        {
            if (Page(next) is not { } page) return null;
            var count = Math.Min(usable - 4, length - at);
            page.AsSpan.Slice(4, count).CopyTo(payload.AsSpan(at));
            at += count;
            next = BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan);
        }
        return payload;
    }

    private PageImage? Page(uint number)
    {
        if (number == 0) return null;
        if (_newest.TryGetValue(number, out var offset)) return new(_wal, offset, _pageBytes);
        var at = (number - 1L) * _pageBytes;
        return at + _pageBytes <= _file.Length ? new(_file, (int)at, _pageBytes) : null;
    }

    private int ReadPageBytes()
    {
        if (_file.Length >= 18 && _file.AsSpan().StartsWith("SQLite format 3\0"u8))
        {
            int bytes = BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(16));
            if (bytes == 1) bytes = 65536;
            if (IsPageSize(bytes)) return bytes;
        }
        if (_wal.Length >= WalHeaderBytes && BinaryPrimitives.ReadUInt32BigEndian(_wal.AsSpan(WalPageBytesOffset)) is <= 65536 and var logged && IsPageSize((int)logged)) return (int)logged;
        return SqliteSchema.PageBytes;

        static bool IsPageSize(int bytes) => bytes is >= 512 and <= 65536 && (bytes & (bytes - 1)) == 0;
    }

    private static bool TryReadInteger(ReadOnlySpan<byte> span, ref int at, out int bytes)
    {
        bytes = 0;
        if (at >= span.Length) return false;
        switch (span[at++])
        {
            case >= 1 and <= 4 and var size: bytes = size; return true;
            case 5: bytes = 6; return true;
            case 6: bytes = 8; return true;
            case 8 or 9: return true;
            default: return false;
        }
    }

    private static bool TryReadVarint(ReadOnlySpan<byte> span, ref int at, out long value)
    {
        value = 0;
        for (var i = 0; i < 9 && at < span.Length; i++)
        {
            var b = span[at++];
            value = i == 8 ? (value << 8) | b : (value << 7) | (uint)(b & 0x7F);
            if (i == 8 || b < 0x80) return true;
        }
        return false;
    }

    private sealed record PageImage(byte[] Image, int Offset, int Bytes)
    {
        public ReadOnlySpan<byte> AsSpan => Image.AsSpan(Offset, Bytes);
    }
}
