using Edge.Sync.Storage;
using Edge.Sync.Tests.Database;
using Edge.Sync.Trust.Content;
using Edge.Sync.Verification;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Storage;

public class VerifyTests
{
    [Fact]
    public async Task Sound_file_is_proven_whole()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        var report = await EdgeDatabase.VerifyAsync(folder["a.db"]);
        Assert.Empty(report.Faults);
        Assert.True(report.IsSound);
        Assert.Equal(62, report.ChangeCount);
        Assert.Equal(9, report.DocumentCount);
        Assert.Equal(8, report.RowCount);
        Assert.True(report.SealCount > 0);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        Assert.True((await db.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task Parts_of_any_size_prove_the_same()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        using var connection = PlainSql.Open(folder["a.db"]);
        for (var documents = 1; documents < 12; documents++)
        {
            var report = Verifier.Verify(connection, folder["a.db"], NoKeys.Instance, null, default, documents);
            Assert.Empty(report.Faults);
            Assert.Equal((62, 9, 8), (report.ChangeCount, report.DocumentCount, report.RowCount));
        }
    }

    [Theory]
    [InlineData("UPDATE edge_changes SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'7f' AS BLOB) WHERE sequence = 30", VerificationSubject.Log)]
    [InlineData("UPDATE edge_changes SET id = zeroblob(32) WHERE sequence = 30", VerificationSubject.Log)]
    [InlineData("DELETE FROM edge_changes WHERE sequence = 62", VerificationSubject.Log)] // the newest: only the feed's end tells
    [InlineData("DELETE FROM edge_changes WHERE sequence = 30", VerificationSubject.Log)]
    [InlineData("UPDATE edge_changes SET sequence = 100 WHERE sequence = 62", VerificationSubject.Log)]
    [InlineData("UPDATE edge_feeds SET is_head = 0", VerificationSubject.Log)]
    [InlineData("DELETE FROM edge_positions WHERE sequence = 30", VerificationSubject.Log)]
    [InlineData("UPDATE edge_positions SET sequence = 31 WHERE sequence = 30", VerificationSubject.Log)]
    [InlineData("UPDATE edge_changes SET seal = CAST(zeroblob(63) || x'01' AS BLOB) WHERE seal IS NOT NULL", VerificationSubject.Log)]
    [InlineData("UPDATE edge_states SET state = (SELECT state FROM edge_states WHERE row = 1)", VerificationSubject.Document)]
    [InlineData("UPDATE edge_documents SET present = 0 WHERE row = 2", VerificationSubject.Document)]
    [InlineData("UPDATE edge_documents SET version = 1 WHERE row = 2", VerificationSubject.Document)]
    [InlineData("DELETE FROM edge_documents WHERE row = 2", VerificationSubject.Document)]
    [InlineData("INSERT INTO edge_documents VALUES (99, 'job', zeroblob(16), 1, 1, x'', 0, x'', NULL)", VerificationSubject.Document)]
    [InlineData("UPDATE edge_documents SET state = (SELECT state FROM edge_states WHERE row = 1) WHERE row = 2", VerificationSubject.Document)]
    [InlineData("UPDATE edge_documents SET covered = x'' WHERE row = 2", VerificationSubject.History)]
    [InlineData("UPDATE edge_documents SET covered = (SELECT covered FROM edge_documents WHERE row = 1) WHERE row = 2", VerificationSubject.History)]
    [InlineData("UPDATE job SET Title = 'forged' WHERE edge_row = 2", VerificationSubject.Table)]
    [InlineData("UPDATE job SET edge_rest = x'9200C0' WHERE edge_row = 2", VerificationSubject.Table)]
    [InlineData("DELETE FROM job WHERE edge_row = 2", VerificationSubject.Table)]
    [InlineData("INSERT INTO job SELECT 99, 'x', Title, Done, Due, Priority, Minutes, Parts, Notes, NULL FROM job WHERE edge_row = 2", VerificationSubject.Table)]
    [InlineData("DROP TABLE job", VerificationSubject.Table)]
    public async Task Anything_that_is_not_as_the_log_says_is_found(string sql, VerificationSubject subject)
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        PlainSql.Execute(folder["a.db"], sql);
        var report = await EdgeDatabase.VerifyAsync(folder["a.db"]);
        Assert.False(report.IsSound);
        Assert.Contains(report.Faults, fault => fault.Subject == subject);
        if (subject == VerificationSubject.Log) return;

        // All but the log is made again from it.
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        if (sql.StartsWith("DROP", StringComparison.Ordinal)) await db.Documents<Job>().CountAsync();
        await db.RepairAsync();
        Assert.Empty((await db.VerifyAsync()).Faults);
        Assert.Equal(8, await db.Documents<Job>().CountAsync());
    }

    [Fact]
    public async Task History_that_lacks_changes_is_found()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
            for (var i = 0; i < 2 * DocumentCache.CoveredCountMax; i++)
                await db.Documents<Job>().EditAsync(DocumentId.Named("0"), job => job.Title = new((char)('a' + (i % 26)), DocumentCache.TailBytesMin));
        Assert.True((await EdgeDatabase.VerifyAsync(folder["a.db"])).IsSound);
        PlainSql.Execute(folder["a.db"], "DELETE FROM edge_history");
        Assert.Equal([VerificationSubject.History], (await EdgeDatabase.VerifyAsync(folder["a.db"])).Faults.Select(static fault => fault.Subject));
    }

    [Fact]
    public async Task Verification_ends_when_it_is_cancelled()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.VerifyAsync(cancellationToken: new(canceled: true)));
        using var connection = PlainSql.Open(folder["a.db"]);
        Assert.Throws<OperationCanceledException>(() => Verifier.Verify(connection, "a", NoKeys.Instance, null, new(canceled: true)));
    }

    /// <summary>62 changes of nine documents, one of them deleted, with long tails and stored states, sealed in part.</summary>
    internal static async Task MakeAsync(string path)
    {
        await using var db = await EdgeDatabase.OpenAsync(path);
        for (var i = 0; i < 60; i++)
        {
            await db.Documents<Job>().EditAsync(DocumentId.Named($"{i % 9}"), job =>
            {
                job.Title = $"{i}";
                job.Minutes.Add(i);
                job.Notes.Append(new((char)('a' + i % 26), 100));
            });
            if (i == 40) await (await Exchange.LogOf(db)).SyncAsync(default);
        }
        await db.Documents<Job>().DeleteAsync(DocumentId.Named("8"));
        await db.EditAsync(static change =>
        {
            change.Document<Job>(DocumentId.Named("0")).Done = true;
            change.Document<Job>(DocumentId.Named("1")).Done = true;
        });
    }
}
