using Dapper;

namespace Edge.Sync.Tests.Docs;

/// <summary>A whole program: a command, what it leads to in a table of one's own, read by Dapper, and in a subscription. It is written as in a file of its own, and run.</summary>
public sealed partial class CrewProgram
{
    [Fact]
    public async Task Command_is_one_change_that_a_table_and_a_subscriber_follow()
    {
        using var folder = new TempFolder();
        await Assert.ThrowsAsync<Ended>(() => RunAsync(folder["crew.db"]));
        Assert.Equal(["alice: 30", $"{DocumentId.Named("pump-7")} closed by alice, change <id>, cursor <cursor>"], Console.Lines);
        Assert.Empty(Console.Error.Lines);

        // Again: the rule does not hold any more. The handler had thrown, so that it gets the same event once more.
        await Assert.ThrowsAsync<Ended>(() => RunAsync(folder["crew.db"]));
        Assert.Equal(["the job is closed already"], Console.Error.Lines);
        Assert.Equal(Console.Lines[..2], Console.Lines[2..]);
    }

    private static async Task RunAsync(string path)
    {
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path }.AddProjection<JobCosts>());
        var result = await db.ExecuteAsync(new CloseJob(DocumentId.Named("pump-7"), Minutes: 30, By: "alice"));     // one change, or none
        if (!result.Accepted) Console.Error.WriteLine(string.Join("; ", result.Errors));
        await using (var sql = await db.OpenReadConnectionAsync())                 // a DbConnection, read-only
            foreach (var row in await sql.QueryAsync<CostRow>("SELECT worker, minutes FROM job_costs ORDER BY minutes DESC"))
                Console.WriteLine($"{row.Worker}: {row.Minutes}");
        await foreach (var e in db.Events<JobEvent>().SubscribeAsync("billing"))   // named: the checkpoint is kept; asking for the next acknowledges the last
            if (e.Event is JobEvent.Closed closed)
                Console.WriteLine($"{e.Stream} closed by {closed.By}, change {e.ChangeId}, cursor {e.Cursor}");
    }

    public sealed record CloseJob(DocumentId Id, int Minutes, string By) : IEdgeCommand
    {
        public void Execute(CommandContext change)
        {
            var job = change.Document<Job>(Id);
            change.Require(!job.Done, "the job is closed already");             // every failed rule is told; one is enough to write nothing
            change.Require(Minutes is > 0 and <= 480, "minutes must be 1 to 480");
            job.Done = true;
            job.Minutes.Add(Minutes);
            change.Append(Id, new JobEvent.Closed(Minutes, By));
        }
    }

    public sealed class JobCosts : IProjection, IProject<JobEvent>
    {
        public static string Name => "job_costs";
        public static int Version => 1;                                        // a new number: built again beside the old table, then swapped
        public void CreateTables(ProjectionWriter sql) =>
            sql.Execute($"CREATE TABLE {sql.Table("job_costs")} (worker TEXT PRIMARY KEY, minutes INTEGER NOT NULL)");
        public void Apply(in ProjectionContext context, JobEvent item, ProjectionWriter sql)      // values in holes become parameters
        {
            if (item is JobEvent.Closed c)
                sql.Execute($"INSERT INTO {sql.Table("job_costs")} VALUES ({c.By}, {c.Minutes}) ON CONFLICT DO UPDATE SET minutes = minutes + excluded.minutes");
        }
    }

    public sealed class CostRow { public string Worker { get; set; } = ""; public long Minutes { get; set; } }

    [EdgeEvent("job-event")]
    public abstract partial record JobEvent
    {
        [EdgeEvent("opened")] public sealed partial record Opened(string Title) : JobEvent;
        [EdgeEvent("closed")] public sealed partial record Closed(int Minutes, string By) : JobEvent;
    }

    /// <summary>Stands for the console, and ends a program that would go on for ever: its subscriber waits for the next event.</summary>
    private static class Console
    {
        public static List<string> Lines { get; } = [];

        public static void WriteLine(string line)
        {
            if (!line.Contains(", change ", StringComparison.Ordinal))
            {
                Lines.Add(line);
                return;
            }
            Lines.Add(System.Text.RegularExpressions.Regex.Replace(line, "change [0-9a-f]{64}, cursor .+$", "change <id>, cursor <cursor>"));
            throw new Ended();
        }

        public static class Error
        {
            public static List<string> Lines { get; } = [];

            public static void WriteLine(string line) => Lines.Add(line);
        }
    }

    private sealed class Ended : Exception;
}
