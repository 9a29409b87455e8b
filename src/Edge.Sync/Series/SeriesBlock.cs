using System.Security.Cryptography;

namespace Edge.Sync.Series;

/// <summary>Points of one key, in order of time, in columns that are packed each in its own way.</summary>
/// <remarks>
/// <code>
/// block  = [ 0, first 8 bytes of SHA-256(rest) ] rest
/// rest   = points 16 bits, columns 9 bits, unit 3 bits, time first, times, column ...        filled with zeros to a byte
/// unit   = 0 tick, 1 microsecond, 2 millisecond, 3 second, 4 minute: the largest that all distances from the first time are whole multiples of
/// times  = the distances between times in that unit, as packed integers: their distances, so none for a steady clock (Gorilla's delta of deltas, section 4.1.1)
/// column = 0 2 bits, packed integers | 1 2 bits, decimals 4 bits, packed integers | 2 2 bits, exclusive-or of 32 or 64 bits by its type
/// </code>
/// See <see cref="PackedIntegers"/>, <see cref="DecimalColumn"/>, <see cref="ExclusiveOrColumn"/>. The hash finds what a medium has changed; it does not keep anyone from changing it.
/// </remarks>
internal sealed class SeriesBlock
{
    /// <summary>Points in a block. Twice as many take a fiftieth less room, and make twice the work of a point that comes late.</summary>
    public const int PointsMax = 1024;

    private const int Version = 1, HashBytes = 8, HeaderBytes = 1 + HashBytes, CountBits = 16, ColumnsBits = 9, UnitBits = 3, KindBits = 2, DecimalsBits = 4;
    private const int Integers = 0, Decimals = 1, ExclusiveOr = 2;

    private static readonly long[] s_units = [1, TimeSpan.TicksPerMicrosecond, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute];

    private readonly BitWriter _writer = new();
    private readonly long[] _numbers = new long[PointsMax];

    /// <summary>Packs points in order of time, 1 to <see cref="PointsMax"/>. Not for several threads at once.</summary>
    public byte[] Write(PointColumns points, int start, int count, SeriesColumnType[] types)
    {
        _writer.Clear();
        _writer.Write((ulong)count, CountBits);
        _writer.Write((ulong)types.Length, ColumnsBits);
        WriteTimes(points.Times.AsSpan(start, count));
        for (var i = 0; i < types.Length; i++)
            WriteColumn(points.Values[i].AsSpan(start, count), types[i]);
        var bytes = _writer.ToArray(HeaderBytes);
        bytes[0] = Version;
        Hash(bytes.AsSpan(HeaderBytes), bytes.AsSpan(1, HashBytes));
        return bytes;
    }

    /// <exception cref="EdgeDataException">It is not what was written.</exception>
    public static PointColumns Read(ReadOnlySpan<byte> bytes, SeriesColumnType[] types)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        if (bytes.Length <= HeaderBytes || bytes[0] != Version) throw new EdgeDataException("Malformed series.block: its version is not known.", "series.block", 0);
        Hash(bytes[HeaderBytes..], hash);
        if (!hash.SequenceEqual(bytes.Slice(1, HashBytes))) throw new EdgeDataException("Malformed series.block: its bytes are not those that were written.", "series.block", 1);
        var reader = new BitReader(bytes[HeaderBytes..]);
        var count = (int)reader.Read(CountBits);
        if (count is 0 or > PointsMax) throw reader.Malformed($"it has {count} points");
        if ((int)reader.Read(ColumnsBits) != types.Length) throw reader.Malformed($"it has not {types.Length} columns");
        var points = new PointColumns(types.Length, count) { Count = count };
        ReadTimes(ref reader, points.Times);
        for (var i = 0; i < types.Length; i++)
            ReadColumn(ref reader, points.Values[i], types[i]);
        reader.ReadEnd();
        return points;
    }

    private void WriteTimes(ReadOnlySpan<long> times)
    {
        var unit = s_units.Length - 1;
        for (var i = 1; i < times.Length && unit > 0; i++)
            while ((times[i] - times[0]) % s_units[unit] != 0) unit--;
        _writer.Write((ulong)unit, UnitBits);
        _writer.Write((ulong)times[0], 64);
        if (times.Length == 1) return;
        for (var i = 1; i < times.Length; i++)
            _numbers[i - 1] = (times[i] - times[i - 1]) / s_units[unit];
        PackedIntegers.Write(_writer, _numbers.AsSpan(0, times.Length - 1));
    }

    private static void ReadTimes(ref BitReader reader, long[] times)
    {
        var unit = (int)reader.Read(UnitBits);
        if (unit >= s_units.Length) throw reader.Malformed("its unit of time is not known");
        times[0] = (long)reader.Read(64);
        if (times.Length > 1) PackedIntegers.Read(ref reader, times.AsSpan(1));
        if (times[0] < 0) throw reader.Malformed("a time is before year 1");
        for (var i = 1; i < times.Length; i++)
        {
            var distance = times[i];
            if (distance <= 0 || distance > DateTime.MaxValue.Ticks / s_units[unit] || distance * s_units[unit] > DateTime.MaxValue.Ticks - times[i - 1]) throw reader.Malformed("its times do not ascend");
            times[i] = times[i - 1] + distance * s_units[unit];
        }
        if (times[0] > DateTime.MaxValue.Ticks) throw reader.Malformed("a time is after year 9999");
    }

    private void WriteColumn(ReadOnlySpan<long> values, SeriesColumnType type)
    {
        var isSingle = type == SeriesColumnType.Single;
        if (type == SeriesColumnType.Integer)
        {
            _writer.Write(Integers, KindBits);
            PackedIntegers.Write(_writer, values);
        }
        else if (DecimalColumn.TryConvert(values, isSingle, _numbers, out var decimals))
        {
            _writer.Write(Decimals, KindBits);
            _writer.Write((ulong)decimals, DecimalsBits);
            PackedIntegers.Write(_writer, _numbers.AsSpan(0, values.Length));
        }
        else
        {
            _writer.Write(ExclusiveOr, KindBits);
            ExclusiveOrColumn.Write(_writer, values, isSingle ? 32 : 64);
        }
    }

    private static void ReadColumn(ref BitReader reader, long[] values, SeriesColumnType type)
    {
        var isSingle = type == SeriesColumnType.Single;
        switch ((int)reader.Read(KindBits))
        {
            case Integers when type == SeriesColumnType.Integer:
                PackedIntegers.Read(ref reader, values);
                break;
            case Decimals when type != SeriesColumnType.Integer:
                var decimals = (int)reader.Read(DecimalsBits);
                if (decimals > DecimalColumn.DecimalsMax) throw reader.Malformed("it has too many decimals");
                PackedIntegers.Read(ref reader, values);
                foreach (ref var value in values.AsSpan()) value = DecimalColumn.ToValue(value, isSingle, decimals);
                break;
            case ExclusiveOr when type != SeriesColumnType.Integer:
                ExclusiveOrColumn.Read(ref reader, values, isSingle ? 32 : 64);
                break;
            default:
                throw reader.Malformed("a column is packed in a way that is not known for it");
        }
    }

    private static void Hash(ReadOnlySpan<byte> rest, Span<byte> hash)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(rest, whole);
        whole[..hash.Length].CopyTo(hash);
    }
}
