using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Purging;

namespace Edge.Sync.Tests.Forgetting;

/// <summary>Documents that are written encrypted read, merge, undo and travel like all others, wherever their keys are.</summary>
public class EncryptedDocumentTests
{
    private static readonly DocumentId s_ada = DocumentId.Named("ada");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_is_read_again_after_a_restart_and_none_of_it_stands_in_the_log()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            for (var i = 0; i < 300; i++)
                await db.Documents<Patient>().EditAsync(s_ada, patient => { patient.Name = "Ada secret"; patient.Visits.Add(1); patient.Notes.Append($"secret {i}. "); }, Token);
            foreach (var change in await Exchange.ReadAllAsync(db))
                Assert.Equal(-1, change.Bytes.Span.IndexOf("secret"u8));
        }
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal(300, (await again.Documents<Patient>().FindAsync(s_ada, Token))!.Visits.Value);
        await again.Documents<Patient>().EditAsync(s_ada, static patient => patient.Visits.Add(1), Token);
        var ada = (await again.Documents<Patient>().Where(p => p.Name == "Ada secret").ToListAsync(Token)).Single();
        Assert.Equal(301, ada.Visits.Value);
        Assert.StartsWith("secret 0. secret 1. ", ada.Notes.Value, StringComparison.Ordinal);
        await Rebuilding.AssertEqualAsync(again);
        Assert.Empty((await again.VerifyAsync(cancellationToken: Token)).Faults);
        await again.RepairAsync(Token);
        Assert.Equal(301, (await again.Documents<Patient>().FindAsync(s_ada, Token))!.Visits.Value);
        // One key for the document and this replica.
        Assert.Equal(1, (await again.OpenedAsync(Token)).Replica.Keys.Count);
    }

    [Fact]
    public async Task Database_without_such_documents_has_no_key_file()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
            await db.Documents<Job>().EditAsync(s_ada, static job => job.Title = "plain", Token);
        Assert.False(File.Exists(folder["a.db.keys"]));
    }

    [Fact]
    public async Task What_was_encrypted_once_stays_so_whatever_the_class_says()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Documents<Patient>().EditAsync(s_ada, static patient => patient.Name = "secret one", Token);
        await db.Documents<PlainPatient>().EditAsync(s_ada, static patient => patient.Name = "secret two", Token);
        await db.Documents<PlainPatient>().EditAsync(DocumentId.Named("new"), static patient => patient.Name = "plain", Token);
        var changes = await Exchange.ReadAllAsync(db);
        Assert.All(changes, static change => Assert.Equal(-1, change.Bytes.Span.IndexOf("secret"u8)));
        Assert.Contains(changes, static change => change.Bytes.Span.IndexOf("plain"u8) >= 0);
        Assert.Equal("secret two", (await db.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
    }

    [Fact]
    public async Task Undo_conflicts_versions_and_differences_work_as_for_all_documents()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        var undo = db.CreateUndoHistory("view");
        var patients = db.Documents<Patient>().With(new() { Undo = undo });
        await patients.EditAsync(s_ada, static patient => { patient.Name = "Ada"; patient.Notes.Append("one"); }, Token);
        var before = await db.GetVersionAsync(Token);
        await patients.EditAsync(s_ada, static patient => { patient.Name = "Grace"; patient.Notes.Append(" two"); }, Token);
        var after = await db.GetVersionAsync(Token);
        Assert.Equal("Ada", (await db.At(before).FindAsync<Patient>(s_ada, Token))!.Name);
        Assert.Equal("Grace", (await db.At(after).ToListAsync<Patient>(Token)).Single().Name);
        Assert.Equal(2, (await db.DiffAsync<Patient>(s_ada, before, after, Token)).Fields.Count);
        await undo.UndoAsync(Token);
        var ada = (await db.Documents<Patient>().FindAsync(s_ada, Token))!;
        Assert.Equal(("Ada", "one"), (ada.Name, ada.Notes.Value));
        await undo.RedoAsync(Token);
        Assert.Equal("one two", (await db.Documents<Patient>().FindAsync(s_ada, Token))!.Notes.Value);

        // What an undo writes is encrypted, and so is a conflict's resolution: neither knows the class.
        await Exchange.MergeAsync(db, other);
        await db.Documents<Patient>().EditAsync(s_ada, static patient => patient.Name = "Bob", Token);
        await other.Documents<Patient>().EditAsync(s_ada, static patient => patient.Name = "Carol", Token);
        await Exchange.MergeAsync(db, other);
        await db.Conflicts.RestoreAsync((await db.Conflicts.ToListAsync(Token)).Single(), cancellationToken: Token);
        Assert.All(await Exchange.ReadAllAsync(db), static change => Assert.True(change.Bytes.Span.IndexOf("one"u8) < 0 && change.Bytes.Span.IndexOf("Bob"u8) < 0 && change.Bytes.Span.IndexOf("Carol"u8) < 0));
    }

    [Fact]
    public async Task Without_its_key_a_document_is_absent_and_passed_on_and_whole_once_the_key_comes()
    {
        using var folder = new TempFolder();
        await using var author = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var relay = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var reader = await EdgeDatabase.OpenAsync(folder["c.db"], Token);
        await author.EditAsync(change => { change.Document<Patient>(s_ada).Name = "Ada"; change.Document<Job>(s_ada).Title = "plain"; }, Token);
        await author.Documents<Patient>().EditAsync(s_ada, static patient => patient.Visits.Add(1), Token);
        await Exchange.PushAsync(author, relay, withKeys: false);
        await Exchange.PushAsync(relay, reader, withKeys: false);
        foreach (var db in (EdgeDatabase[])[relay, reader])
        {
            Assert.Null(await db.Documents<Patient>().FindAsync(s_ada, Token));
            Assert.Empty(await db.Documents<Patient>().ToListAsync(Token));
            Assert.Equal("plain", (await db.Documents<Job>().FindAsync(s_ada, Token))!.Title);
            var error = await Assert.ThrowsAsync<EdgeDocumentException>(() => db.Documents<Patient>().EditAsync(s_ada, static patient => patient.Visits.Add(5), Token));
            Assert.Equal((EdgeErrorCode.KeysMissing, s_ada), (error.Code, error.DocumentId));
            Assert.Equal(EdgeErrorCode.KeysMissing, (await Assert.ThrowsAsync<EdgeDocumentException>(async () => await db.At(await db.GetVersionAsync(Token)).FindAsync<Patient>(s_ada, Token))).Code);
            var report = await db.VerifyAsync(cancellationToken: Token);
            Assert.Empty(report.Faults);
            Assert.Equal((2, 2, 1, 2), (report.WaitingCount, report.HoleCount, report.IncompleteCount, report.DocumentCount));
        }
        var waits = reader.Documents<Patient>().WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await waits.MoveNextAsync());

        // From the author to the reader by way of a relay that never uses the class.
        await Exchange.PushKeysAsync(author, relay);
        await Exchange.PushKeysAsync(relay, reader);
        Assert.True(await waits.MoveNextAsync());
        Assert.Equal(("Ada", 1), (waits.Current.Single().Name, waits.Current.Single().Visits.Value));
        await waits.DisposeAsync();
        await reader.Documents<Patient>().EditAsync(s_ada, static patient => patient.Visits.Add(5), Token);
        await Exchange.PushAsync(reader, author);
        Assert.Equal(6, (await author.Documents<Patient>().FindAsync(s_ada, Token))!.Visits.Value);
        await Rebuilding.AssertEqualAsync(reader);
        await Rebuilding.AssertEqualAsync(relay);
        Assert.Equal((0, 0), await reader.VerifyAsync(cancellationToken: Token) is var sound ? (sound.WaitingCount, sound.FaultCount) : default);
    }

    [Fact]
    public async Task Waiting_sections_and_their_keys_survive_a_restart_and_a_rebuild()
    {
        using var folder = new TempFolder();
        await using var author = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await author.Documents<Patient>().EditAsync(s_ada, static patient => patient.Name = "Ada", Token);
        await using (var reader = await EdgeDatabase.OpenAsync(folder["b.db"], Token))
        {
            await Exchange.PushAsync(author, reader, withKeys: false);
            await reader.RepairAsync(Token);
        }
        await using (var reader = await EdgeDatabase.OpenAsync(folder["b.db"], Token))
        {
            await reader.RepairAsync(Token);
            await Exchange.PushKeysAsync(author, reader);
            Assert.Equal("Ada", (await reader.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
        }
        await using var again = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await again.RepairAsync(Token);
        Assert.Equal("Ada", (await again.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
        Assert.Equal(await author.GetStateHashAsync(Token), await again.GetStateHashAsync(Token));
    }

    [Fact]
    public async Task Export_and_import_carry_no_key_and_the_key_s_holder_reads_what_was_imported()
    {
        using var folder = new TempFolder();
        await using var author = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await author.Documents<Patient>().EditAsync(s_ada, static patient => patient.Name = "Ada Lovelace", Token);
        await using (var lines = File.Create(folder["lines"])) await author.ExportAsync(lines, cancellationToken: Token);
        await using var reader = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        Assert.Equal(1, (await reader.ImportAsync(folder["lines"], cancellationToken: Token)).TakenCount);
        Assert.Null(await reader.Documents<Patient>().FindAsync(s_ada, Token));
        await Exchange.PushKeysAsync(author, reader);
        Assert.Equal("Ada Lovelace", (await reader.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
        Assert.False(RawBytes.Has(folder["lines"], "Ada Lovelace"));
    }

    [Fact]
    public async Task Keys_come_ahead_of_changes_over_a_real_link_and_are_asked_for_where_they_did_not()
    {
        using var folder = new TempFolder();
        await using var author = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var relay = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var reader = await EdgeDatabase.OpenAsync(folder["c.db"], Token);
        for (var i = 0; i < 50; i++)
            await author.Documents<Patient>().EditAsync(DocumentId.Named($"{i % 7}"), patient => patient.Visits.Add(1), Token);
        // The reader has the changes already, by way of one that has no key: nothing but the keys is to be said.
        await Exchange.PushAsync(author, reader, withKeys: false);
        var (port, second) = (Links.Peers.FreePort(), Links.Peers.FreePort());
        await using var a = author.StartSync(s => s.UseTcpListener(port));
        await using var b = relay.StartSync(s => s.UseTcp("127.0.0.1", port).UseTcpListener(second));
        await using var c = reader.StartSync(s => s.UseTcp("127.0.0.1", second));
        foreach (var db in (EdgeDatabase[])[relay, reader])
            await foreach (var patients in db.Documents<PlainPatient>().WatchAsync(Token))
                if (patients.Sum(static patient => patient.Visits.Value) == 50) break;
    }
}
