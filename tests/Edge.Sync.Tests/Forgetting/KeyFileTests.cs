using Edge.Sync.Storage;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Purging;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Forgetting;

/// <summary>The keys lie in a file of their own, which a backup has a copy of, and without which nothing is lost.</summary>
public class KeyFileTests
{
    private static readonly DocumentId s_ada = DocumentId.Named("ada");
    private static readonly DocumentId s_bob = DocumentId.Named("bob");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_key_file_is_said_and_nothing_is_changed_until_it_is_put_back()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        File.Move(folder["a.db.keys"], folder["away"]);
        var before = File.ReadAllBytes(folder["a.db"]);
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => EdgeDatabase.OpenAsync(folder["a.db"], Token));
        Assert.Equal(EdgeErrorCode.KeysMissing, error.Code);
        Assert.Contains("a.db.keys", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["a.db.keys"]));
        // A file in WAL mode may be checkpointed by whoever closes it; its contents are the same.
        Assert.Equal(before.Length, File.ReadAllBytes(folder["a.db"]).Length);
        var report = await EdgeDatabase.VerifyAsync(folder["a.db"], cancellationToken: Token);
        Assert.Empty(report.Faults);
        Assert.Equal(2, report.WaitingCount);
        File.Move(folder["away"], folder["a.db.keys"]);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal("secret Ada", (await db.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
    }

    [Fact]
    public async Task Key_file_of_another_database_or_an_older_one_is_refused()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        await MakeAsync(folder["b.db"]);
        File.Copy(folder["a.db.keys"], folder["older"]);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
            await db.Documents<Patient>().EditAsync(DocumentId.Named("new"), static patient => patient.Name = "newer", Token);
        foreach (var keys in (string[])[folder["older"], folder["b.db.keys"]])
        {
            var own = File.ReadAllBytes(folder["a.db.keys"]);
            File.Copy(keys, folder["a.db.keys"], overwrite: true);
            Assert.Equal(EdgeErrorCode.KeysMissing, (await Assert.ThrowsAsync<EdgeStorageException>(() => EdgeDatabase.OpenAsync(folder["a.db"], Token))).Code);
            File.WriteAllBytes(folder["a.db.keys"], own);
        }
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal(3, await again.Documents<Patient>().CountAsync(Token));
    }

    [Theory]
    [InlineData("not a database, and long enough to be taken for one")]
    [InlineData("")]
    public async Task What_is_no_key_file_is_refused_and_left_as_it_is(string text)
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        await File.WriteAllTextAsync(folder["a.db.keys"], text, Token);
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => EdgeDatabase.OpenAsync(folder["a.db"], Token));
        Assert.Equal(text.Length == 0 ? EdgeErrorCode.KeysMissing : EdgeErrorCode.NotADatabase, error.Code);
        if (text.Length > 0) Assert.Equal(text, await File.ReadAllTextAsync(folder["a.db.keys"], Token));
    }

    [Fact]
    public async Task File_whose_keys_are_lost_is_repaired_and_reads_again_once_a_peer_sends_them()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        await using var peer = await EdgeDatabase.OpenAsync(folder["peer.db"], Token);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token)) await Exchange.PushAsync(db, peer);
        File.Delete(folder["a.db.keys"]);
        var repair = await EdgeDatabase.RepairAsync(folder["a.db"], cancellationToken: Token);
        Assert.True(repair.IsComplete);
        await using var repaired = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal(0, await repaired.Documents<Patient>().CountAsync(Token));
        Assert.Equal("plain", (await repaired.Documents<Job>().FindAsync(s_ada, Token))!.Title);
        await Exchange.PushKeysAsync(peer, repaired);
        Assert.Equal("secret Ada", (await repaired.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
        Assert.Empty((await repaired.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Repair_goes_on_with_the_keys_that_are_there()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        await EdgeDatabase.RepairAsync(folder["a.db"], cancellationToken: Token);
        await using var repaired = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal("secret Ada", (await repaired.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
        await repaired.Documents<Patient>().EditAsync(s_ada, static patient => patient.Visits.Add(1), Token);
        Assert.Empty((await repaired.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Damaged_key_file_is_put_aside_by_a_repair()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        await File.WriteAllTextAsync(folder["a.db.keys"], new string('x', 5000), Token);
        await EdgeDatabase.RepairAsync(folder["a.db"], cancellationToken: Token);
        Assert.True(File.Exists(folder["a.db.keys.damaged"]));
        await using var repaired = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal(0, await repaired.Documents<Patient>().CountAsync(Token));
    }

    [Fact]
    public async Task Backup_is_read_with_its_key_file_and_holds_nothing_readable_without()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token))
        {
            var undo = db.CreateUndoHistory("view");
            await db.Documents<Patient>().With(new() { Undo = undo }).EditAsync(s_bob, static patient => patient.Name = "secret undo", Token);
            await db.BackupAsync(folder["b.db"], Token);
        }
        Assert.True(File.Exists(folder["b.db.keys"]));
        Assert.False(RawBytes.Has(folder["b.db"], "secret"));
        File.Copy(folder["b.db"], folder["c.db"]);
        await using (var copy = await EdgeDatabase.OpenAsync(folder["b.db"], Token))
        {
            Assert.Equal("secret Ada", (await copy.Documents<Patient>().FindAsync(s_ada, Token))!.Name);
            Assert.Equal("secret undo", (await copy.Documents<Patient>().Where(p => p.Name == "secret undo").ToListAsync(Token)).Single().Name);
            await copy.Documents<Patient>().EditAsync(s_ada, static patient => patient.Visits.Add(1), Token);
            Assert.Empty((await copy.VerifyAsync(cancellationToken: Token)).Faults);
        }
        await using var blind = await EdgeDatabase.OpenAsync(folder["c.db"], Token);
        Assert.Equal(0, await blind.Documents<Patient>().CountAsync(Token));
        Assert.Equal("plain", (await blind.Documents<Job>().FindAsync(s_ada, Token))!.Title);
        Assert.Empty((await blind.VerifyAsync(cancellationToken: Token)).Faults);
    }

    [Fact]
    public async Task Copy_and_original_go_on_with_key_files_of_their_own()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token)) await db.BackupAsync(folder["b.db"], Token);
        foreach (var name in (string[])["a.db", "b.db"])
        {
            await using var db = await EdgeDatabase.OpenAsync(folder[name], Token);
            await db.Documents<Patient>().EditAsync(DocumentId.Named(name), patient => patient.Name = name, Token);
        }
        // The original's newest keys lack those that the copy has made since.
        File.Copy(folder["a.db.keys"], folder["b.db.keys"], overwrite: true);
        Assert.Equal(EdgeErrorCode.KeysMissing, (await Assert.ThrowsAsync<EdgeStorageException>(() => EdgeDatabase.OpenAsync(folder["b.db"], Token))).Code);
    }

    [Fact]
    public async Task Backup_does_not_overwrite_keys_that_are_there_already()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        await File.WriteAllTextAsync(folder["b.db.keys"], "of something else", Token);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
        Assert.Equal(EdgeErrorCode.StorageUnreachable, (await Assert.ThrowsAsync<EdgeStorageException>(() => db.BackupAsync(folder["b.db"], Token))).Code);
        Assert.False(File.Exists(folder["b.db"]));
        Assert.Equal("of something else", await File.ReadAllTextAsync(folder["b.db.keys"], Token));
    }

    [Fact]
    public async Task Nobody_else_on_the_machine_may_read_the_key_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights there follow from the folder.");
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TempFolder();
        await MakeAsync(folder["a.db"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a.db.keys"]));
    }

    /// <summary>The suite of the seam.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Store_keeps_finds_and_destroys_keys(bool isFile)
    {
        using var folder = new TempFolder();
        var (ada, bob) = (new DocumentKey("patient", s_ada), new DocumentKey("patient", s_bob));
        var (self, random) = (new ReplicaId(1, 1), new SeededRandom(1));
        ContentKey own = ContentKey.Create(ada, random), foreign = ContentKey.Create(ada, random), other = ContentKey.Create(bob, random);
        IKeyStore store = isFile ? SqliteKeyStore.Open(folder["a.db"]) : new MemoryKeyStore(1);
        Assert.Null(store.Mark);
        Assert.Null(store.Find(own.Id));
        store.Add([(own, self), (foreign, null), (other, self)]);
        store.Add([(own, self)]);
        var mark = store.Mark!.Value;
        if (isFile)
        {
            store.Dispose();
            store = SqliteKeyStore.Open(folder["a.db"]);
        }
        Assert.Equal(mark, store.Mark);
        Assert.Equal(3, store.Count);
        Assert.Equal(["patient"], store.ReadCollections());
        Assert.Equal(foreign.Secret, store.Find(foreign.Id)!.Secret);
        Assert.Equal(own.Id, store.FindOwn(ada, self)!.Id);
        Assert.Null(store.FindOwn(ada, new(2, 2)));
        Assert.True(store.HasKeys(bob));
        Assert.False(store.HasKeys(new("other", s_ada)));

        store.Forget([ada]);
        Assert.Equal([ada], store.ReadForgotten());
        Assert.Null(store.Find(own.Id));
        Assert.Null(store.FindOwn(ada, self));
        Assert.NotNull(store.Find(other.Id));
        store.Add([(ContentKey.Import(ada, foreign.Secret), null), (ContentKey.Create(ada, random), self)]);
        Assert.Equal(1, store.Count);
        Assert.True(mark.IsMetBy(store.Mark));
        Assert.False(new KeyMark(mark.Store, mark.Generation + 9).IsMetBy(store.Mark));
        store.Adopt();
        Assert.False(mark.IsMetBy(store.Mark));
        store.Dispose();
        if (!isFile) return;
        var bytes = File.ReadAllBytes(folder["a.db.keys"]);
        Assert.Equal(-1, bytes.AsSpan().IndexOf(own.Secret));
        Assert.Equal(-1, bytes.AsSpan().IndexOf(foreign.Secret));
        Assert.True(bytes.AsSpan().IndexOf(other.Secret) > 0);
        Assert.Equal(["a.db.keys"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    /// <summary>Two patients and a job.</summary>
    internal static async Task MakeAsync(string path)
    {
        await using var db = await EdgeDatabase.OpenAsync(path, Token);
        await db.Documents<Patient>().EditAsync(s_ada, static patient => { patient.Name = "secret Ada"; patient.Draft = "secret draft"; patient.Notes.Append("a secret note"); }, Token);
        await db.Documents<Patient>().EditAsync(s_bob, static patient => patient.Name = "secret Bob", Token);
        await db.Documents<Job>().EditAsync(s_ada, static job => job.Title = "plain", Token);
        await db.Documents<Patient>().CountAsync(Token);
    }
}
