using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Series;

public class AppendTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Second_point_of_an_instant_replaces_the_first()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>();
        var other = Sensors.Of("a", 1, 9);
        await readings.AppendAsync(new[] { Sensors.Of("a", 1, 1), Sensors.Of("b", 1, 5), Sensors.Of("a", 1, 2) }, Token);
        await readings.AppendAsync(other with { At = other.At.ToOffset(TimeSpan.FromHours(5)) }, Token);
        Assert.Equal([other, Sensors.Of("b", 1, 5)], await readings.ToListAsync(Token));
        Assert.Equal(2, await readings.CountAsync(Token));
        Assert.Equal([(1L, 9.0), (1L, 5.0)], (await readings.DownsampleAsync(TimeSpan.FromHours(1), Token)).Select(static b => (b.Count, b["Vibration"].Sum)));
    }

    [Fact]
    public async Task Every_kind_of_value_comes_back_from_the_journal_and_from_blocks()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var series = db.Series<Everything>(Sensors.Forever);
        var random = new Random(1);
        var points = Enumerable.Range(0, 40_000).Select(i => new Everything(i % 100 == 0 ? double.NaN : random.NextDouble() - 0.5, random.Next(2) == 0, (byte)random.Next(256), Sensors.Start.AddTicks(i * 12_345L), (short)random.Next(short.MinValue, short.MaxValue))
        {
            Whole = random.Next(int.MinValue, int.MaxValue),
            Big = random.NextInt64(long.MinValue, long.MaxValue),
            Mode = (Mode)random.Next(-3, 2),
            Rough = i % 77 == 0 ? float.NegativeInfinity : random.NextSingle() * -1e9f,
        }).ToArray();
        await series.AppendAsync(points, Token);
        Assert.InRange((await db.GetStorageAsync(Token)).Series.Single().PointCount, 40_000, 40_000);
        Assert.Equal(points, await series.ToListAsync(Token));
        Assert.Equal([""], await series.GetKeysAsync(Token));
        Assert.Equal(points[^1], await series.LatestAsync(Token));
    }

    [Fact]
    public async Task What_is_not_a_number_is_left_out_of_least_greatest_and_mean()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>();
        await readings.AppendAsync(new[] { Sensors.Of("a", 0, float.NaN, float.NaN), Sensors.Of("a", 1, 3, float.NaN), Sensors.Of("a", 2, 1, float.NaN), Sensors.Of("a", 3, float.NaN, float.NaN) }, Token);
        var bucket = Assert.Single(await readings.DownsampleAsync(TimeSpan.FromMinutes(1), Token));
        Assert.Equal((4L, Sensors.Start, TimeSpan.FromMinutes(1)), (bucket.Count, bucket.Start, bucket.Duration));
        Assert.Equal(new SeriesSummary(2, 1, 3, 4, double.NaN), bucket["Vibration"]);
        Assert.Equal(2.0, bucket["Vibration"].Mean);
        Assert.Equal((0L, double.NaN), (bucket["Temperature"].Count, bucket["Temperature"].Mean));
        Assert.Contains("Vibration, Temperature", Assert.Throws<ArgumentException>(() => bucket["Pressure"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_append_at_once_share_commits_and_lose_nothing()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
                await readings.AppendAsync(Sensors.Of($"press {task}", i), Token);
        }, Token)));
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => readings.AppendAsync(Sensors.Of("all at once", i), Token)));
        Assert.Equal(7000, await readings.CountAsync(Token));
        Assert.Equal(3000, await readings.Of("all at once").CountAsync(Token));
    }

    [Fact]
    public async Task One_key_too_many_fails_alone()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>(new() { KeysMax = 2 });
        var appends = Enumerable.Range(0, 40).Select(i => readings.AppendAsync(Sensors.Of($"press {i % 4}", i), Token)).ToList();
        var failed = 0;
        foreach (var append in appends)
        {
            try { await append; }
            catch (EdgeDataException e)
            {
                Assert.Equal((EdgeErrorCode.LimitExceeded, "series.key"), (e.Code, e.Field));
                Assert.Contains("SeriesOptions.KeysMax", e.Message, StringComparison.Ordinal);
                failed++;
            }
        }
        Assert.Equal(20, failed);
        Assert.Equal(["press 0", "press 1"], await readings.GetKeysAsync(Token));
        Assert.Equal(20, await readings.CountAsync(Token));
    }

    [Theory]
    [InlineData(null, "null")]
    [InlineData("half", "well-formed")]
    [InlineData("long", "256")]
    public async Task Key_that_cannot_be_kept_is_refused(string? key, string says)
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => db.Series<Reading>().AppendAsync(Sensors.Of(key switch { "long" => new('ü', 129), "half" => "\ud800", _ => key! }, 1), Token));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        await db.Series<Reading>().AppendAsync(Sensors.Of("", 1), Token);
        await db.Series<Reading>().AppendAsync(Sensors.Of("ü\0' 🏭", 1), Token);
        Assert.Equal(["", "ü\0' 🏭"], await db.Series<Reading>().GetKeysAsync(Token));
    }

    [Fact]
    public async Task First_and_last_instant_of_time_are_kept()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>(new() { KeepPoints = TimeSpan.FromDays(3_652_059), Levels = [] });
        Reading[] points = [new("a", DateTimeOffset.MinValue, 1, 1), new("a", DateTimeOffset.UnixEpoch, 2, 2), new("a", DateTimeOffset.MaxValue, 3, 3)];
        await readings.AppendAsync(points, Token);
        await readings.AppendAsync(Enumerable.Range(0, 20_000).Select(static i => Sensors.Of("b", i)).ToArray(), Token);
        Assert.Equal(points, await readings.Of("a").ToListAsync(Token));
        Assert.Equal(3, (await readings.Of("a").DownsampleAsync(TimeSpan.FromDays(1), Token)).Count);
    }

    [Fact]
    public async Task Empty_series_has_nothing_and_makes_no_tables()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>();
        Assert.Same(readings, db.Series<Reading>());
        await readings.AppendAsync(ReadOnlyMemory<Reading>.Empty, Token);
        Assert.Empty(await readings.ToListAsync(Token));
        Assert.Null(await readings.LatestAsync(Token));
        Assert.Empty(await readings.DownsampleAsync(TimeSpan.FromHours(1), Token));
        Assert.Equal(0, await readings.Of("a").CountAsync(Token));
        await readings.FlushAsync(Token);
        using var connection = new SqliteConnection($"Data Source={folder["a.db"]};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'edge_series%'";
        Assert.Equal(0L, command.ExecuteScalar());
    }

    [Fact]
    public async Task Disposing_commits_what_was_taken_and_refuses_the_rest()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>();
        var appends = Enumerable.Range(0, 10).Select(i => readings.AppendAsync(Enumerable.Range(0, 16_000).Select(n => Sensors.Of($"press {i}", n)).ToArray(), Token)).ToList();
        await db.DisposeAsync();
        await Task.WhenAll(appends);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => readings.AppendAsync(Sensors.Of("a", 1), Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => readings.ToListAsync(Token));
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal(160_000, await again.Series<Reading>().CountAsync(Token));
    }

    [Fact]
    public async Task Struct_with_other_values_reads_what_an_older_one_wrote()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            await db.Series<Older.Reading>().AppendAsync(Enumerable.Range(0, 20_000).Select(static i => new Older.Reading("a", Sensors.Start.AddSeconds(i), i, i)).ToArray(), Token);
            await db.Series<Older.Reading>().AppendAsync(new Older.Reading("a", Sensors.Start.AddDays(1), 5, 6), Token);
        }
        await using var now = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = await now.Series<Reading>().ToListAsync(Token);
        Assert.Equal((20_001, 7f, float.NaN), (readings.Count, readings[7].Vibration, readings[7].Temperature));
        Assert.Equal(new("a", Sensors.Start.AddDays(1), 5, float.NaN), readings[^1]);
        // Blocks of both are merged.
        await now.Series<Reading>().AppendAsync(Enumerable.Range(0, 20_000).Select(static i => Sensors.Of("a", i + 0.5)).ToArray(), Token);
        Assert.Equal(40_001, (await now.Series<Reading>().ToListAsync(Token)).Count);
        var back = await now.Series<Older.Reading>().ToListAsync(Token);
        // What the newer one does not know is kept.
        Assert.Equal([0, 0, 1, 0, 2, 0, 3], back.Take(7).Select(static p => p.Load));
        Assert.Equal(6, back[^1].Load);
        Assert.Empty((await now.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Watch_gives_every_point_from_the_call_on()
    {
        using var folder = new TempFolder();
        var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>();
        await readings.AppendAsync(Sensors.Of("before", 1), Token);
        var watch = readings.WatchAsync(cancellationToken: Token);
        var expected = new List<Reading>();
        for (var i = 0; i < 50; i++)
        {
            var batch = Enumerable.Range(0, i).Select(n => Sensors.Of($"press {n % 3}", i * 100 - n)).ToArray();
            expected.AddRange(batch);
            await readings.AppendAsync(batch, Token);
        }
        await db.DisposeAsync();
        var seen = new List<Reading>();
        await foreach (var point in watch) seen.Add(point);
        Assert.Equal(expected, seen);
        await foreach (var _ in readings.WatchAsync(cancellationToken: Token)) Assert.Fail("Nothing is appended to a database that is disposed.");
    }

    [Fact]
    public async Task Watch_that_is_too_slow_is_told_so_and_holds_nobody_up()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>();
        var watch = readings.WatchAsync(pendingMax: 10, Token);
        for (var i = 0; i < 25; i++) await readings.AppendAsync(Sensors.Of("a", i), Token);
        var seen = 0;
        var error = await Assert.ThrowsAsync<EdgeStorageException>(async () =>
        {
            await foreach (var point in watch) Assert.Equal(Sensors.Of("a", seen++), point);
        });
        Assert.Equal((10, EdgeErrorCode.TooManyPending), (seen, error.Code));
        using var stop = new CancellationTokenSource();
        var stopped = readings.WatchAsync(cancellationToken: stop.Token).GetAsyncEnumerator(Token);
        var next = stopped.MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        Assert.Equal(25, await readings.CountAsync(Token));
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        using var folder = new TempFolder();
        var db = new EdgeDatabase(new EdgeDatabaseOptions { Path = folder["a.db"] });
        var (minute, day) = (TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        foreach (var options in (SeriesOptions[])[
            new() { KeepPoints = TimeSpan.Zero }, new() { BytesMax = 1 }, new() { KeysMax = 0 }, new() { Levels = [new(minute, minute)] }, new() { KeepPoints = minute, Levels = [new(minute, day), new(minute * 1.5, day)] },
            new() { KeepPoints = minute, Levels = [new(minute * 2, day), new(minute, day)] }, new() { KeepPoints = minute, Levels = [new(TimeSpan.FromTicks(5), day)] }])
            Assert.ThrowsAny<ArgumentException>(() => db.Series<Reading>(options));
        Assert.Throws<InvalidOperationException>(() => { _ = db.Series<Reading>().Between(Sensors.Start, Sensors.Start.AddDays(1)).LatestAsync(Token); });
        Assert.Throws<ArgumentOutOfRangeException>(() => db.Series<Reading>().Between(Sensors.Start, Sensors.Start.AddDays(-1)));
    }
}
