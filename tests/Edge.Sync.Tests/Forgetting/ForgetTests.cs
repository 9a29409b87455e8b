using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Purging;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Forgetting;

/// <summary>Forgetting destroys the keys of a document: it is gone here, on every replica that hears of it, and from every copy whose keys are not older than that.</summary>
public class ForgetTests
{
    private static readonly DocumentId s_ada = DocumentId.Named("ada");
    private static readonly DocumentId s_bob = DocumentId.Named("bob");
    private static readonly DocumentKey s_key = new("patient", s_ada);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_a_forgotten_document_can_be_read_from_the_files_nor_its_key()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await FillAsync(db);
        var secrets = await SecretsAsync(db, s_ada);
        Assert.NotEmpty(secrets);
        Assert.True(RawBytes.Has(folder["a.db"], "secret Ada"));
        Assert.All(secrets, secret => Assert.True(HasBytes(folder["a.db.keys"], secret)));

        Assert.NotNull((await db.Documents<Patient>().With(new() { Intent = "on request" }).ForgetAsync(s_ada, Token)).ChangeId);

        Assert.False(RawBytes.Has(folder["a.db"], "secret Ada"));
        Assert.True(RawBytes.Has(folder["a.db"], "secret Bob"));
        foreach (var file in Directory.GetFiles(folder.Path).Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            Assert.All(secrets, secret => Assert.False(HasBytes(file, secret), file));
        Assert.Null(await db.Documents<Patient>().FindAsync(s_ada, Token));
        Assert.Equal(s_bob, (await db.Documents<Patient>().ToListAsync(Token)).Single().Id);
        Assert.Empty(await db.Conflicts.ToListAsync(Token));
        Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
        await db.RepairAsync(Token);
        Assert.Single(await db.Documents<Patient>().ToListAsync(Token));
        Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Editing_what_is_forgotten_says_so_and_forgetting_again_writes_nothing()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await FillAsync(db);
        await db.Documents<Patient>().ForgetAsync(s_ada, Token);
        var version = await db.GetVersionAsync(Token);
        foreach (var act in (Func<Task>[])[
            () => db.Documents<Patient>().EditAsync(s_ada, static patient => patient.Visits.Add(1), Token),
            () => db.Documents<Patient>().DeleteAsync(s_ada, Token),
            () => db.Documents<PlainPatient>().RestoreAsync(s_ada, Token)])
        {
            var error = await Assert.ThrowsAsync<EdgeDocumentException>(act);
            Assert.Equal((EdgeErrorCode.DocumentForgotten, "patient", s_ada), (error.Code, error.Collection, error.DocumentId));
        }
        Assert.Null((await db.Documents<Patient>().ForgetAsync(s_ada, Token)).ChangeId);
        Assert.Equal(version, await db.GetVersionAsync(Token));
        // Another collection's document of that name is another one.
        await db.Documents<Job>().EditAsync(s_ada, static job => job.Done = true, Token);
        Assert.True((await db.Documents<Job>().FindAsync(s_ada, Token))!.Done);
    }

    [Fact]
    public async Task Undo_brings_nothing_back_and_history_shows_nothing()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        var undo = db.CreateUndoHistory("view");
        var options = new EditOptions { Undo = undo };
        await db.Documents<Patient>().With(options).EditAsync(s_ada, static patient => patient.Name = "secret Ada", Token);
        await db.EditAsync(change => { change.Document<Patient>(s_ada).Name = "other"; change.Document<Patient>(s_bob).Name = "Bob"; }, options, Token);
        var version = await db.GetVersionAsync(Token);
        await db.Documents<Patient>().ForgetAsync(s_ada, Token);
        Assert.False(RawBytes.Has(folder["a.db"], "secret"));
        await undo.UndoAsync(Token);
        await undo.UndoAsync(Token);
        Assert.Empty(await db.Documents<Patient>().ToListAsync(Token));
        Assert.Null(await db.At(version).FindAsync<Patient>(s_ada, Token));
        Assert.Equal(s_bob, (await db.At(version).ToListAsync<Patient>(Token)).Single().Id);
    }

    [Fact]
    public async Task Every_replica_that_hears_of_it_destroys_the_keys_and_concurrent_edits_have_no_effect()
    {
        using var folder = new TempFolder();
        await using var a = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var b = await EdgeDatabase.OpenAsync(folder["b.db"], Token);
        await using var late = await EdgeDatabase.OpenAsync(folder["late.db"], Token);
        await FillAsync(a);
        await Exchange.MergeAsync(a, b);
        await b.Documents<Patient>().EditAsync(s_ada, static patient => patient.Notes.Append("secret Ada, concurrently"), Token);
        List<byte[]> secrets = [.. await SecretsAsync(a, s_ada), .. await SecretsAsync(b, s_ada)];
        await a.Documents<Patient>().ForgetAsync(s_ada, Token);
        await Exchange.MergeAsync(a, b);
        await Exchange.PushAsync(b, late);
        foreach (var (db, name) in new[] { (a, "a.db"), (b, "b.db"), (late, "late.db") })
        {
            Assert.Null(await db.Documents<Patient>().FindAsync(s_ada, Token));
            Assert.Single(await db.Documents<Patient>().ToListAsync(Token));
            await db.GetVersionAsync(Token);
            Assert.False(RawBytes.Has(folder[name], "secret Ada"), name);
            Assert.All(secrets, secret => Assert.False(HasBytes(folder[name + ".keys"], secret), name));
            Assert.Empty((await db.VerifyAsync(cancellationToken: Token)).Faults);
            Assert.Equal(await a.GetStateHashAsync(Token), await db.GetStateHashAsync(Token));
            Assert.Equal(EdgeErrorCode.DocumentForgotten, (await Assert.ThrowsAsync<EdgeDocumentException>(() => db.Documents<Patient>().EditAsync(s_ada, static _ => { }, Token))).Code);
        }
    }

    /// <summary>The record, the sections and the keys come in every order, each by itself.</summary>
    [Theory]
    [InlineData("record sections keys")]
    [InlineData("record keys sections")]
    [InlineData("sections record keys")]
    [InlineData("sections keys record")]
    [InlineData("keys sections record")]
    [InlineData("keys record sections")]
    public async Task Order_of_arrival_makes_no_difference(string order)
    {
        using var folder = new TempFolder();
        await using var author = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await using var forgetter = await EdgeDatabase.OpenAsync(folder["f.db"], Token);
        await using var target = await EdgeDatabase.OpenAsync(folder["t.db"], Token);
        await FillAsync(author);
        Assert.NotNull((await forgetter.Documents<Patient>().ForgetAsync(s_ada, Token)).ChangeId);
        var room = new Edge.Sync.Log.WaitingRoom();
        var (from, to) = (await Exchange.LogOf(author), await Exchange.LogOf(target));
        var changes = await Exchange.ReadAllAsync(author);
        ContentKey[] keys = [.. from.FindKeys(changes)];
        foreach (var step in order.Split(' '))
        {
            switch (step)
            {
                case "record": await Exchange.PushAsync(forgetter, target); break;
                case "sections": Assert.Null((await to.ApplyAsync(room, [.. changes.Select(static change => change.ToReceived())], Token)).Refused); break;
                default: await to.TakeKeysAsync(room, keys, Token); break;
            }
        }
        Assert.Null(await target.Documents<Patient>().FindAsync(s_ada, Token));
        await Exchange.PushKeysAsync(author, target);
        Assert.Equal("secret Bob", (await target.Documents<Patient>().FindAsync(s_bob, Token))!.Name);
        Assert.Null(await target.Documents<Patient>().FindAsync(s_ada, Token));
        await target.GetVersionAsync(Token);
        foreach (var key in keys.Where(static key => key.Document == s_key))
            Assert.False(HasBytes(folder["t.db.keys"], key.Secret.ToArray()));
        Assert.Null((await target.OpenedAsync(Token)).Replica.Keys.Find(keys.First(static key => key.Document == s_key).Id));
        Assert.False(RawBytes.Has(folder["t.db"], "secret Ada"));
        await Exchange.PushAsync(forgetter, author);
        Assert.Equal(await author.GetStateHashAsync(Token), await target.GetStateHashAsync(Token));
        Assert.Empty((await target.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Old_backup_reads_the_document_with_its_own_keys_and_not_with_the_newest()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            await FillAsync(db);
            await db.BackupAsync(folder["old.db"], Token);
            File.Copy(folder["old.db"], folder["older.db"]);
            await db.Documents<Patient>().ForgetAsync(s_ada, Token);
        }
        await using (var withOwn = await EdgeDatabase.OpenAsync(folder["old.db"], Token))
            Assert.Equal("secret Ada 39", (await withOwn.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
        File.Copy(folder["a.db.keys"], folder["older.db.keys"]);
        await using var restored = await EdgeDatabase.OpenAsync(folder["older.db"], Token);
        Assert.Null(await restored.Documents<Patient>().FindAsync(s_ada, Token));
        Assert.Equal("secret Bob", (await restored.Documents<Patient>().FindAsync(s_bob, Token))!.Name);
        Assert.False(RawBytes.Has(folder["older.db"], "secret Ada"));
        Assert.Equal(EdgeErrorCode.DocumentForgotten, (await Assert.ThrowsAsync<EdgeDocumentException>(() => restored.Documents<Patient>().EditAsync(s_ada, static _ => { }, Token))).Code);
        // Nor does it take the keys from somebody who has not heard of it; and it can tell others, should nobody else.
        await using var stale = await EdgeDatabase.OpenAsync(folder["old.db"], Token);
        await Exchange.PushKeysAsync(stale, restored);
        Assert.Null(await restored.Documents<Patient>().FindAsync(s_ada, Token));
        Assert.NotNull((await restored.Documents<Patient>().ForgetAsync(s_ada, Token)).ChangeId);
        await Exchange.PushAsync(restored, stale);
        Assert.Null(await stale.Documents<Patient>().FindAsync(s_ada, Token));
    }

    /// <summary>A file that was put back as it lay, with all that it had folded, beside keys that know better.</summary>
    [Fact]
    public async Task File_that_was_put_back_beside_newer_keys_forgets_when_it_is_opened()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token)) await FillAsync(db);
        File.Copy(folder["a.db"], folder["then.db"]);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token)) await db.Documents<Patient>().ForgetAsync(s_ada, Token);
        File.Copy(folder["then.db"], folder["a.db"], overwrite: true);
        await using var back = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Null(await back.Documents<Patient>().FindAsync(s_ada, Token));
        Assert.Single(await back.Documents<Patient>().ToListAsync(Token));
        Assert.Empty((await back.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Document_with_parts_that_were_never_encrypted_is_not_forgotten_but_can_be_purged()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await db.Documents<PlainPatient>().EditAsync(s_ada, static patient => patient.Name = "secret Ada", Token);
        await db.Documents<Patient>().EditAsync(s_ada, static patient => patient.Visits.Add(1), Token);
        var version = await db.GetVersionAsync(Token);
        var error = await Assert.ThrowsAsync<EdgeDocumentException>(() => db.Documents<Patient>().ForgetAsync(s_ada, Token));
        Assert.Equal(EdgeErrorCode.DocumentNotEncrypted, error.Code);
        Assert.Contains("PurgeAsync", error.Message, StringComparison.Ordinal);
        Assert.Equal(version, await db.GetVersionAsync(Token));
        Assert.Equal("secret Ada", (await db.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Documents<Job>().ForgetAsync(s_ada, Token));
        var secrets = await SecretsAsync(db, s_ada);
        await db.Documents<Patient>().PurgeAsync(s_ada, Token);
        Assert.All(secrets, secret => Assert.False(HasBytes(folder["a.db.keys"], secret)));
        Assert.Null(await db.Documents<Patient>().FindAsync(s_ada, Token));
    }

    /// <summary>The process ends between the commit of the record and the destruction of the keys.</summary>
    [Fact]
    public async Task Keys_that_outlived_the_record_are_destroyed_at_the_next_opening()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token)) await FillAsync(db);
        var keys = File.ReadAllBytes(folder["a.db.keys"]);
        List<byte[]> secrets;
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            secrets = await SecretsAsync(db, s_ada);
            await db.Documents<Patient>().ForgetAsync(s_ada, Token);
        }
        File.WriteAllBytes(folder["a.db.keys"], keys);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            Assert.Null(await db.Documents<Patient>().FindAsync(s_ada, Token));
            Assert.Equal("secret Bob", (await db.Documents<Patient>().FindAsync(s_bob, Token))!.Name);
        }
        Assert.All(secrets, secret => Assert.False(HasBytes(folder["a.db.keys"], secret)));
    }

    /// <summary>Without the medium the key file stays as it was; the record stands, and the caller is told.</summary>
    [Fact]
    public async Task Keys_that_cannot_be_destroyed_are_told_and_destroyed_later()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        await FillAsync(db);
        var secrets = await SecretsAsync(db, s_ada);
        using (var reader = PlainSql.Open(folder["a.db.keys"]))
        {
            using var statement = reader.CreateCommand();
            statement.CommandText = "SELECT id FROM edge_keys";
            using var rows = statement.ExecuteReader();
            Assert.True(rows.Read());
            await Assert.ThrowsAsync<EdgeStorageException>(() => db.Documents<Patient>().ForgetAsync(s_ada, Token));
        }
        Assert.Null(await db.Documents<Patient>().FindAsync(s_ada, Token));
        Assert.Null((await db.Documents<Patient>().ForgetAsync(s_ada, Token)).ChangeId);
        Assert.All(secrets, secret => Assert.False(HasBytes(folder["a.db.keys"], secret)));
    }

    private static async Task FillAsync(EdgeDatabase db)
    {
        for (var i = 0; i < 40; i++)
        {
            await db.Documents<Patient>().EditAsync(s_ada, patient => { patient.Name = $"secret Ada {i}"; patient.Draft = "secret Ada, a draft"; patient.Allergies.Add($"secret Ada {i}"); patient.Notes.Append($"secret Ada {i} "); }, Token);
            await db.Documents<Patient>().EditAsync(s_bob, static patient => { patient.Name = "secret Bob"; patient.Visits.Add(1); }, Token);
        }
        await db.Documents<Patient>().CountAsync(Token);
    }

    /// <summary>The keys of a document, as the key file has them.</summary>
    private static async Task<List<byte[]>> SecretsAsync(EdgeDatabase db, DocumentId id)
    {
        var log = await Exchange.LogOf(db);
        return [.. log.FindKeys(await Exchange.ReadAllAsync(db)).Where(key => key.Document.Id == id).Select(static key => key.Secret.ToArray())];
    }

    private static bool HasBytes(string path, byte[] bytes)
    {
        if (!File.Exists(path)) return false;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var all = new byte[file.Length];
        file.ReadExactly(all);
        return all.AsSpan().IndexOf(bytes) >= 0;
    }
}
