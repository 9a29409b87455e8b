using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Edge.Sync.Series;

/// <summary>Entries of the journal: points as they came, until there are enough to be packed into blocks.</summary>
/// <remarks>
/// <code>
/// entry = first 8 bytes of SHA-256(rest), rest        rest = run ...        run = key 8 bytes, length of the points in bytes 4 bytes, point ...        little-endian
/// </code>
/// See <see cref="SeriesBatch"/> for a point.
/// </remarks>
internal static class SeriesJournal
{
    private const int HashBytes = 8, RunHeaderBytes = sizeof(long) + sizeof(int);

    public static byte[] Write(IReadOnlyList<SeriesBatch> batches, Func<string, long> keyOf)
    {
        var entry = new byte[HashBytes + batches.Sum(static batch => batch.Runs.Sum(static run => RunHeaderBytes + run.Bytes.Length))];
        var at = HashBytes;
        foreach (var batch in batches)
            foreach (var run in batch.Runs)
            {
                BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(at), keyOf(run.Key));
                BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(at + sizeof(long)), run.Bytes.Length);
                run.Bytes.CopyTo(entry.AsSpan(at + RunHeaderBytes));
                at += RunHeaderBytes + run.Bytes.Length;
            }
        Hash(entry.AsSpan(HashBytes), entry);
        return entry;
    }

    /// <summary>Adds an entry's points to those of their keys, in the order in which they came.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="from">The shape of its points.</param>
    /// <param name="to">The shape that is wanted.</param>
    /// <param name="only">The key that is wanted; null for all.</param>
    /// <param name="points">By key.</param>
    /// <exception cref="EdgeDataException">It is not what was written.</exception>
    public static void Read(ReadOnlySpan<byte> entry, SeriesShape from, SeriesShape to, long? only, Dictionary<long, PointColumns> points)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        if (entry.Length < HashBytes) throw Malformed("it is cut short", 0);
        Hash(entry[HashBytes..], hash);
        if (!hash.SequenceEqual(entry[..HashBytes])) throw Malformed("its bytes are not those that were written", 0);
        var types = from.Types(areBuckets: false);
        var size = SeriesBatch.PointBytes(types);
        for (var at = HashBytes; at < entry.Length;)
        {
            if (entry.Length - at < RunHeaderBytes) throw Malformed("it is cut short", at);
            var key = BinaryPrimitives.ReadInt64LittleEndian(entry[at..]);
            var length = BinaryPrimitives.ReadInt32LittleEndian(entry[(at + sizeof(long))..]);
            at += RunHeaderBytes;
            if (length < 0 || length > entry.Length - at || length % size != 0) throw Malformed("a run of points is cut short", at);
            if (only is null || only == key)
            {
                var run = Read(entry.Slice(at, length), types, length / size);
                Add(points, key, from.Convert(run, to, areBuckets: false));
            }
            at += length;
        }
    }

    /// <summary>Adds points that are not in the journal.</summary>
    public static void Read(SeriesBatch batch, SeriesShape to, Func<string, long> keyOf, Dictionary<long, PointColumns> points)
    {
        var types = batch.Shape.Types(areBuckets: false);
        foreach (var run in batch.Runs)
            Add(points, keyOf(run.Key), batch.Shape.Convert(Read(run.Bytes, types, run.Bytes.Length / SeriesBatch.PointBytes(types)), to, areBuckets: false));
    }

    private static PointColumns Read(ReadOnlySpan<byte> bytes, SeriesColumnType[] types, int count)
    {
        var run = new PointColumns(types.Length, count);
        var at = 0;
        for (var row = 0; row < count; row++)
        {
            var time = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
            if (time < 0 || time > DateTime.MaxValue.Ticks) throw Malformed("a time is out of range", at);
            run.Add(time);
            at += sizeof(long);
            for (var i = 0; i < types.Length; i++)
            {
                run.Values[i][row] = types[i] == SeriesColumnType.Single ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
                at += SeriesBatch.SizeOf(types[i]);
            }
        }
        return run;
    }

    private static void Add(Dictionary<long, PointColumns> points, long key, PointColumns run)
    {
        if (!points.TryGetValue(key, out var known)) points.Add(key, run);
        else
            for (var row = 0; row < run.Count; row++)
                known.Add(run, row);
    }

    private static void Hash(ReadOnlySpan<byte> rest, Span<byte> hash)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(rest, whole);
        whole[..HashBytes].CopyTo(hash);
    }

    private static EdgeDataException Malformed(string why, int at) => new($"Malformed series.entry at byte {at}: {why}.", "series.entry", at);
}
