using Edge.Sync.Inference.Features;

namespace Edge.Sync.Inference.Tests.Features;

public class FourierTransformTests
{
    [Fact]
    public void Transform_is_the_sum_that_defines_it()
    {
        foreach (var size in new[] { 1, 2, 4, 8, 64, 256 })
        {
            var random = new Random(size);
            var (real, imaginary) = (Models.TestModels.Row(random, size), Models.TestModels.Row(random, size));
            var expected = Enumerable.Range(0, size).Select(k => Enumerable.Range(0, size)
                .Select(n => new System.Numerics.Complex(real[n], imaginary[n]) * System.Numerics.Complex.Exp(new(0, -2 * Math.PI * k * n / size)))
                .Aggregate(System.Numerics.Complex.Zero, static (sum, term) => sum + term)).ToArray();

            new FourierTransform(size).Forward(real, imaginary);
            for (var k = 0; k < size; k++)
            {
                Assert.Equal(expected[k].Real, real[k], 1e-4);
                Assert.Equal(expected[k].Imaginary, imaginary[k], 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(64, 5)]
    [InlineData(256, 31)]
    public void Sine_in_the_middle_of_a_bin_shows_its_amplitude_there(int width, int bin)
    {
        var stage = new SpectrumStage(width);
        var row = new float[width];
        for (var i = 0; i < width; i++)
            row[i] = 100 + 3 * MathF.Sin(2 * MathF.PI * bin * i / width);
        var spectrum = new float[stage.OutputWidth(width)];
        stage.Process(row, spectrum);

        Assert.Equal(width / 2 + 1, spectrum.Length);
        Assert.Equal(3, spectrum[bin], 1e-3f);
        Assert.Equal(bin, Array.IndexOf(spectrum, spectrum.Max()));
        Assert.Equal(0, spectrum[0], 1e-3f);
    }

    [Fact]
    public void Statistics_are_those_of_the_definitions()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var row = Models.TestModels.Row(random, random.Next(2, 100));
            for (var i = 0; i < row.Length; i++)
                row[i] = 10 * row[i] + 3;
            var (n, mean) = (row.Length, row.Average(static v => (double)v));
            double Moment(int power) => row.Average(v => Math.Pow(v - mean, power));
            var statistics = RowStatistics.Of(row);

            Assert.Equal(mean, statistics.Mean, 1e-4);
            Assert.Equal(Math.Sqrt(Moment(2)), statistics.Deviation, 1e-4);
            Assert.Equal((row.Min(), row.Max()), (statistics.Min, statistics.Max));
            Assert.Equal(Math.Sqrt(row.Average(static v => (double)v * v)), statistics.RootMeanSquare, 1e-4);
            Assert.Equal(Moment(3) / Math.Pow(Moment(2), 1.5), statistics.Skewness, 1e-3);
            Assert.Equal(Moment(4) / Math.Pow(Moment(2), 2), statistics.Kurtosis, 1e-3);
            var middle = (n - 1) / 2.0;
            Assert.Equal(row.Select((v, i) => (i - middle) * (v - mean)).Sum() / Enumerable.Range(0, n).Sum(i => (i - middle) * (i - middle)), statistics.Slope, 1e-3);
            Assert.Equal(row.Max(static v => Math.Abs(v)) / statistics.RootMeanSquare, statistics.CrestFactor, 1e-4);
        }
    }

    [Fact]
    public void Statistics_of_a_row_that_does_not_vary_are_finite() =>
        Assert.Equal(new RowStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0), RowStatistics.Of(new float[5]));
}
