// Drafts that leave their callbacks are what these tests are about.
#pragma warning disable ES0002

namespace Edge.Sync.Tests.Database;

public class DraftTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    public static TheoryData<string> Writes() => [.. s_writes.Keys];

    private static readonly Dictionary<string, Action<Job>> s_writes = new()
    {
        ["register"] = static job => job.Title = "x",
        ["nullable register"] = static job => job.Due = null,
        ["counter"] = static job => job.Minutes.Add(1),
        ["set add"] = static job => job.Parts.Add("x"),
        ["set remove"] = static job => job.Parts.Remove("seal"),
        ["text append"] = static job => job.Notes.Append("x"),
        ["text delete"] = static job => job.Notes.Delete(0, 1),
        ["text value"] = static job => job.Notes.Value = "other",
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Snapshot_refuses_writes_and_names_EditAsync(string write)
    {
        using var folder = new TempFolder();
        await using var db = await OpenAsync(folder);
        var snapshot = (await db.Documents<Job>().FindAsync(s_pump))!;
        AssertRefused(snapshot, write, "snapshot");
        AssertRefused((await db.Documents<Job>().ToListAsync()).Single(), write, "snapshot");
    }

    /// <summary>What gathers an edit serves the next one too: who kept a draft of the first must not reach it.</summary>
    [Fact]
    public async Task Draft_of_an_earlier_edit_cannot_write_into_a_later_one()
    {
        using var folder = new TempFolder();
        await using var db = await OpenAsync(folder);
        var jobs = db.Documents<Job>();
        Job? kept = null;
        await jobs.EditAsync(s_pump, job => { job.Title = "first"; kept = job; });
        await Assert.ThrowsAsync<NotSupportedException>(() => jobs.EditAsync(s_pump, (Action<Job>)(static job => { job.Title = "thrown away"; throw new NotSupportedException(); })));
        await jobs.EditAsync(DocumentId.Named("pump-8"), job =>
        {
            job.Title = "second";
            foreach (var write in s_writes.Values) Assert.Throws<InvalidOperationException>(() => write(kept!));
            job.Minutes.Add(3);
        });
        Assert.Equal("first", (await jobs.FindAsync(s_pump))!.Title);
        var second = (await jobs.FindAsync(DocumentId.Named("pump-8")))!;
        Assert.Equal(("second", 3, 0, ""), (second.Title, second.Minutes.Value, second.Parts.Count, second.Notes.Value));
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Draft_refuses_writes_once_its_callback_has_ended(string write)
    {
        using var folder = new TempFolder();
        await using var db = await OpenAsync(folder);
        Job? draft = null;
        await db.Documents<Job>().EditAsync(s_pump, job => (draft = job).Done = true);
        AssertRefused(draft!, write, "callback");
        Assert.Equal("Replace", draft!.Title);

        await Assert.ThrowsAsync<FormatException>(() => db.Documents<Job>().EditAsync(s_pump, (Action<Job>)(job =>
        {
            draft = job;
            throw new FormatException();
        })));
        AssertRefused(draft, write, "callback");

        await db.EditAsync(change => draft = change.Document<Job>(s_pump));
        AssertRefused(draft, write, "callback");
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Containers_of_a_draft_die_with_it()
    {
        using var folder = new TempFolder();
        await using var db = await OpenAsync(folder);
        ReplicatedText? notes = null;
        ReplicatedSet<string>? parts = null;
        Counter minutes = default;
        await db.Documents<Job>().EditAsync(s_pump, job => (notes, parts, minutes) = (job.Notes, job.Parts, job.Minutes));
        Assert.Contains("EditAsync", Assert.Throws<InvalidOperationException>(() => notes!.Append("x")).Message, StringComparison.Ordinal);
        Assert.Contains("EditAsync", Assert.Throws<InvalidOperationException>(() => parts!.Add("x")).Message, StringComparison.Ordinal);
        Assert.Contains("EditAsync", Assert.Throws<InvalidOperationException>(() => minutes.Add(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_builder_dies_with_its_callback()
    {
        using var folder = new TempFolder();
        await using var db = await OpenAsync(folder);
        ChangeBuilder? builder = null;
        await db.EditAsync(change => builder = change);
        Assert.Contains("EditAsync", Assert.Throws<InvalidOperationException>(() => builder!.Document<Job>(s_pump)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => builder!.Add(new Job()));
        Assert.Throws<InvalidOperationException>(() => builder!.Delete<Job>(s_pump));
    }

    [Fact]
    public async Task Snapshot_stays_as_it_is_while_its_document_changes()
    {
        using var folder = new TempFolder();
        await using var db = await OpenAsync(folder);
        var snapshot = (await db.Documents<Job>().FindAsync(s_pump))!;
        await db.Documents<Job>().EditAsync(s_pump, static job =>
        {
            job.Title = "Other";
            job.Parts.Remove("seal");
            job.Notes.Value = "";
            job.Minutes.Add(5);
        });
        Assert.Equal(("Replace", "words", 0), (snapshot.Title, snapshot.Notes.Value, snapshot.Minutes.Value));
        Assert.Equal(["seal"], snapshot.Parts);
    }

    private static async Task<EdgeDatabase> OpenAsync(TempFolder folder)
    {
        var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, static job =>
        {
            job.Title = "Replace";
            job.Parts.Add("seal");
            job.Notes.Append("words");
        });
        return db;
    }

    private static void AssertRefused(Job job, string write, string why)
    {
        var error = Assert.Throws<InvalidOperationException>(() => s_writes[write](job));
        Assert.Contains("EditAsync", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
