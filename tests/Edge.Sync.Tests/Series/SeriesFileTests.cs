using System.Globalization;
using Edge.Sync.Tests.Tool;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Series;

/// <summary>What happens to the file around a series: power cuts, damage, repair, copies, reports.</summary>
public class SeriesFileTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Whatever of the write-ahead log reaches the medium, the points that are left are the first ones, and at least those of the last flush.</summary>
    [Fact]
    public async Task Power_cut_leaves_a_prefix_with_all_that_was_flushed()
    {
        using var folder = new TempFolder();
        const int Batch = 700;
        static Reading[] Points(int batch) => [.. Enumerable.Range(batch * Batch, Batch).Select(static i => Sensors.Of($"press {i % 3}", i))];
        var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var readings = db.Series<Reading>(Sensors.Forever);
        for (var i = 0; i < 10; i++) await readings.AppendAsync(Points(i), Token);
        await readings.FlushAsync(Token);
        var flushed = new FileInfo(folder["a.db-wal"]).Length;
        for (var i = 10; i < 60; i++) await readings.AppendAsync(Points(i), Token);
        var (file, log) = (await ReadSharedAsync(folder["a.db"]), await ReadSharedAsync(folder["a.db-wal"]));
        await db.DisposeAsync();
        Assert.True(log.Length > flushed && flushed > 0, "The log was not cut short: nothing of this is in it.");

        var random = new Random(1);
        var lengths = new HashSet<long>();
        for (var cut = 0; cut < 60; cut++)
        {
            var path = folder[$"cut{cut}.db"];
            await File.WriteAllBytesAsync(path, file, Token);
            var kept = log.AsSpan(0, (int)random.NextInt64(flushed, log.Length + 1)).ToArray();
            // Of the last sector anything may be there.
            if (kept.Length - 512 > flushed) random.NextBytes(kept.AsSpan(kept.Length - 512));
            await File.WriteAllBytesAsync(path + "-wal", kept, Token);
            await using var after = await EdgeDatabase.OpenAsync(path, Token);
            var count = await after.Series<Reading>().CountAsync(Token);
            Assert.True(count % Batch == 0 && count >= 10 * Batch, $"{count} points are left of a log of {kept.Length} bytes.");
            Assert.Equal(Enumerable.Range(0, (int)count), (await after.Series<Reading>().ToListAsync(Token)).Select(static p => (int)(p.At - Sensors.Start).TotalSeconds).Order());
            Assert.Empty((await after.VerifyAsync(cancellationToken: Token)).Faults);
            await after.Series<Reading>().AppendAsync(Sensors.Of("after", 1), Token);
            lengths.Add(count);
        }
        Assert.True(lengths.Count > 10, "All cuts were the same.");
    }

    [Theory]
    [InlineData("UPDATE edge_series_blocks SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'77' AS BLOB) WHERE block = (SELECT min(block) FROM edge_series_blocks)")]
    [InlineData("UPDATE edge_series_blocks SET first = first + 1 WHERE block = (SELECT min(block) FROM edge_series_blocks)")]
    [InlineData("UPDATE edge_series_blocks SET points = points - 1 WHERE block = (SELECT min(block) FROM edge_series_blocks)")]
    [InlineData("UPDATE edge_series_blocks SET shape = 77 WHERE block = (SELECT min(block) FROM edge_series_blocks)")]
    [InlineData("UPDATE edge_series_blocks SET key = 77 WHERE block = (SELECT min(block) FROM edge_series_blocks)")]
    [InlineData("UPDATE edge_series_blocks SET bytes = 5 WHERE block = (SELECT min(block) FROM edge_series_blocks)")]
    [InlineData("UPDATE edge_series_journal SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'77' AS BLOB)")]
    [InlineData("UPDATE edge_series_journal SET points = points + 1")]
    public async Task Damage_is_found_and_a_repair_takes_out_what_is_damaged(string damage)
    {
        using var folder = new TempFolder();
        await FillAsync(folder["a.db"]);
        using (var connection = new SqliteConnection($"Data Source={folder["a.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = damage;
            Assert.InRange(command.ExecuteNonQuery(), 1, 2);
        }
        var report = await EdgeDatabase.VerifyAsync(folder["a.db"], cancellationToken: Token);
        Assert.NotEmpty(report.Faults);
        Assert.All(report.Faults, static fault => Assert.Equal(VerificationSubject.Series, fault.Subject));
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.RepairAsync(Token);
        Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
        Assert.InRange((await db.Series<Reading>().ToListAsync(Token)).Count, 15_000, 20_499);
        await db.Series<Reading>().AppendAsync(Enumerable.Range(0, 20_000).Select(static i => Sensors.Of("press 1", i)).ToArray(), Token);
        Assert.Equal(damage.Contains("journal", StringComparison.Ordinal) ? 20_000 : 20_500, await db.Series<Reading>().Of("press 1").CountAsync(Token));
    }

    [Fact]
    public async Task Reading_what_is_damaged_says_so()
    {
        using var folder = new TempFolder();
        await FillAsync(folder["a.db"]);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Series<Reading>().CountAsync(Token);
        using (var connection = new SqliteConnection($"Data Source={folder["a.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE edge_series_blocks SET bytes = zeroblob(100)";
            command.ExecuteNonQuery();
        }
        Assert.Equal(EdgeErrorCode.StorageDamaged, (await Assert.ThrowsAsync<EdgeStorageException>(() => db.Series<Reading>().ToListAsync(Token))).Code);
        // A late point needs the block.
        var late = Enumerable.Range(0, 16_384).Select(static i => Sensors.Of("press 1", i + 0.25)).ToArray();
        Assert.Equal(EdgeErrorCode.StorageDamaged, (await Assert.ThrowsAsync<EdgeStorageException>(() => db.Series<Reading>().AppendAsync(late, Token))).Code);
        await db.RepairAsync(Token);
        await db.Series<Reading>().AppendAsync(late, Token);
        // What was in the journal was whole.
        Assert.Equal(16_384 + 20_500 - 16_384, await db.Series<Reading>().CountAsync(Token));
    }

    [Fact]
    public async Task Repaired_and_copied_files_have_the_series()
    {
        using var folder = new TempFolder();
        await FillAsync(folder["a.db"]);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            await db.Documents<Job>().AddAsync(new Job { Title = "Replace pump 7" }, Token);
            await db.BackupAsync(folder["copy.db"], cancellationToken: Token);
        }
        await using (var copy = await EdgeDatabase.OpenAsync(folder["copy.db"], Token))
            Assert.Equal(20_500, await copy.Series<Reading>().CountAsync(Token));
        var report = await EdgeDatabase.RepairAsync(folder["a.db"], cancellationToken: Token);
        Assert.Equal((20_500, 1, true), (report.PointCount, report.DocumentCount, report.IsComplete));
        await using var repaired = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal(20_500, await repaired.Series<Reading>().CountAsync(Token));
        Assert.Empty((await repaired.VerifyAsync(cancellationToken: Token)).Faults);
    }

    /// <summary>A page in the middle of the blocks is lost: those before and those behind it are not.</summary>
    [Fact]
    public async Task Repair_reads_from_both_sides_of_a_lost_page()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
            await db.Series<Reading>(Sensors.Forever).AppendAsync(Enumerable.Range(0, 300_000).Select(static i => Sensors.Of("a", i, i % 1000 / 7f)).ToArray(), Token);
        int page;
        using (var connection = new SqliteConnection($"Data Source={folder["a.db"]};Mode=ReadOnly;Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT rootpage FROM sqlite_schema WHERE name = 'edge_series_blocks'";
            var root = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
            var bytes = await ReadSharedAsync(folder["a.db"]);
            // A child in the middle of the root page.
            var at = (root - 1) * 2048;
            Assert.Equal(5, bytes[at]);
            var cells = bytes[at + 3] << 8 | bytes[at + 4];
            var cell = at + 12 + cells / 2 * 2;
            var child = at + (bytes[cell] << 8 | bytes[cell + 1]);
            page = bytes[child] << 24 | bytes[child + 1] << 16 | bytes[child + 2] << 8 | bytes[child + 3];
        }
        await using (var file = File.OpenWrite(folder["a.db"]))
        {
            file.Position = (page - 1) * 2048L;
            file.Write(new byte[2048]);
        }
        var report = await EdgeDatabase.RepairAsync(folder["a.db"], cancellationToken: Token);
        await using var repaired = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var points = await repaired.Series<Reading>().ToListAsync(Token);
        Assert.InRange(points.Count, 200_000, 299_999);
        Assert.Equal((Sensors.Start, Sensors.Start.AddSeconds(299_999), report.PointCount), (points[0].At, points[^1].At, points.Count));
        Assert.Empty((await repaired.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Storage_counts_every_byte_of_it_and_the_tool_shows_it()
    {
        using var folder = new TempFolder();
        await FillAsync(folder["a.db"]);
        StorageReport report;
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token)) report = await db.GetStorageAsync(Token);
        var series = Assert.Single(report.Series);
        Assert.Equal(("reading", 2L, 20_500L, 0L), (series.Series, series.KeyCount, series.PointCount, series.BucketCount));
        Assert.Equal(report.SeriesBytes, series.Bytes);
        Assert.InRange(report.SeriesBytes, report.FileBytes / 3, report.FileBytes);
        Assert.Equal(report.FileBytes, report.LogBytes + report.StateBytes + report.HistoryBytes + report.TableBytes + report.SeriesBytes + report.FreeBytes + report.OverheadBytes);
        Assert.InRange(report.OverheadBytes, 0, report.FileBytes / 2);
        var storage = (await ToolRun.RunAsync(folder, "storage", "a.db", "--json")).Json;
        Assert.Equal(("reading", 20_500, report.SeriesBytes), ((string?)storage["series"]![0]!["series"], (int)storage["series"]![0]!["points"]!, (long)storage["classes"]!["series"]!));
        Assert.Equal(20_500, (int)(await ToolRun.RunAsync(folder, "verify", "a.db", "--json")).Json["points"]!);
    }

    private static async Task FillAsync(string path)
    {
        await using var db = await EdgeDatabase.OpenAsync(path, Token);
        var readings = db.Series<Reading>(Sensors.Forever);
        await readings.AppendAsync(Enumerable.Range(0, 20_000).Select(static i => Sensors.Of($"press {i % 2}", i / 2, i % 7, i % 100 / 3f)).ToArray(), Token);
        await readings.AppendAsync(Enumerable.Range(0, 500).Select(static i => Sensors.Of("press 1", 20_000 + i)).ToArray(), Token);
        var storage = await db.GetStorageAsync(Token);
        Assert.Equal(20_500, storage.Series.Single().PointCount);
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, Token);
        return bytes;
    }
}
