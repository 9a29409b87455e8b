using Edge.Sync.Storage;
using Edge.Sync.Storage.Segments;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Projections.Search;
using Edge.Sync.Tests.Tool;

namespace Edge.Sync.Tests.Purging;

/// <summary>Purge erases a document everywhere and for good: what was written of it has no effect, and its bytes are in no file.</summary>
public class PurgeTests
{
    private static readonly DocumentId s_id = DocumentId.Named("ada");
    private static readonly DocumentId s_other = DocumentId.Named("other");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Purged_document_is_gone_from_reads_and_its_bytes_from_the_file()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await FillAsync(db);
        Assert.True(RawBytes.Has(folder["a.db"], "secret"));

        var receipt = await db.Documents<Job>().With(new() { Intent = "on request" }).PurgeAsync(s_id, Token);

        Assert.NotNull(receipt.ChangeId);
        Assert.False(RawBytes.Has(folder["a.db"], "secret"));
        Assert.True(RawBytes.Has(folder["a.db"], "stays here"));
        Assert.Null(await db.Documents<Job>().FindAsync(s_id, Token));
        Assert.Equal(s_other, (await db.Documents<Job>().ToListAsync(Token)).Single().Id);
        Assert.Empty(await db.Conflicts.ToListAsync(Token));
        var storage = await db.GetStorageAsync(Token);
        Assert.Equal((1, 0, 0), (storage.PurgedCount, storage.IncompleteCount, storage.HoleCount));
        var report = await db.VerifyAsync(cancellationToken: Token);
        Assert.Empty(report.Faults);
        Assert.Equal((1, 1), (report.PurgedCount, report.DocumentCount));
    }

    [Fact]
    public async Task Editing_adding_deleting_and_restoring_what_is_purged_say_so()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await FillAsync(db);
        await db.Documents<Job>().PurgeAsync(s_id, Token);
        var version = await db.GetVersionAsync(Token);
        foreach (var act in (Func<Task>[])[
            () => db.Documents<Job>().EditAsync(s_id, static job => job.Done = true, Token),
            () => db.Documents<Job>().DeleteAsync(s_id, Token),
            () => db.Documents<Job>().RestoreAsync(s_id, Token),
            () => db.EditAsync(static change => { change.Document<Job>(s_other).Done = true; change.Document<Job>(s_id).Done = true; }, Token)])
        {
            var error = await Assert.ThrowsAsync<EdgeDocumentException>(act);
            Assert.Equal((EdgeErrorCode.DocumentPurged, "job", s_id), (error.Code, error.Collection, error.DocumentId));
            Assert.Contains("new id", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(version, await db.GetVersionAsync(Token));
        Assert.Null((await db.Documents<Job>().PurgeAsync(s_id, Token)).ChangeId);
        // Another collection's document of that name is another document.
        await db.Documents<Site>().EditAsync(s_id, static _ => { }, Token);
        Assert.NotNull(await db.Documents<Site>().FindAsync(s_id, Token));
    }

    [Fact]
    public async Task Purge_erases_at_other_replicas_too_whatever_they_wrote_meanwhile()
    {
        using var folder = new TempFolder();
        await using var a = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var b = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var late = await EdgeDatabase.OpenAsync(folder["late.db"], Token);
        await FillAsync(a);
        await Exchange.MergeAsync(a, b);
        await b.Documents<Job>().EditAsync(s_id, static job => job.Notes.Append("a concurrent secret"), Token);
        await a.Documents<Job>().PurgeAsync(s_id, Token);
        await Exchange.MergeAsync(a, b);
        await Exchange.PushAsync(b, late);
        foreach (var (db, name) in new[] { (a, "a.db"), (b, "b.db"), (late, "late.db") })
        {
            Assert.Null(await db.Documents<Job>().FindAsync(s_id, Token));
            Assert.Single(await db.Documents<Job>().ToListAsync(Token));
            // Behind the erase, which is a turn of the writer.
            await db.GetVersionAsync(Token);
            Assert.False(RawBytes.Has(folder[name], "secret"), name);
            Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
            Assert.Equal(await a.GetStateHashAsync(Token), await db.GetStateHashAsync(Token));
            await Assert.ThrowsAsync<EdgeDocumentException>(() => db.Documents<Job>().EditAsync(s_id, static job => job.Done = true, Token));
        }
    }

    [Fact]
    public async Task Purge_of_what_was_never_seen_here_keeps_it_from_coming()
    {
        using var folder = new TempFolder();
        await using var a = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var b = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await FillAsync(a);
        Assert.NotNull((await b.PurgeAsync("job", s_id, new() { Intent = "it was asked for" }, Token)).ChangeId);
        await Exchange.MergeAsync(a, b);
        Assert.Null(await b.Documents<Job>().FindAsync(s_id, Token));
        await a.GetVersionAsync(Token);
        Assert.False(RawBytes.Has(folder["a.db"], "secret"));
        Assert.False(RawBytes.Has(folder["b.db"], "secret"));
        await Assert.ThrowsAsync<ArgumentException>(() => b.PurgeAsync("edge_changes", s_id, cancellationToken: Token));
    }

    [Fact]
    public async Task Undo_steps_of_a_purged_document_go_and_the_others_stay()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var history = db.CreateUndoHistory("view");
        await history.LoadAsync(Token);
        var options = new EditOptions { Undo = history };
        await db.Documents<Job>().With(options).EditAsync(s_other, static job => job.Title = "before", Token);
        await db.EditAsync(change =>
        {
            change.Document<Job>(s_id).Title = "secret one";
            change.Document<Job>(s_other).Title = "after";
        }, options, Token);
        await db.EditAsync(change =>
        {
            change.Document<Job>(s_id).Title = "harmless";
            change.Document<Job>(s_other).Title = "last";
        }, options, Token);
        await db.Documents<Job>().PurgeAsync(s_id, Token);
        Assert.False(RawBytes.Has(folder["a.db"], "secret"));
        await history.UndoAsync(Token);
        Assert.Equal("after", (await db.Documents<Job>().FindAsync(s_other, Token))!.Title);
        await history.UndoAsync(Token);
        Assert.Equal("before", (await db.Documents<Job>().FindAsync(s_other, Token))!.Title);
        Assert.Null(await db.Documents<Job>().FindAsync(s_id, Token));
    }

    [Fact]
    public async Task Time_travel_shows_no_purged_document()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await FillAsync(db);
        var before = await db.GetVersionAsync(Token);
        Assert.NotNull(await db.At(before).FindAsync<Job>(s_id, Token));
        await db.Documents<Job>().PurgeAsync(s_id, Token);
        Assert.Null(await db.At(before).FindAsync<Job>(s_id, Token));
        Assert.Equal(s_other, (await db.At(before).ToListAsync<Job>(Token)).Single().Id);
        Assert.Empty((await db.DiffAsync<Job>(s_id, before, await db.GetVersionAsync(Token), Token)).Fields);
    }

    [Fact]
    public async Task Purged_file_is_copied_exported_repaired_and_opened_again_as_it_is()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            await FillAsync(db);
            await db.BackupAsync(folder["before.db"], Token);
            await db.Documents<Job>().PurgeAsync(s_id, Token);
            await db.BackupAsync(folder["after.db"], Token);
            await db.RepairAsync(Token);
            await AssertPurgedAsync(db, folder["a.db"]);
            await using (var lines = File.Create(folder["lines"])) await db.ExportAsync(lines, cancellationToken: Token);
        }
        await using (var copy = await EdgeDatabase.OpenAsync(folder["after.db"], Token)) await AssertPurgedAsync(copy, folder["after.db"]);
        await using (var import = await EdgeDatabase.OpenAsync(folder["import.db"], Token))
        {
            Assert.Equal(0, (await import.ImportAsync(folder["lines"], cancellationToken: Token)).WaitingCount);
            await AssertPurgedAsync(import, folder["import.db"]);
        }
        await EdgeDatabase.RepairAsync(folder["a.db"], cancellationToken: Token);
        await using (var repaired = await EdgeDatabase.OpenAsync(folder["a.db"], Token)) await AssertPurgedAsync(repaired, folder["a.db"]);
        // What was copied before has it all, until it hears of the purge.
        Assert.True(RawBytes.Has(folder["before.db"], "secret"));
        await using var before = await EdgeDatabase.OpenAsync(folder["before.db"], Token);
        await before.ImportAsync(folder["lines"], cancellationToken: Token);
        await AssertPurgedAsync(before, folder["before.db"]);
    }

    [Fact]
    public async Task Erase_that_a_reader_or_a_crash_held_up_is_finished_later()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            await FillAsync(db);
            Task purging;
            using (var reader = PlainSql.Open(folder["a.db"]))
            {
                using var command = reader.CreateCommand();
                command.CommandText = "BEGIN; SELECT count(*) FROM edge_changes";
                command.ExecuteScalar();
                purging = db.Documents<Job>().PurgeAsync(s_id, Token);
                // The purge is in the log, and the write-ahead log cannot go while someone reads from it.
                Assert.Null(await WhenGoneAsync(db));
                Assert.False(purging.IsCompleted);
            }
            await purging;
            Assert.False(RawBytes.Has(folder["a.db"], "secret"));
        }
        using (var writer = PlainSql.Open(folder["a.db"], Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            using var command = writer.CreateCommand();
            command.CommandText = "INSERT INTO edge_meta VALUES ('erase', 1); CREATE TABLE t (x); INSERT INTO t VALUES ('a secret that lies about'); DROP TABLE t";
            command.ExecuteNonQuery();
        }
        Assert.True(RawBytes.Has(folder["a.db"], "secret"));
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.False(RawBytes.Has(folder["a.db"], "secret"));
        Assert.Empty((await again.VerifyAsync(cancellationToken: Token)).Faults);
    }

    /// <summary>Many documents whose rows, states and changes SQLite moves about, so that copies of them lie in gaps and free pages.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_copy_that_SQLite_has_left_behind_stays(int seed)
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var random = new Random(seed);
        for (var i = 0; i < 400; i++)
        {
            var (id, text, sync) = (random.Next(20), $"[{i % 20:00} secret {new string('x', random.Next(600))}]", random.Next(10) == 0);
            await db.EditAsync(change =>
            {
                change.Document<Job>(DocumentId.Named($"{i % 20}")).Title = text;
                if (random.Next(3) == 0) change.Document<Job>(DocumentId.Named($"{i % 20}")).Notes.Insert(0, text);
                change.Document<Site>(DocumentId.Named($"{id}")).Name = "site";
            }, Token);
            // Seals are written into rows that lie there already.
            if (sync) await (await Exchange.LogOf(db)).SyncAsync(Token);
        }
        var left = Enumerable.Range(0, 20).ToList();
        while (left.Count > 15)
        {
            var gone = left[random.Next(left.Count)];
            left.Remove(gone);
            await db.Documents<Job>().PurgeAsync(DocumentId.Named($"{gone}"), Token);
            Assert.False(RawBytes.Has(folder["a.db"], $"[{gone:00} secret"));
            Assert.All(left, i => Assert.True(RawBytes.Has(folder["a.db"], $"[{i:00} secret")));
        }
        Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Purge_reaches_into_packed_changes()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        const int Edits = (2 * LogSegment.ChangesMax) + SqliteStore.UnpackedMin + 200;
        for (var i = 0; i < Edits; i += 500)
        {
            var from = i;
            await Task.WhenAll(Enumerable.Range(from, 500).Select(i => db.Documents<Job>().EditAsync(i % 7 == 0 ? s_id : s_other, i, static (job, i) => job.Title = i % 7 == 0 ? $"secret {i}" : $"stays here {i}", Token)));
        }
        Assert.True(await db.PackAsync(cancellationToken: Token) > 0);
        var before = await Exchange.ReadAllAsync(db);
        await db.Documents<Job>().PurgeAsync(s_id, Token);
        var after = await Exchange.ReadAllAsync(db);
        Assert.Equal(before.Select(static change => change.Id), after.SkipLast(1).Select(static change => change.Id));
        Assert.Contains(before, static change => change.Bytes.Span.IndexOf("secret"u8) > 0);
        Assert.DoesNotContain(after, static change => change.Bytes.Span.IndexOf("secret"u8) > 0);
        Assert.Equal(before.Count(static change => change.Bytes.Span.IndexOf("stays"u8) > 0), after.Count(static change => change.Bytes.Span.IndexOf("stays"u8) > 0));
        Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
        Assert.Equal(2 * LogSegment.ChangesMax, (await db.GetStorageAsync(Token)).PackedCount);
    }

    [Fact]
    public async Task Words_of_a_purged_document_leave_the_full_text_index()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        for (var i = 0; i < 50; i++)
        {
            var (id, text) = (DocumentId.Named($"{i % 5}"), i % 5 == 0 ? $"xylograph {i}" : $"herbarium {i}");
            await db.Documents<Article>().EditAsync(id, article => article.Body.Value = text, Token);
        }
        Assert.Single(await db.Documents<Article>().Search("xylograph").ToListAsync(Token));
        Assert.True(RawBytes.Has(folder["a.db"], "xylograph"));
        await db.Documents<Article>().PurgeAsync(DocumentId.Named("0"), Token);
        Assert.False(RawBytes.Has(folder["a.db"], "xylograph"));
        Assert.Empty(await db.Documents<Article>().Search("xylograph").ToListAsync(Token));
        Assert.Equal(4, (await db.Documents<Article>().Search("herbarium").ToListAsync(Token)).Count);
        Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Tool_purges_by_collection_and_id()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token)) await FillAsync(db);
        var purge = await ToolRun.RunAsync(folder, "purge", folder["a.db"], "job", s_id.ToString(), "--intent", "on request");
        Assert.Equal(0, purge.ExitCode);
        Assert.Contains($"job/{s_id}", purge.Text, StringComparison.Ordinal);
        Assert.False(RawBytes.Has(folder["a.db"], "secret"));
        var log = await ToolRun.RunAsync(folder, "log", folder["a.db"]);
        Assert.Contains($"purge job/{s_id}", log.Text, StringComparison.Ordinal);
        Assert.Contains("on request", log.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await ToolRun.RunAsync(folder, "purge", folder["a.db"], "job", "ada")).ExitCode);
    }

    private static async Task AssertPurgedAsync(EdgeDatabase db, string path)
    {
        await db.GetVersionAsync(Token);
        Assert.Null(await db.Documents<Job>().FindAsync(s_id, Token));
        Assert.NotNull(await db.Documents<Job>().FindAsync(s_other, Token));
        await Assert.ThrowsAsync<EdgeDocumentException>(() => db.Documents<Job>().EditAsync(s_id, static job => job.Done = true, Token));
        var report = await db.VerifyAsync(cancellationToken: Token);
        Assert.Empty(report.Faults);
        Assert.Equal((1, 0), (report.PurgedCount, report.HoleCount));
        Assert.False(RawBytes.Has(path, "secret"), path);
    }

    private static async Task<Job?> WhenGoneAsync(EdgeDatabase db)
    {
        await foreach (var jobs in db.Documents<Job>().WatchAsync(Token))
            if (!jobs.Any(static job => job.Id == s_id)) break;
        return await db.Documents<Job>().FindAsync(s_id, Token);
    }

    private static async Task FillAsync(EdgeDatabase db)
    {
        for (var i = 0; i < 30; i++)
        {
            await db.EditAsync(change =>
            {
                change.Document<Job>(s_id).Title = $"secret title {i}";
                change.Document<Job>(s_id).Notes.Append($"a secret note {i} ");
                change.Document<Job>(s_id).Parts.Add($"secret part {i % 7}");
                change.Document<Job>(s_other).Title = $"stays here {i}";
            }, Token);
        }
    }
}
