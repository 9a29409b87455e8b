using System.Globalization;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Events;

namespace Edge.Sync.Tests.Projections.ReadModels;

public class AppProjectionTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");
    private static readonly DocumentId s_valve = DocumentId.Named("valve-2");

    [Fact]
    public async Task Tables_follow_each_commit_from_here_and_from_elsewhere()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Costs>().AddProjection<Tally>());
        await using var other = await EdgeDatabase.OpenAsync(folder["b.db"]);
        Assert.Empty(await RowsAsync(db, "job_costs"));
        await db.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Closed(30, "alice"));
        Assert.Equal(["alice 30"], await RowsAsync(db, "job_costs"));
        await other.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Closed(10, "alice"));
        await other.Events<JobEvent>().AppendAsync(s_valve, new JobEvent.Closed(5, "it's \"bob\" \U0001F600; DROP TABLE job_costs"));
        await other.Events<Ticked>().AppendAsync(s_valve, new(1));
        await Exchange.PushAsync(other, db);
        Assert.Equal(["alice 40", "it's \"bob\" \U0001F600; DROP TABLE job_costs 5"], await RowsAsync(db, "job_costs"));
        Assert.Equal(["Closed 3", "Ticked 1"], await RowsAsync(db, "tally"));
        Assert.All(await db.GetProjectionStatusAsync(), static status => Assert.Equal((ProjectionState.Current, 1, 1, (EdgeProjectionException?)null), (status.State, status.Version, status.TableVersion, status.Error)));
    }

    [Fact]
    public async Task Edit_that_throws_and_commit_that_fails_leave_no_trace()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Tally>());
        await Assert.ThrowsAsync<FormatException>(() => db.EditAsync((Action<ChangeBuilder>)(static change =>
        {
            change.Append(s_pump, new Ticked(1));
            throw new FormatException();
        })));
        Assert.Empty(await RowsAsync(db, "tally"));
        var opened = await db.OpenedAsync(default);
        await Assert.ThrowsAsync<EdgeStorageException>(() => opened.Writer.RunAsync<bool>(replica =>
        {
            replica.Edit(draft => draft.Append(new("ticked", s_pump), IEdgeEventSchema.Encode(new Ticked(2))));
            throw new EdgeStorageException(EdgeErrorCode.StorageFull, "x", "full");
        }));
        await db.Events<Ticked>().AppendAsync(s_pump, new(3));
        Assert.Equal(["Ticked 1"], await RowsAsync(db, "tally"));
    }

    [Fact]
    public async Task Projection_that_throws_stops_alone_and_says_why()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Brittle>().AddProjection<Tally>()))
        {
            await db.Events<Ticked>().AppendAsync(s_pump, new(1));
            // One commit with a good event before the bad one: neither is in the table.
            await db.EditAsync(static change => { change.Append(s_pump, new Ticked(2)); change.Append(s_pump, new Ticked(-3)); });
            await db.Events<Ticked>().AppendAsync(s_pump, new(4));
            Assert.Equal(["1"], await RowsAsync(db, "brittle"));
            Assert.Equal(["Ticked 4"], await RowsAsync(db, "tally"));
            Assert.Equal(4, (await db.Events<Ticked>().ReadAsync(s_pump)).Count);
            var status = (await db.GetProjectionStatusAsync())[0];
            Assert.Equal((ProjectionState.Stopped, "brittle", 1), (status.State, status.Error!.Projection, status.Error.Version));
            Assert.Contains("negative", status.Error.Message);
            Assert.Contains("give it a new version", status.Error.Message);
            Assert.IsType<FormatException>(status.Error.InnerException);
            Assert.Equal(EdgeErrorCode.ProjectionFailed, (await Assert.ThrowsAsync<EdgeProjectionException>(() => db.WhenProjectionsReadyAsync())).Code);
        }
        // The same version fails again, at the same event, and nothing else does.
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Brittle>()))
        {
            Assert.Equal(["1"], await RowsAsync(db, "brittle"));
            Assert.Equal(ProjectionState.Stopped, Assert.Single(await db.GetProjectionStatusAsync()).State);
        }
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<BrittleTwo>()))
        {
            await db.WhenProjectionsReadyAsync();
            Assert.Equal(["1", "2", "4"], await RowsAsync(db, "brittle"));
        }
    }

    [Fact]
    public async Task New_version_is_made_beside_the_old_tables_and_takes_their_place()
    {
        using var folder = new TempFolder();
        const int Count = 5000;
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Costs>()))
            await AppendManyAsync(db, Count);

        // The opening folds one batch; then the file is closed in the middle of it.
        var two = new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<CostsTwo>();
        await using (var db = await EdgeDatabase.OpenAsync(two))
        {
            var status = Assert.Single(await db.GetProjectionStatusAsync());
            if (status.State == ProjectionState.Building)
            {
                Assert.Equal((1, 2), (status.TableVersion, status.Version));
                Assert.Equal([$"alice {Count}"], await RowsAsync(db, "job_costs"));
            }
        }
        await using (var db = await EdgeDatabase.OpenAsync(two))
        {
            await db.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Closed(7, "bob"));
            await db.WhenProjectionsReadyAsync();
            Assert.Equal([$"alice {Count} {Count}", "bob 7 1"], await RowsAsync(db, "job_costs"));
            await db.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Closed(1, "bob"));
            Assert.Equal("bob 8 2", (await RowsAsync(db, "job_costs"))[1]);
            Assert.Equal(["job_costs"], await TablesAsync(db));
        }
    }

    [Fact]
    public async Task Rebuild_tells_its_progress_and_can_be_given_up()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Costs>());
        await AppendManyAsync(db, 5000);
        using var cancel = new CancellationTokenSource();
        var reports = new List<ProjectionProgress>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.RebuildProjectionAsync("job_costs", new Reporter(progress => { reports.Add(progress); cancel.Cancel(); }), cancel.Token));
        Assert.Equal(("job_costs", 5000), (reports[0].Name, reports[0].TotalCount));
        Assert.Equal(["alice 5000"], await RowsAsync(db, "job_costs"));
        Assert.Equal(["job_costs"], await TablesAsync(db));
        Assert.Equal(ProjectionState.Current, Assert.Single(await db.GetProjectionStatusAsync()).State);

        reports.Clear();
        await db.RebuildProjectionAsync("job_costs", new Reporter(reports.Add));
        Assert.Equal(reports.Select(static report => report.FoldedCount).Order(), reports.Select(static report => report.FoldedCount));
        Assert.Equal(["alice 5000"], await RowsAsync(db, "job_costs"));
        await Assert.ThrowsAsync<ArgumentException>(() => db.RebuildProjectionAsync("nothing"));
    }

    [Fact]
    public async Task What_came_while_the_app_lacked_the_projection_is_caught_up()
    {
        using var folder = new TempFolder();
        var options = new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Costs>().AddProjection<Sequences>();
        await using (var db = await EdgeDatabase.OpenAsync(options)) await db.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Closed(1, "alice"));
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await db.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Closed(2, "alice"));
            await db.Events<Ticked>().AppendAsync(s_pump, new(5));
        }
        await using (var db = await EdgeDatabase.OpenAsync(options))
        {
            await db.WhenProjectionsReadyAsync();
            Assert.Equal(["alice 3"], await RowsAsync(db, "job_costs"));
            Assert.Equal("all 5", (await RowsAsync(db, "sequences")).Single(static row => row.StartsWith("all ", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Purged_events_are_taken_back(bool isAdded)
    {
        using var folder = new TempFolder();
        var options = new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Costs>();
        await using (var db = await EdgeDatabase.OpenAsync(options))
        {
            await db.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Closed(30, "alice"));
            await db.Events<JobEvent>().AppendAsync(s_valve, new JobEvent.Closed(10, "bob"));
        }
        await using (var db = await EdgeDatabase.OpenAsync(isAdded ? options : new EdgeDatabaseOptions { Path = folder["a.db"] }))
        {
            await db.PurgeAsync("job-event", s_pump);
            if (isAdded) Assert.Equal(["bob 10"], await RowsAsync(db, "job_costs"));
            else Assert.Empty(await TablesAsync(db));
        }
        await using (var db = await EdgeDatabase.OpenAsync(options)) Assert.Equal(["bob 10"], await RowsAsync(db, "job_costs"));
    }

    [Fact]
    public async Task Rejected_events_are_taken_back_and_come_again()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Costs>().AddProjection<Sequences>());
        var wrong = await db.EditAsync(static change => { change.Append(s_pump, new JobEvent.Closed(30, "alice")); change.Append(s_pump, new Ticked(1)); });
        await db.EditAsync(static change => { change.Append(s_pump, new JobEvent.Closed(10, "bob")); change.Append(s_pump, new Ticked(2)); });
        var rejection = await db.RejectAsync(wrong.ChangeId!.Value, "not so");
        Assert.Equal(["bob 10"], await RowsAsync(db, "job_costs"));
        Assert.Equal("all 2", (await RowsAsync(db, "sequences")).Single(static row => row.StartsWith("all ", StringComparison.Ordinal)));
        await db.RejectAsync(rejection.ChangeId!.Value, "it was so");
        Assert.Equal(["alice 30", "bob 10"], await RowsAsync(db, "job_costs"));
        Assert.Equal("all 1 2", (await RowsAsync(db, "sequences")).Single(static row => row.StartsWith("all ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Tables_refuse_other_writers_and_names_that_are_taken()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Costs>().AddProjection<Stealing>().AddProjection<Double>()))
        {
            await db.Documents<Job>().EditAsync(s_pump, static job => job.Title = "x");
            await db.Events<JobEvent>().AppendAsync(s_pump, new JobEvent.Closed(30, "alice"));
            var status = await db.GetProjectionStatusAsync();
            Assert.Equal([ProjectionState.Current, ProjectionState.Stopped, ProjectionState.Stopped], status.Select(static s => s.State));
            Assert.Contains("'job_costs' is taken", status[1].Error!.Message);
            Assert.Contains("One statement at a time", status[2].Error!.Message);
        }
        using var sql = PlainSql.Open(folder["a.db"], Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite);
        using var command = sql.CreateCommand();
        command.CommandText = "INSERT INTO job_costs VALUES ('eve', 1)";
        Assert.Contains("read model", Assert.ThrowsAny<Microsoft.Data.Sqlite.SqliteException>(() => command.ExecuteNonQuery()).Message);
    }

    [Theory]
    [InlineData("COMMIT", "does not run COMMIT")]
    [InlineData("DROP TABLE edge_changes", "does not run DROP")]
    [InlineData("PRAGMA user_version = 5", "does not run PRAGMA")]
    [InlineData("INSERT INTO missing VALUES (1)", "no such table")]
    public async Task Statement_that_would_do_harm_stops_the_projection_only(string statement, string message)
    {
        using var folder = new TempFolder();
        Harmful.Statement = statement;
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Harmful>());
        await db.Events<Ticked>().AppendAsync(s_pump, new(1));
        var told = Assert.Single(await db.GetProjectionStatusAsync()).Error!.Message;
        Assert.True(told.Contains(message, StringComparison.Ordinal), told);
        Assert.Single(await db.Events<Ticked>().ReadAsync(s_pump));
        await Rebuilding.AssertEqualAsync(db);
    }

    [Fact]
    public void Options_take_each_name_once() =>
        Assert.Throws<ArgumentException>(() => new EdgeDatabaseOptions { Path = "a.db" }.AddProjection<Costs>().AddProjection<CostsTwo>());

    [Fact]
    public async Task Repair_makes_the_tables_again()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"] }.AddProjection<Costs>().AddProjection<Sequences>());
        await AppendManyAsync(db, 3000);
        await db.Events<Ticked>().AppendAsync(s_pump, new(5));
        await db.RepairAsync();
        await db.WhenProjectionsReadyAsync();
        Assert.Equal(["alice 3000"], await RowsAsync(db, "job_costs"));
        Assert.Equal(["all 5"], (await RowsAsync(db, "sequences")).Where(static row => row.StartsWith("all", StringComparison.Ordinal)));
    }

    internal static async Task<List<string>> RowsAsync(EdgeDatabase db, string table)
    {
        await using var sql = await db.OpenReadConnectionAsync();
        await using var command = sql.CreateCommand();
        command.CommandText = $"SELECT * FROM {table} ORDER BY 1";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture))));
        return rows;
    }

    private static Task<Receipt> AppendManyAsync(EdgeDatabase db, int count) => db.EditAsync(change =>
    {
        for (var i = 0; i < count; i++) change.Append(DocumentId.Named($"stream-{i % 50}"), new JobEvent.Closed(1, "alice"));
    });

    private static async Task<List<string>> TablesAsync(EdgeDatabase db) => await RowsAsync(db, "(SELECT name FROM sqlite_schema WHERE type = 'table' AND (name LIKE 'job\\_costs%' ESCAPE '\\' OR name LIKE 'edge\\_next%' ESCAPE '\\'))");

    private static class IEdgeEventSchema
    {
        public static Edge.Sync.Wire.ValueBytes Encode<T>(T item) where T : class, IEdgeEvent<T> => T.Schema.Encode(item);
    }

    private sealed class Reporter(Action<ProjectionProgress> take) : IProgress<ProjectionProgress>
    {
        public void Report(ProjectionProgress value) => take(value);
    }

    private sealed class Stealing : IProject<JobEvent>
    {
        public static string Name => "stealing";

        public static int Version => 1;

        public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("job_costs")} (x)");

        public void Apply(in ProjectionContext context, JobEvent item, ProjectionWriter sql) { }
    }

    private sealed class Double : IProject<JobEvent>
    {
        public static string Name => "double";

        public static int Version => 1;

        public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("a")} (x); CREATE TABLE {sql.Table("b")} (x)");

        public void Apply(in ProjectionContext context, JobEvent item, ProjectionWriter sql) { }
    }

    private sealed class Harmful : IProject<Ticked>
    {
        public static string Statement { get; set; } = "";

        public static string Name => "harmful";

        public static int Version => 1;

        public void CreateTables(ProjectionWriter sql) => sql.Execute($"CREATE TABLE {sql.Table("harmful")} (x)");

        public void Apply(in ProjectionContext context, Ticked item, ProjectionWriter sql)
        {
            var handler = new ProjectionSql(0, 0, sql);
            handler.AppendLiteral(Statement);
            sql.Execute(ref handler);
        }
    }
}
