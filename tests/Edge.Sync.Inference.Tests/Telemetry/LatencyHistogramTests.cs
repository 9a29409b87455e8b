using Edge.Sync.Inference.Telemetry;

namespace Edge.Sync.Inference.Tests.Telemetry;

public class LatencyHistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(1.0)]
    public void Quantile_of_values_over_many_magnitudes_is_within_2_percent_of_the_sorted_list(double quantile)
    {
        var random = new Random(7);
        var histogram = new LatencyHistogram();
        var values = new List<long>();
        for (var i = 0; i < 10_000; i++)
        {
            var value = (long)Math.Pow(10, random.NextDouble() * 12);
            values.Add(value);
            histogram.Record(value);
        }
        values.Sort();

        var exact = values[(int)Math.Ceiling(quantile * values.Count) - 1];
        var measured = histogram.QuantileNanoseconds(quantile);
        Assert.InRange(measured, exact * 0.98 - 1, exact * 1.02 + 1);
        Assert.Equal(values[^1], histogram.MaxNanoseconds);
    }

    [Fact]
    public void Extreme_values_have_a_bucket()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5);
        histogram.Record(long.MaxValue);

        Assert.Equal(0, histogram.QuantileNanoseconds(0.5));
        Assert.InRange(histogram.QuantileNanoseconds(1), long.MaxValue * 0.98, long.MaxValue);
    }

    [Fact]
    public void Empty_histogram_says_zero() => Assert.Equal(0, new LatencyHistogram().QuantileNanoseconds(0.99));
}
