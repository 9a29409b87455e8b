using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Events;
using Edge.Sync.Tests.Projections.ReadModels;
using Edge.Sync.Tests.Projections.Search;

namespace Edge.Sync.Tests.Storage;

public class StorageReportTests
{
    private const int Large = 100_000;

    [Fact]
    public async Task Every_class_of_bytes_is_told_and_all_together_are_the_file()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Costs>());
        await using var peer = await EdgeDatabase.OpenAsync(folder["b.db"]);
        var empty = await db.GetStorageAsync();
        Assert.Equal((0, 0, 0, 0, 0), (empty.ConflictBytes, empty.EventBytes, empty.ReadModelBytes, empty.SearchBytes, empty.UndoBytes));

        var (pump, text) = (DocumentId.Named("pump"), new string('x', Large));
        await peer.Documents<Job>().EditAsync(pump, static job => job.Title = "short");
        await db.Documents<Job>().EditAsync(pump, job => job.Title = text);
        await Exchange.MergeAsync(db, peer);
        var report = await db.GetStorageAsync();
        AssertIsFile(report);
        Assert.InRange(report.ConflictBytes, Large, Large + 500); // one of the two lost, and both are shown

        var undo = db.CreateUndoHistory("editor");
        await db.Documents<Job>().With(new EditOptions { Undo = undo }).EditAsync(DocumentId.Named("other"), static job => job.Title = "before");
        await db.Documents<Job>().With(new EditOptions { Undo = undo }).EditAsync(pump, static job => job.Title = "after");
        Assert.InRange((await db.GetStorageAsync()).UndoBytes, Large, Large + 1_000); // what undoing writes again

        await db.EditAsync(change => change.Append(pump, new JobEvent.Closed(7, text)));
        report = await db.GetStorageAsync();
        AssertIsFile(report);
        Assert.InRange(report.EventBytes, Large, Large + 500);
        Assert.InRange(report.ReadModelBytes, Large + 8, Large + 500);

        await db.Documents<Article>().AddAsync(new Article { Title = string.Join(' ', Enumerable.Range(0, 5_000)) });
        report = await db.GetStorageAsync();
        AssertIsFile(report);
        Assert.InRange(report.SearchBytes, 10_000, Large);
    }

    // What is not named is filling and indexes: less than half of what is.
    private static void AssertIsFile(StorageReport report)
    {
        var named = report.LogBytes + report.StateBytes + report.HistoryBytes + report.TableBytes + report.ConflictBytes + report.EventBytes + report.ReadModelBytes + report.SearchBytes + report.UndoBytes
            + report.SeriesBytes + report.WaitingBytes;
        Assert.Equal(report.FileBytes, named + report.FreeBytes + report.OverheadBytes);
        Assert.InRange(report.OverheadBytes, 0, Math.Max(200_000, named / 2));
    }
}
