using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Series;

public class RetentionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_year_of_readings_stays_in_bounds()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider(Sensors.Start);
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = clock }, Token);
        var options = new SeriesOptions { KeepPoints = TimeSpan.FromDays(7), Levels = [new(TimeSpan.FromMinutes(10), TimeSpan.FromDays(30)), new(TimeSpan.FromHours(6), TimeSpan.FromDays(90))] };
        var readings = db.Series<Reading>(options);
        var random = new Random(1);
        var files = new List<long>();
        for (var day = 0; day < 365; day++)
        {
            // Three presses, each once in 20 seconds.
            var batch = new Reading[3 * 4320];
            for (var i = 0; i < batch.Length; i++)
                batch[i] = Sensors.Of($"press {i % 3}", day * 86_400 + i / 3 * 20, random.Next(1000) / 1000f, 20 + random.Next(100) / 10f);
            await readings.AppendAsync(batch, Token);
            clock.SetUtcNow(Sensors.Start.AddDays(day + 1));
            if (day % 10 == 4) files.Add((await db.GetStorageAsync(Token)).FileBytes);
        }
        var storage = (await db.GetStorageAsync(Token)).Series.Single();
        var perDay = 3 * 4320L;
        // A sixteenth more than is said, and what lies in the journal.
        Assert.InRange(storage.PointCount, 7 * perDay, (long)(7 * perDay * 1.07) + 2 * perDay);
        Assert.InRange(storage.BucketCount, 3 * (23 * 144 + 60 * 4), 3 * (26 * 144 + 70 * 4) + 2048);
        var spring = files.Skip(10).Take(5).Max();
        Assert.True(files[^5..].Max() <= spring * 1.1, $"The file grew from {spring} to {files[^5..].Max()} bytes.");
        var end = Sensors.Start.AddDays(365);
        Assert.Equal(perDay * 7, await readings.Between(end.AddDays(-7), end).CountAsync(Token));
        Assert.Equal(365 - 90, ((await readings.DownsampleAsync(TimeSpan.FromDays(1), Token))[0].Start - Sensors.Start).TotalDays, 6.0);
        Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Bytes_are_bounded_and_the_newest_stay()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var options = new SeriesOptions { BytesMax = 200_000, KeepPoints = TimeSpan.FromDays(3650), Levels = [new(TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650))] };
        var readings = db.Series<Reading>(options);
        var random = new Random(1);
        for (var step = 0; step < 40; step++)
        {
            await readings.AppendAsync(Enumerable.Range(0, 16_384).Select(i => Sensors.Of($"press {i % 2}", step * 8192 + i / 2, random.NextSingle(), random.NextSingle())).ToArray(), Token);
            Assert.InRange((await db.GetStorageAsync(Token)).SeriesBytes, 1, options.BytesMax);
        }
        var last = Sensors.Start.AddSeconds(40 * 8192 - 1);
        Assert.Equal(last, (await readings.LatestAsync(Token))!.Value.At);
        var points = await readings.Of("press 0").ToListAsync(Token);
        Assert.True(points.Count > 1000 && points.Zip(points.Skip(1)).All(static pair => pair.Second.At - pair.First.At == TimeSpan.FromSeconds(1)));
        var buckets = await readings.Of("press 0").DownsampleAsync(TimeSpan.FromMinutes(1), Token);
        Assert.True(buckets[0].Start < points[0].At.AddMinutes(-1), "Nothing became coarser.");
    }

    [Fact]
    public async Task Few_points_in_coarse_buckets_are_bounded_too()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var options = new SeriesOptions { BytesMax = 65_536, KeepPoints = TimeSpan.FromDays(1), Levels = [new(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(36_500))] };
        var readings = db.Series<Reading>(options);
        var random = new Random(1);
        for (var step = 0; step < 5; step++)
        {
            await readings.AppendAsync(Enumerable.Range(0, 16_384).Select(i => Sensors.Of("a", (step * 16_384 + i) * 60, random.NextSingle(), random.NextSingle())).ToArray(), Token);
            Assert.InRange((await db.GetStorageAsync(Token)).SeriesBytes, 1, options.BytesMax);
        }
    }

    [Fact]
    public async Task Clock_that_is_wrong_makes_nothing_old()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider(Sensors.Start);
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = clock }, Token);
        var readings = db.Series<Reading>(new() { KeepPoints = TimeSpan.FromDays(1), Levels = [] });
        var hour = Enumerable.Range(0, 20_000).Select(static i => Sensors.Of("a", i / 10.0)).ToArray();
        await readings.AppendAsync(hour, Token);
        // The clock leaps ahead, and the points do not; then one point does, and the clock is back.
        clock.SetUtcNow(Sensors.Start.AddYears(50));
        await readings.AppendAsync(hour, Token);
        Assert.Equal(20_000, await readings.CountAsync(Token));
        clock.AdjustTime(Sensors.Start);
        await readings.AppendAsync(Sensors.Of("a", 1e9), Token);
        await readings.AppendAsync(hour, Token);
        await readings.AppendAsync(hour, Token);
        Assert.Equal(20_001, await readings.CountAsync(Token));
        // Both: now it is old.
        clock.SetUtcNow(Sensors.Start.AddYears(50));
        await readings.AppendAsync(hour.Select(static p => p with { At = p.At.AddYears(31) }).ToArray(), Token);
        Assert.DoesNotContain(await readings.ToListAsync(Token), static p => p.At < Sensors.Start.AddYears(30));
    }

    [Fact]
    public async Task Key_without_points_is_forgotten()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>(new() { KeepPoints = TimeSpan.FromHours(1), Levels = [], KeysMax = 100 });
        for (var run = 0; run < 50; run++)
            await readings.AppendAsync(Enumerable.Range(0, 16_384).Select(i => Sensors.Of($"run {run}/{i % 40}", run * 7200 + i / 1000.0)).ToArray(), Token);
        Assert.Equal(40, (await readings.GetKeysAsync(Token)).Count);
        Assert.Equal(40, (await db.GetStorageAsync(Token)).Series.Single().KeyCount);
    }

    [Fact]
    public async Task Other_options_take_over_what_is_there()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var minutes = db.Series<Reading>(new() { KeepPoints = TimeSpan.FromMinutes(10), Levels = [new(TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650))] });
        Reading[] Hours(int from) => [.. Enumerable.Range(0, 20_000).Select(i => Sensors.Of("a", from * 3600 + i))];
        await minutes.AppendAsync(Hours(0), Token);
        var hourly = db.Series<Reading>(new() { KeepPoints = TimeSpan.FromMinutes(20), Levels = [new(TimeSpan.FromHours(1), TimeSpan.FromDays(3650))] });
        await hourly.AppendAsync(Hours(10), Token);
        await hourly.AppendAsync(Hours(20), Token);
        var hours = await hourly.DownsampleAsync(TimeSpan.FromHours(1), Token);
        Assert.Equal(60_000, hours.Sum(static b => b.Count));
        // Nothing finer than an hour is left of the first ones.
        Assert.All((await hourly.DownsampleAsync(TimeSpan.FromMinutes(1), Token)).Where(static b => b.Start < Sensors.Start.AddHours(10)), static b => Assert.Equal(0, b.Start.Minute));
    }
}
