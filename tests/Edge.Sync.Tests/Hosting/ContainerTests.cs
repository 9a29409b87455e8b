using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Hosting;

public class ContainerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Database_of_a_container_without_a_host_opens_at_the_first_await()
    {
        using var folder = new TempFolder();
        await using var services = new ServiceCollection().AddEdgeSync(o => o.Path = folder["a.db"]).Services.BuildServiceProvider();
        var db = services.GetRequiredService<EdgeDatabase>();
        Assert.Same(db, services.GetRequiredService<EdgeDatabase>());
        Assert.False(File.Exists(folder["a.db"]));
        await db.Documents<Job>().AddAsync(new Job { Title = "x" }, Token);
        Assert.True(File.Exists(folder["a.db"]));
    }

    [Fact]
    public async Task Container_disposes_its_databases()
    {
        using var folder = new TempFolder();
        EdgeDatabase db;
        await using (var services = new ServiceCollection().AddEdgeSync(o => o.Path = folder["a.db"]).Services.BuildServiceProvider())
            await (db = services.GetRequiredService<EdgeDatabase>()).EnsureOpenAsync(Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => db.EnsureOpenAsync(Token));
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"], Token);
    }

    [Fact]
    public async Task Named_databases_are_keyed_services_of_their_own_with_names_of_their_own()
    {
        using var folder = new TempFolder();
        var collection = new ServiceCollection();
        collection.AddEdgeSync(o => o.Path = folder["main.db"]);
        collection.AddEdgeSync("telemetry", o => o.Path = folder["telemetry.db"]);
        collection.AddEdgeSync("audit", o => (o.Path, o.Name) = (folder["audit.db"], "crew"));
        await using var services = collection.BuildServiceProvider();
        var telemetry = services.GetRequiredKeyedService<EdgeDatabase>("telemetry");
        Assert.NotSame(services.GetRequiredService<EdgeDatabase>(), telemetry);
        var options = services.GetRequiredService<IOptionsMonitor<EdgeDatabaseOptions>>();
        Assert.Equal(["default", "telemetry", "crew"], new[] { Options.DefaultName, "telemetry", "audit" }.Select(name => options.Get(name).Name));
        await telemetry.EnsureOpenAsync(Token);
        Assert.True(File.Exists(folder["telemetry.db"]));
        Assert.False(File.Exists(folder["main.db"]));
    }

    [Fact]
    public async Task Clock_and_loggers_are_the_containers()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider(new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var collection = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock);
        collection.AddEdgeSync(o => o.Path = folder["a.db"]);
        await using var services = collection.BuildServiceProvider();
        var db = services.GetRequiredService<EdgeDatabase>();
        Assert.Same(clock, db.TimeProvider);
        Assert.NotNull(services.GetRequiredService<IOptionsMonitor<EdgeDatabaseOptions>>().CurrentValue.LoggerFactory);
    }

    [Fact]
    public async Task Added_twice_is_one_database_that_both_calls_configure()
    {
        using var folder = new TempFolder();
        var collection = new ServiceCollection();
        collection.AddEdgeSync(o => o.Path = "nowhere.db");
        collection.AddEdgeSync(o => o.Path = folder["a.db"]);
        collection.AddEdgeSync("b", o => o.Path = "nowhere.db");
        collection.AddEdgeSync("b", o => o.Path = folder["b.db"]);
        await using var services = collection.BuildServiceProvider();
        Assert.Equal(2, services.GetServices<IHostedService>().Count());
        await services.GetRequiredService<EdgeDatabase>().EnsureOpenAsync(Token);
        await services.GetRequiredKeyedService<EdgeDatabase>("b").EnsureOpenAsync(Token);
        Assert.True(File.Exists(folder["a.db"]) && File.Exists(folder["b.db"]));
    }

    [Fact]
    public async Task Options_that_change_after_a_database_was_made_change_nothing()
    {
        using var folder = new TempFolder();
        var options = new EdgeDatabaseOptions { Path = folder["a.db"] };
        await using var db = new EdgeDatabase(options);
        options.Path = folder["b.db"];
        await db.EnsureOpenAsync(Token);
        Assert.True(File.Exists(folder["a.db"]));
        Assert.False(File.Exists(folder["b.db"]));
    }

    public static TheoryData<Action<EdgeDatabaseOptions>, string> WrongOptions => new()
    {
        { static _ => { }, "Set o.Path" },
        { static o => o.Path = ":memory:", "Set o.Path to a file" },
        { static o => o.Path = Path.GetTempPath(), "Set o.Path to a file in it" },
        { static o => (o.Path, o.Name) = ("a.db", ""), "o.Name" },
        { static o => (o.Path, o.PendingEditsMax) = ("a.db", 0), "PendingEditsMax = 0. Set it to 1 or more" },
        { static o => (o.Path, o.ClockDriftMax) = ("a.db", TimeSpan.FromSeconds(-1)), "ClockDriftMax = -00:00:01. Set it to zero or more" },
        { static o => (o.Path, o.TimeProvider) = ("a.db", null!), "TimeProvider.System" },
    };

    [Theory]
    [MemberData(nameof(WrongOptions), DisableDiscoveryEnumeration = true)]
    public async Task Wrong_options_end_the_start_of_a_host_with_their_cure(Action<EdgeDatabaseOptions> configure, string cure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEdgeSync("crew", configure);
        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));
        Assert.Contains(cure, error.Message, StringComparison.Ordinal);
        Assert.Contains("AddEdgeSync(\"crew\", o => …)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_without_a_host_are_told_when_the_database_is_asked_for()
    {
        await using var services = new ServiceCollection().AddEdgeSync(static _ => { }).Services.BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<EdgeDatabase>);
        Assert.Contains("AddEdgeSync(o => …) names no file", error.Message, StringComparison.Ordinal);
    }
}
