using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Series;

/// <summary>Random histories beside the model: points that are late, twice there, not numbers; restarts in between.</summary>
public class SeriesHistoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Points_and_buckets_are_those_of_the_model(int seed)
    {
        using var folder = new TempFolder();
        var (random, model) = (new Random(seed), new SeriesModel());
        var keys = random.Next(1, 6);
        var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        try
        {
            var now = 0.0;
            for (var step = 0; step < 60; step++)
            {
                var batch = new Reading[random.Next(3) switch { 0 => 1, 1 => random.Next(1, 50), _ => random.Next(1, 6000) }];
                for (var i = 0; i < batch.Length; i++)
                {
                    var late = random.Next(20) == 0 ? random.NextDouble() * now : random.Next(10) == 0 ? random.Next(5) : 0;
                    batch[i] = Sensors.Of($"press {random.Next(keys)}", Math.Round(now - late, random.Next(4)), random.Next(50) == 0 ? float.NaN : random.Next(1000) / 1000f, 20 + random.NextSingle());
                    if (random.Next(30) == 0) batch[i] = batch[i] with { At = batch[i].At.ToOffset(TimeSpan.FromHours(random.Next(-12, 13))) };
                    if (random.Next(3) == 0) now += random.Next(3);
                }
                await db.Series<Reading>(Sensors.Forever).AppendAsync(batch, TestContext.Current.CancellationToken);
                foreach (var point in batch) model.Append(point);
                // The clock jumps back, and what was measured is measured again.
                if (random.Next(25) == 0) now = Math.Max(0, now - random.Next(1000));
                if (random.Next(15) == 0)
                {
                    await db.DisposeAsync();
                    db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
                }
                if (step % 12 == 0) await CheckAsync(db.Series<Reading>(), model, random, now, $"seed {seed}, step {step}");
            }
            await CheckAsync(db.Series<Reading>(), model, random, now, $"seed {seed}, end");
            var report = await db.VerifyAsync(cancellationToken: TestContext.Current.CancellationToken);
            Assert.Empty(report.Faults);
            Assert.InRange(report.PointCount, model.Points.Count(), long.MaxValue);
        }
        finally { await db.DisposeAsync(); }
    }

    private static async Task CheckAsync(TelemetrySeries<Reading> series, SeriesModel model, Random random, double now, string what)
    {
        var token = TestContext.Current.CancellationToken;
        Assert.True(model.Points.SequenceEqual(await series.ToListAsync(token)), $"{what}: all points");
        var read = new List<Reading>();
        await foreach (var point in series.ReadAsync(token)) read.Add(point);
        Assert.True(model.Points.SequenceEqual(read), $"{what}: all points, read in pages");
        Assert.Equal(model.Points.Select(static p => p.Press).Distinct(), await series.GetKeysAsync(token));
        Assert.Equal(model.Latest(null)?.At, (await series.LatestAsync(token))?.At);
        for (var i = 0; i < 8; i++)
        {
            var key = random.Next(3) == 0 ? null : $"press {random.Next(6)}";
            var from = Sensors.Start.AddSeconds(random.Next(-10, (int)now + 10));
            var end = from.AddSeconds(random.Next(4) == 0 ? 0 : random.Next((int)now + 100));
            var query = (key is null ? series : series.Of(key)).Between(from, end);
            Assert.True(model.Query(key, from, end).SequenceEqual(await query.ToListAsync(token)), $"{what}: {key ?? "all"} from {from} to {end}");
            Assert.Equal(model.Query(key, from, end).Count, await query.CountAsync(token));
            var bucket = TimeSpan.FromSeconds(random.Next(1, 1000));
            SeriesModel.AssertEqual(SeriesModel.Downsample(model.Query(key, from, end), bucket), await query.DownsampleAsync(bucket, token), $"{what}: buckets of {bucket}");
            if (key is not null) Assert.Equal(model.Latest(key), await series.Of(key).LatestAsync(token));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_grew_coarse_still_counts_every_point(int seed)
    {
        using var folder = new TempFolder();
        var (random, model) = (new Random(seed), new SeriesModel());
        var clock = new FakeTimeProvider(Sensors.Start);
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = clock }, TestContext.Current.CancellationToken);
        var options = new SeriesOptions
        {
            KeepPoints = TimeSpan.FromMinutes(random.Next(10, 60)),
            Levels = [new(TimeSpan.FromSeconds(30), TimeSpan.FromHours(2)), new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(8)), new(TimeSpan.FromHours(1), TimeSpan.FromDays(36_500))],
        };
        var series = db.Series<Reading>(options);
        var now = 0.0;
        for (var step = 0; step < 40; step++)
        {
            var batch = new List<Reading>();
            for (var count = random.Next(1, 6000); count > 0; count--)
            {
                now += random.NextDouble() * 2;
                // Late ones find their buckets there already.
                var point = Sensors.Of($"press {random.Next(3)}", Math.Round(now - (random.Next(50) == 0 ? random.NextDouble() * now : 0), 3), random.Next(1000) / 10f, random.Next(40) == 0 ? float.NaN : random.Next(100));
                if (model.Has(point)) continue;
                batch.Add(point);
                model.Append(point);
            }
            clock.SetUtcNow(Sensors.Start.AddSeconds(now) > clock.GetUtcNow() ? Sensors.Start.AddSeconds(now) : clock.GetUtcNow());
            await series.AppendAsync(batch.ToArray(), TestContext.Current.CancellationToken);
        }
        var storage = (await db.GetStorageAsync(TestContext.Current.CancellationToken)).Series.Single();
        Assert.InRange(storage.BucketCount, 100, 100_000);
        Assert.InRange(storage.PointCount, 1, model.Points.Count() / 2);
        foreach (var hours in (int[])[1, 2, 24])
            SeriesModel.AssertEqual(SeriesModel.Downsample(model.Points, TimeSpan.FromHours(hours)), await series.DownsampleAsync(TimeSpan.FromHours(hours), TestContext.Current.CancellationToken), $"seed {seed}, {hours} h");
        var kept = Sensors.Start.AddSeconds(now) - options.KeepPoints;
        Assert.Equal(model.Query(null, kept, DateTimeOffset.MaxValue), await series.Between(kept, DateTimeOffset.MaxValue).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Empty((await db.VerifyAsync(cancellationToken: TestContext.Current.CancellationToken)).Faults);
    }
}
