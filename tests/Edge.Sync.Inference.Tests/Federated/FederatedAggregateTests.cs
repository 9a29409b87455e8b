using Edge.Sync.Inference.Learning;

namespace Edge.Sync.Inference.Tests.Federated;

public class FederatedAggregateTests
{
    [Fact]
    public void Result_is_the_same_bits_in_whatever_order_contributions_come_and_near_the_mean()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var (count, devices) = (random.Next(1, 300), random.Next(1, 30));
            var clip = random.NextDouble() * 3 + 0.01;
            var start = Row(random, count);
            var changes = Enumerable.Range(0, devices).Select(_ => FixedPoint.Clip(start, Row(random, count), clip)).ToArray();
            var result = FederatedAggregate.Compute(start, changes, clip);
            for (var run = 0; run < 5; run++)
            {
                random.Shuffle(changes);
                Assert.Equal(result, FederatedAggregate.Compute(start, changes, clip));
            }
            for (var i = 0; i < count; i++)
                Assert.Equal(start[i] + changes.Average(c => c[i] * clip / FixedPoint.One), result[i], 1e-6);
        }
    }

    [Fact]
    public void Change_is_clipped_in_length_and_keeps_its_direction()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var (start, learned) = (Row(random, 40), Row(random, 40));
            var clip = Math.Pow(10, random.NextDouble() * 6 - 3);
            var numbers = FixedPoint.Clip(start, learned, clip);
            Assert.True(FixedPoint.IsClipped(numbers), $"seed {seed}");
            var length = Math.Sqrt(start.Zip(learned).Sum(static p => Math.Pow((double)p.Second - p.First, 2)));
            var factor = Math.Min(1, clip / length);
            for (var i = 0; i < numbers.Length; i++)
                Assert.Equal(((double)learned[i] - start[i]) * factor, numbers[i] * clip / FixedPoint.One, clip * 1e-7);
            Assert.Equal(numbers, FixedPoint.Read(FixedPoint.ToText(numbers), 40));
        }
    }

    [Fact]
    public void Text_that_is_too_long_a_change_or_none_is_refused()
    {
        var whole = new int[4];
        whole[2] = (int)FixedPoint.One;
        Assert.Equal(whole, FixedPoint.Read(FixedPoint.ToText(whole), 4));
        whole[3] = 1;
        Assert.Null(FixedPoint.Read(FixedPoint.ToText(whole), 4));
        Assert.Null(FixedPoint.Read(FixedPoint.ToText(new int[3]), 4));
        Assert.Null(FixedPoint.Read(FixedPoint.ToText(new int[5]), 4));
        Assert.Null(FixedPoint.Read(FixedPoint.ToText([int.MinValue, int.MinValue, int.MaxValue, 0]), 4));
        Assert.Null(FixedPoint.Read("no base64, not at all!==", 4));
        Assert.Throws<ArgumentException>(() => FixedPoint.Clip([0], [float.NaN], 1));
    }

    [Fact]
    public void Noise_has_the_deviation_that_was_asked_for()
    {
        foreach (var seed in new ulong?[] { null, 7 })
        {
            var noise = GaussianNoise.Draw(40_000, 1.5, seed).Select(static n => n / (double)FixedPoint.One).ToArray();
            Assert.Equal(0, noise.Average(), 0.05);
            Assert.Equal(1.5, Math.Sqrt(noise.Average(static n => n * n)), 0.05);
        }
        Assert.Equal(GaussianNoise.Draw(10, 1, 3), GaussianNoise.Draw(10, 1, 3));
        Assert.NotEqual(GaussianNoise.Draw(10, 1, null), GaussianNoise.Draw(10, 1, null));
        Assert.All(GaussianNoise.Draw(10, 0, null), static n => Assert.Equal(0, n));
    }

    private static float[] Row(Random random, int count)
    {
        var generator = new SplitMix64((ulong)random.NextInt64());
        return [.. Enumerable.Range(0, count).Select(_ => (float)generator.NextNormal())];
    }
}
