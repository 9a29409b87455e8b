using Edge.Sync.Tests.Projections.ReadModels;

namespace Edge.Sync.Tests.Docs;

/// <summary>The code of docs/commands-and-events.md.</summary>
public class CommandSnippets
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_says_what_happens()
    {
        using var folder = new TempFolder();
        var path = folder["crew.db"];
        // snippet: command-use
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path }.AddProjection<JobMinutes>());
        var result = await db.ExecuteAsync(new CloseJob(DocumentId.Named("pump-7"), Minutes: 30, By: "alice"));      // one change, or none
        if (!result.Accepted) Console.Error.WriteLine(string.Join("; ", result.Errors));
        // end
        Assert.True(result.Accepted);
        Assert.Equal(["the job is closed already", "minutes must be 1 to 480"], (await db.ExecuteAsync(new CloseJob(DocumentId.Named("pump-7"), 0, "bob"), Token)).Errors);
        Assert.Equal(["alice 30"], await AppProjectionTests.RowsAsync(db, "job_minutes"));

        // snippet: events-use
        var events = db.Events<WorkEvent>();
        await events.AppendAsync(DocumentId.Named("pump-8"), new WorkEvent.Opened("Replace pump 8"));
        foreach (var e in await events.ReadAsync(DocumentId.Named("pump-8")))       // one stream: the same order on every replica
            Console.WriteLine($"{e.At:t} {e.Author}: {e.Event}");
        await foreach (var e in events.ReadAllAsync())                              // all streams, in the order in which they came here
            Console.WriteLine($"{e.Stream}: {e.Event}, change {e.ChangeId}");
        // end

        // snippet: projection-status
        foreach (var projection in await db.GetProjectionStatusAsync())
            if (projection.State == ProjectionState.Stopped) Console.Error.WriteLine(projection.Error!.Message);
        await db.WhenProjectionsReadyAsync(new Progress<ProjectionProgress>(p => Console.WriteLine($"{p.Name}: {p.FoldedCount} of {p.TotalCount}")));
        // end

        using var stop = new CancellationTokenSource();
        var billed = new List<string>();
        Task BillAsync(ChangeId change, int minutes) { billed.Add($"{minutes}"); stop.Cancel(); return Task.CompletedTask; }
        // snippet: subscription
        async Task BillAllAsync(CancellationToken cancellationToken)
        {
            await foreach (var e in db.Events<WorkEvent>().SubscribeAsync("billing", cancellationToken: cancellationToken))
                if (e.Event is WorkEvent.Closed closed) await BillAsync(e.ChangeId, closed.Minutes);      // throws: delivered again next time
        }
        // end
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BillAllAsync(stop.Token));
        Assert.Equal(["30"], billed);
    }

    [Fact(Timeout = 60_000)]
    public async Task Subscription_to_what_a_device_accepts_is_as_the_page_says()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"], TestContext.Current.CancellationToken);
        await db.Events<WorkEvent>().AppendAsync(DocumentId.Named("pump-7"), new WorkEvent.Closed(30, "alice"), TestContext.Current.CancellationToken);
        var office = await db.GetReplicaIdAsync(TestContext.Current.CancellationToken);
        await db.AcceptAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var cancellationToken = stop.Token;
        var paid = new List<int>();
        Task PayAsync(ChangeId change, WorkEvent.Closed closed) { paid.Add(closed.Minutes); stop.Cancel(); return Task.CompletedTask; }
        async Task PayAllAsync()
        {
            // snippet: subscription-stage
            var accepted = new SubscriptionOptions { Stage = ReceiptStage.Accepted, AcceptedBy = office };
            await foreach (var e in db.Events<WorkEvent>().SubscribeAsync("payroll", accepted, cancellationToken))
                if (e.Event is WorkEvent.Closed closed) await PayAsync(e.ChangeId, closed);
            // end
        }
        await Assert.ThrowsAnyAsync<OperationCanceledException>(PayAllAsync);
        Assert.Equal([30], paid);
    }

    // snippet: command
    public sealed record CloseJob(DocumentId Id, int Minutes, string By) : IEdgeCommand
    {
        public void Execute(CommandContext change)
        {
            var job = change.Document<Job>(Id);
            change.Require(!job.Done, "the job is closed already");            // every failed rule is told; one is enough to write nothing
            change.Require(Minutes is > 0 and <= 480, "minutes must be 1 to 480");
            job.Done = true;
            job.Minutes.Add(Minutes);
            change.Append(Id, new WorkEvent.Closed(Minutes, By));
        }
    }
    // end
}

// snippet: events
[EdgeEvent("work-event")]
public abstract partial record WorkEvent
{
    [EdgeEvent("opened")]
    public sealed partial record Opened(string Title) : WorkEvent;

    [EdgeEvent("closed")]
    public sealed partial record Closed(int Minutes, string By) : WorkEvent;
}
// end

// snippet: projection
public sealed class JobMinutes : IProject<WorkEvent>
{
    public static string Name => "job_minutes";
    public static int Version => 1;                                            // a new number: built again beside the old table, then swapped

    public void CreateTables(ProjectionWriter sql) =>
        sql.Execute($"CREATE TABLE {sql.Table("job_minutes")} (worker TEXT PRIMARY KEY, minutes INTEGER NOT NULL)");

    public void Apply(in ProjectionContext context, WorkEvent item, ProjectionWriter sql)
    {
        if (item is WorkEvent.Closed c)                                        // values in holes become parameters
            sql.Execute($"INSERT INTO {sql.Table("job_minutes")} VALUES ({c.By}, {c.Minutes}) ON CONFLICT DO UPDATE SET minutes = minutes + excluded.minutes");
    }
}
// end
