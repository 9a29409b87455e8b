using Edge.Sync.Series;

namespace Edge.Sync.Tests.Series;

public class SeriesBlockTests
{
    private static readonly SeriesColumnType[] s_types = [SeriesColumnType.Single, SeriesColumnType.Double, SeriesColumnType.Integer];

    [Fact]
    public void Every_bit_comes_back()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var points = Points(new(seed), out var shape);
            var read = SeriesBlock.Read(new SeriesBlock().Write(points, 0, points.Count, s_types), s_types);
            Assert.True(points.Count == read.Count && points.Times.AsSpan(0, points.Count).SequenceEqual(read.Times.AsSpan(0, read.Count)), $"seed {seed}: times");
            for (var i = 0; i < s_types.Length; i++)
                Assert.True(points.Values[i].AsSpan(0, points.Count).SequenceEqual(read.Values[i].AsSpan(0, read.Count)), $"seed {seed}: column {i}, {shape}");
        }
    }

    [Fact]
    public void Any_other_byte_is_found()
    {
        var points = Points(new(5), out _);
        var bytes = new SeriesBlock().Write(points, 0, points.Count, s_types);
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
        {
            var other = bytes.ToArray();
            other[random.Next(other.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<EdgeDataException>(() => SeriesBlock.Read(other, s_types));
            Assert.Throws<EdgeDataException>(() => SeriesBlock.Read(bytes.AsSpan(0, random.Next(bytes.Length)), s_types));
        }
    }

    /// <summary>As a hostile hand would write it: the hash fits.</summary>
    [Fact]
    public void Block_of_other_bytes_with_a_hash_that_fits_is_refused_or_is_a_block()
    {
        var random = new Random(2);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var points = Points(random, out _);
            var bytes = new SeriesBlock().Write(points, 0, points.Count, s_types);
            for (var n = random.Next(1, 4); n > 0; n--)
                bytes[random.Next(9, Math.Min(bytes.Length, random.Next(2) == 0 ? 40 : int.MaxValue))] = (byte)random.Next(256);
            System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(9))[..8].CopyTo(bytes, 1);
            try
            {
                var read = SeriesBlock.Read(bytes, s_types);
                for (var row = 1; row < read.Count; row++)
                    Assert.True(read.Times[row] > read.Times[row - 1] && read.Times[row] <= DateTime.MaxValue.Ticks);
            }
            catch (EdgeDataException) { refused++; }
        }
        Assert.InRange(refused, 1, 19_999);
    }

    [Fact]
    public void Readings_of_a_steady_sensor_take_less_than_four_bytes_a_point()
    {
        var random = new Random(3);
        var (points, temperature) = (new PointColumns(2, 1024), 215);
        for (var i = 0; i < 1024; i++)
        {
            var row = points.Add(Sensors.Start.UtcTicks + i * TimeSpan.TicksPerSecond);
            points.Values[0][row] = SeriesValue.Of((temperature += random.Next(-2, 3)) / 10f);
            points.Values[1][row] = SeriesValue.Of(random.Next(300, 500) / 1000f);
        }
        var bytes = new SeriesBlock().Write(points, 0, 1024, [SeriesColumnType.Single, SeriesColumnType.Single]);
        Assert.True(bytes.Length < 1024 * 2, $"{bytes.Length / 1024.0} bytes a point");
    }

    private static PointColumns Points(Random random, out string shape)
    {
        var points = new PointColumns(s_types.Length, 0);
        var count = random.Next(4) == 0 ? 1 : random.Next(1, SeriesBlock.PointsMax + 1);
        var time = random.Next(3) == 0 ? random.NextInt64(DateTime.MaxValue.Ticks / 2) : Sensors.Start.UtcTicks;
        long[] units = [1, 10, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute];
        var (unit, kind, jitter) = (units[random.Next(units.Length)], random.Next(6), random.Next(3));
        shape = $"count {count}, unit {unit}, kind {kind}, jitter {jitter}";
        for (var i = 0; i < count; i++)
        {
            var row = points.Add(time);
            time += unit * (jitter switch { 0 => 1, 1 => random.Next(1, 4), _ => random.Next(1, 100_000) });
            points.Values[0][row] = SeriesValue.Of((float)Value(random, kind, i));
            points.Values[1][row] = SeriesValue.Of(Value(random, kind, i));
            points.Values[2][row] = kind switch { 0 => 7, 1 => i, 2 => random.Next(-50, 50), _ => random.NextInt64(long.MinValue, long.MaxValue) };
        }
        return points;
    }

    private static double Value(Random random, int kind, int i) => kind switch
    {
        0 => 21.5,
        1 => Math.Round(20 + random.NextDouble(), random.Next(1, 4)),
        2 => 20 + Math.Sin(i / 50.0),
        3 => random.Next(20) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => -0.0, 3 => double.NegativeInfinity, 4 => double.Epsilon, 5 => float.MaxValue, _ => random.Next(100) },
        4 => BitConverter.Int64BitsToDouble(random.NextInt64()),
        _ => random.Next(-1000, 1000) * 1e6,
    };
}
