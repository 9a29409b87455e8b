using System.Buffers.Binary;
using System.Text;

namespace Edge.Sync.Series;

/// <summary>Points that are appended together, by key, as an entry of the journal keeps them.</summary>
/// <remarks><c>point = ticks of UTC 8 bytes, value ...    4 bytes for a float, 8 for all else; little-endian</c></remarks>
internal sealed class SeriesBatch(SeriesSchema schema, SeriesOptions options)
{
    /// <summary>In one call.</summary>
    public const int PointsMax = 1 << 20;

    /// <summary>In UTF-8.</summary>
    public const int KeyBytesMax = 256;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, Run> _byKey = new(StringComparer.Ordinal);
    private readonly int _pointBytes = PointBytes(schema.Shape.Types(areBuckets: false));
    private Run? _last;

    public string Series => schema.Name;

    public SeriesShape Shape => schema.Shape;

    public SeriesOptions Options => options;

    public List<Run> Runs { get; } = [];

    public int Count { get; private set; }

    public static int PointBytes(SeriesColumnType[] types) => sizeof(long) + types.Sum(SizeOf);

    public static int SizeOf(SeriesColumnType type) => type == SeriesColumnType.Single ? sizeof(float) : sizeof(long);

    /// <exception cref="ArgumentException">The key is null, too long or no well-formed text.</exception>
    public void Add<T>(in T point, Span<long> values) where T : struct, IEdgeSeries<T>
    {
        var key = T.KeyOf(point);
        if (_last is null || !string.Equals(_last.Key, key, StringComparison.Ordinal)) _last = RunOf(key);
        T.Write(point, values);
        var bytes = _last.Reserve(_pointBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, T.TimeOf(point).UtcTicks);
        var at = sizeof(long);
        var columns = schema.Shape.Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Type == SeriesColumnType.Single) BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], (uint)values[i]);
            else BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], values[i]);
            at += SizeOf(columns[i].Type);
        }
        Count++;
    }

    private Run RunOf(string key)
    {
        if (key is null) throw new ArgumentException("A point's key is null.", nameof(key));
        if (_byKey.TryGetValue(key, out var run)) return run;
        var bytes = 0;
        try { bytes = s_utf8.GetByteCount(key); }
        catch (EncoderFallbackException e) { throw new ArgumentException("A point's key is no well-formed text.", nameof(key), e); }
        if (bytes > KeyBytesMax) throw new ArgumentException($"A point's key has {bytes} bytes in UTF-8; a key has {KeyBytesMax} at most.", nameof(key));
        _byKey.Add(key, run = new(key));
        Runs.Add(run);
        return run;
    }

    /// <summary>The points of one key, in the order in which they were given.</summary>
    internal sealed class Run(string key)
    {
        private byte[] _bytes = [];
        private int _length;

        public string Key => key;

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

        public Span<byte> Reserve(int bytes)
        {
            if (_bytes.Length - _length < bytes) Array.Resize(ref _bytes, Math.Max(bytes, _bytes.Length * 2));
            _length += bytes;
            return _bytes.AsSpan(_length - bytes, bytes);
        }
    }
}
