// As people write it.
#pragma warning disable CA2016, xUnit1051

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of docs/series.md.</summary>
public partial class SeriesSnippets
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // snippet: series-struct
    [EdgeSeries("reading")]
    public readonly partial record struct Reading(string Press, DateTimeOffset At, float Vibration, float Temperature);
    // end

    [Fact]
    public async Task Page_shows_what_runs()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var now = new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
        var many = Enumerable.Range(1, 100).Select(i => new Reading("press-3", now.AddSeconds(-i), 0.4f, 61f)).ToArray();

        // snippet: series-append
        var readings = db.Series<Reading>();
        await readings.AppendAsync(new Reading("press-3", now, 0.4f, 61f));
        await readings.AppendAsync(many);                        // Reading[] or ReadOnlyMemory<Reading>: one commit for 16,384
        await readings.FlushAsync();                             // survives a power cut too
        // end

        // snippet: series-query
        var lastHour = await readings.Of("press-3").Between(now.AddHours(-1), now).ToListAsync();
        var newest = await readings.Of("press-3").LatestAsync();
        await foreach (var reading in readings.Between(now.AddDays(-7), now).ReadAsync())      // any number of them
            if (reading.Temperature > 80) Console.WriteLine(reading);
        foreach (var hour in await readings.Of("press-3").DownsampleAsync(TimeSpan.FromHours(1)))
            Console.WriteLine($"{hour.Start:HH:mm}: {hour.Count} readings, {hour[nameof(Reading.Vibration)].Mean:F2} on average, {hour[nameof(Reading.Vibration)].Max:F2} at most");
        // end
        Assert.Equal((100, now), (lastHour.Count, newest?.At));

        // snippet: series-options
        var kept = db.Series<Reading>(new SeriesOptions
        {
            KeepPoints = TimeSpan.FromDays(2),
            Levels = [new(Bucket: TimeSpan.FromMinutes(5), Keep: TimeSpan.FromDays(60)), new(Bucket: TimeSpan.FromHours(1), Keep: TimeSpan.FromDays(730))],
            BytesMax = 64 << 20,
        });
        // end
        Assert.Same(readings, kept);
    }
}
