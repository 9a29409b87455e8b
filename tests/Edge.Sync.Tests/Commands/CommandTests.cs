using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Commands;

public class CommandTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");
    private static readonly DocumentId s_valve = DocumentId.Named("valve-2");

    [Fact]
    public async Task Accepted_command_is_one_change()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var result = await db.ExecuteAsync(new MoveMinutes(s_pump, s_valve, 30), new EditOptions { Intent = "move", Author = "alice" });
        Assert.True(result.Accepted);
        Assert.Empty(result.Errors);
        Assert.Equal(result.Receipt!.ChangeId, Assert.Single(await Exchange.ReadAllAsync(db)).Id);
        Assert.Equal(-30, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
        Assert.Equal(30, (await db.Documents<Job>().FindAsync(s_valve))!.Minutes.Value);
        await foreach (var entry in db.History())
            Assert.Equal(("move", "alice"), (entry.Intent, entry.Author));
    }

    [Fact]
    public async Task Every_unmet_rule_is_told_and_nothing_is_written()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, static job => { job.Done = true; job.Minutes.Add(5); });
        var before = await db.GetStateHashAsync();
        var result = await db.ExecuteAsync(new CloseJob(s_pump, 1000));
        Assert.False(result.Accepted);
        Assert.Null(result.Receipt);
        Assert.Equal(["the job is closed already", "minutes must be 1 to 480"], result.Errors);
        Assert.Single(await Exchange.ReadAllAsync(db));
        Assert.Equal(before, await db.GetStateHashAsync());
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task Rule_sees_what_commands_before_it_have_written()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        // All are queued before the first one runs, and committed as a group.
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => db.ExecuteAsync(new CloseJob(s_pump, 10))));
        Assert.Single(results, static result => result.Accepted);
        Assert.Equal(10, (await db.Documents<Job>().FindAsync(s_pump))!.Minutes.Value);
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public async Task What_a_command_throws_passes_and_nothing_is_written()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await Assert.ThrowsAsync<FormatException>(() => db.ExecuteAsync(new Failing(s_pump)));
        Assert.Empty(await Exchange.ReadAllAsync(db));
    }

    [Fact]
    public async Task Reading_makes_no_document()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var result = await db.ExecuteAsync(new Looking(s_pump));
        Assert.True(result.Accepted);
        Assert.Null(result.Receipt!.ChangeId);
        Assert.Null(await db.Documents<Job>().FindAsync(s_pump));
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "pump");
        Assert.Equal(["it is there"], (await db.ExecuteAsync(new Looking(s_pump))).Errors);
        await db.Documents<Job>().DeleteAsync(s_pump);
        Assert.True((await db.ExecuteAsync(new Looking(s_pump))).Accepted);
    }

    [Fact]
    public async Task Context_that_escapes_is_dead()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var escaping = new Escaping(s_pump);
        await db.ExecuteAsync(escaping);
        Assert.Throws<InvalidOperationException>(() => escaping.Context!.Document<Job>(s_valve));
    }

    private sealed record MoveMinutes(DocumentId From, DocumentId To, int Minutes) : IEdgeCommand
    {
        public void Execute(CommandContext change)
        {
            change.Document<Job>(From).Minutes.Add(-Minutes);
            change.Document<Job>(To).Minutes.Add(Minutes);
        }
    }

    private sealed record CloseJob(DocumentId Id, int Minutes) : IEdgeCommand
    {
        public void Execute(CommandContext change)
        {
            var job = change.Document<Job>(Id);
            change.Require(!job.Done, "the job is closed already");
            change.Require(Minutes is > 0 and <= 480, "minutes must be 1 to 480");
            job.Done = true;
            job.Minutes.Add(Minutes);
        }
    }

    private sealed record Failing(DocumentId Id) : IEdgeCommand
    {
        public void Execute(CommandContext change)
        {
            change.Document<Job>(Id).Done = true;
            throw new FormatException();
        }
    }

    private sealed record Looking(DocumentId Id) : IEdgeCommand
    {
        public void Execute(CommandContext change)
        {
            change.Require(change.Document<Job>(Id).Title.Length == 0 || !change.Exists<Job>(Id), "it is there");
        }
    }

    private sealed record Escaping(DocumentId Id) : IEdgeCommand
    {
        public CommandContext? Context { get; private set; }

        public void Execute(CommandContext change) => Context = change;
    }
}
