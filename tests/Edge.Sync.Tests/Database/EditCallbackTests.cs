namespace Edge.Sync.Tests.Database;

public class EditCallbackTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public async Task Callbacks_run_once_each_in_commit_order()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var jobs = db.Documents<Job>();
        var ran = new List<int>(); // only the writer touches it
        var receipts = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => Task.Run(() => jobs.EditAsync(s_pump, job =>
        {
            ran.Add(number);
            job.Minutes.Add(1);
        }))));

        Assert.Equal(300, ran.Count);
        var committed = (await Exchange.ReadAllAsync(db)).Select(change => Array.FindIndex(receipts, receipt => receipt.ChangeId == change.Id));
        Assert.Equal(ran, committed);
        Assert.Equal(300, (await jobs.FindAsync(s_pump))!.Minutes.Value);
    }

    [Fact]
    public async Task Callback_with_a_state_gets_the_state()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, 45, static (job, minutes) => job.Minutes.Add(minutes));
        Assert.Equal(45, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
    }

    [Fact]
    public async Task Callback_that_throws_writes_nothing_and_its_exception_passes_as_it_is()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var jobs = db.Documents<Job>();
        await jobs.EditAsync(s_pump, static job => job.Title = "before");
        var hash = await db.GetStateHashAsync();

        var thrown = new FormatException("mine");
        var caught = await Assert.ThrowsAsync<FormatException>(() => jobs.EditAsync(s_pump, (Action<Job>)(job =>
        {
            job.Title = "after";
            job.Minutes.Add(5);
            job.Parts.Add("seal");
            job.Notes.Append("words");
            throw thrown;
        })));

        Assert.Same(thrown, caught);
        Assert.Equal("before", (await jobs.FindAsync(s_pump))!.Title);
        Assert.Equal(hash, await db.GetStateHashAsync());
        Assert.Single(await Exchange.ReadAllAsync(db));
        await Rebuilding.AssertEqualAsync(db);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Callbacks_that_throw_leave_the_other_edits_of_their_group_intact(int seed)
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var jobs = db.Documents<Job>();
        await jobs.EditAsync(s_pump, static job => job.Notes.Append("start "));
        var random = new Random(seed);
        long expected = 0;
        var edits = new List<Task>();
        using (var held = await HeldWriter.HoldAsync(db))
        {
            for (var i = 0; i < 300; i++)
            {
                var (number, fails, other) = (i, random.Next(3) == 0, random.Next(4) == 0 ? DocumentId.Named("other") : s_pump);
                if (!fails && other == s_pump) expected += number;
                var edit = jobs.EditAsync(other, job =>
                {
                    job.Minutes.Add(number);
                    job.Parts.Add($"part {number % 7}");
                    job.Notes.Insert(job.Notes.Length / 2, $"<{number}>");
                    if (fails) throw new FormatException();
                    job.Title = $"{number}";
                });
                edits.Add(fails ? Assert.ThrowsAsync<FormatException>(() => edit) : edit);
            }
            await held.ReleaseAsync();
        }
        await Task.WhenAll(edits);

        Assert.Equal(expected, (await jobs.FindAsync(s_pump))!.Minutes.Value);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Callback_that_catches_a_slip_of_its_own_goes_on()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var slips = 0;
        await db.Documents<Job>().EditAsync(s_pump, job =>
        {
            try { job.Notes.Insert(9, "x"); }
            catch (ArgumentOutOfRangeException) { slips++; }
            try { job.Notes.Delete(0, 1); }
            catch (ArgumentOutOfRangeException) { slips++; }
            try { job.Parts.Add(null!); }
            catch (ArgumentNullException) { slips++; }
            job.Title = "still here";
        });
        Assert.Equal(3, slips);
        Assert.Equal("still here", (await db.Documents<Job>().FindAsync(s_pump))!.Title);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Edit_that_writes_nothing_gives_a_receipt_without_a_change()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var jobs = db.Documents<Job>();
        Assert.NotNull((await jobs.EditAsync(s_pump, static job => job.Done = true)).ChangeId);
        var receipt = await jobs.EditAsync(s_pump, static job => _ = job.Title);
        Assert.Null(receipt.ChangeId);
        Assert.Equal(s_pump, receipt.DocumentId);
        Assert.Single(await Exchange.ReadAllAsync(db));
    }

    [Fact]
    public async Task Edit_that_writes_nothing_makes_a_document_that_is_not_there()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var jobs = db.Documents<Job>();
        Assert.NotNull((await jobs.EditAsync(s_pump, static _ => { })).ChangeId);
        Assert.NotNull(await jobs.FindAsync(s_pump));
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Edit_over_the_limit_of_a_change_is_refused_and_the_next_one_works()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var jobs = db.Documents<Job>();
        var error = await Assert.ThrowsAsync<EdgeDataException>(() => jobs.EditAsync(s_pump, static job => job.Title = new('x', 9 << 20)));
        Assert.Equal(EdgeErrorCode.LimitExceeded, error.Code);
        Assert.Contains("Split it", error.Message, StringComparison.Ordinal);
        await jobs.EditAsync(s_pump, static job => job.Title = "short");
        Assert.Equal("short", (await jobs.FindAsync(s_pump))!.Title);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Intent_is_kept_in_the_change()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().With(new() { Intent = "close the board" }).EditAsync(s_pump, static job => job.Done = true);
        var change = Edge.Sync.Log.Change.Parse((await Exchange.ReadAllAsync(db)).Single().Bytes);
        var sections = Edge.Sync.Log.ChangeCodec.ReadSections(change.Body);
        Assert.Equal(2, sections.Count);
        Assert.Contains("close the board", System.Text.Encoding.UTF8.GetString(sections[1].Span), StringComparison.Ordinal);
    }
}
