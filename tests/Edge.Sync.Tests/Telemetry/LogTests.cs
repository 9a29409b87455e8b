using Edge.Sync.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace Edge.Sync.Tests.Telemetry;

public class LogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Life_of_a_database_is_logged_without_what_documents_hold()
    {
        using var folder = new TempFolder();
        using var loggers = new LogEntries();
        await using (var db = new EdgeDatabase(new() { Path = folder["a.db"], Name = "crew", LoggerFactory = loggers }))
        {
            await db.Documents<Job>().AddAsync(new Job { Title = "a secret" }, Token);
            await using var sync = db.StartSync(static s => s.Use(new StillTransport(LinkState.Faulted, "no such port")));
            await Assert.ThrowsAsync<EdgeLinkException>(() => sync.WhenReadyAsync(Token));
            await Assert.ThrowsAsync<InvalidOperationException>(() => db.Documents<Job>().EditAsync(DocumentId.Named("x"), (Action<Job>)(static _ => throw new InvalidOperationException("another secret")), Token));
        }
        Assert.Equal(["Information 1", "Warning 6", "Information 3"], loggers.Written.Select(static entry => $"{entry.Level} {entry.Id}"));
        Assert.All(loggers.Written, static entry => Assert.Contains("crew", entry.Text, StringComparison.Ordinal));
        Assert.DoesNotContain(loggers.Written, static entry => entry.Text.Contains("secret", StringComparison.Ordinal));
        Assert.Contains("no such port", loggers.Written.ElementAt(1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_that_fails_is_logged()
    {
        using var folder = new TempFolder();
        using var loggers = new LogEntries();
        await using var db = new EdgeDatabase(new() { Path = folder["missing/a.db"], LoggerFactory = loggers });
        await Assert.ThrowsAsync<EdgeStorageException>(() => db.EnsureOpenAsync(Token));
        Assert.Equal("Error 2", loggers.Written.Select(static entry => $"{entry.Level} {entry.Id}").Single());
    }
}
