using System.Globalization;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class KillTests
{
    private const int RoundsMin = 10, RoundsPerFile = 40;

    /// <summary>Ten rounds, or as many as fit into EDGE_SYNC_KILL_SECONDS.</summary>
    [Fact]
    public async Task Killed_writer_loses_nothing_that_it_acknowledged()
    {
        var duration = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("EDGE_SYNC_KILL_SECONDS") ?? "0", CultureInfo.InvariantCulture));
        var start = TimeProvider.System.GetTimestamp();
        var (rounds, edits) = (0, 0);
        while (rounds < RoundsMin || TimeProvider.System.GetElapsedTime(start) < duration)
        {
            var roundsMax = duration == default ? RoundsMin : RoundsPerFile;
            edits += await KillAsync(rounds + 7, roundsMax, () => ++rounds >= RoundsMin && TimeProvider.System.GetElapsedTime(start) >= duration);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, {edits} acknowledged edits");
        Assert.True(edits > 500);
    }

    /// <summary>Kills writers of one file, one after the other. Returns how many edits were acknowledged.</summary>
    private static async Task<int> KillAsync(int seed, int rounds, Func<bool> isLast)
    {
        using var folder = new TempFolder();
        var path = folder["crash.db"];
        var random = new Random(seed);
        var acknowledged = new HashSet<long>();
        for (var round = 0; round < rounds; round++)
        {
            using (var writer = ChildProcess.Start(ChildProcess.Built("CrashWriter"), folder.Path, path, (round * 1_000_000).ToString(CultureInfo.InvariantCulture)))
            {
                for (var lines = random.Next(1, 250); lines > 0; lines--)
                    acknowledged.Add(long.Parse(await writer.ReadLineAsync(), CultureInfo.InvariantCulture));
                foreach (var line in await writer.KillAsync())
                    acknowledged.Add(long.Parse(line, CultureInfo.InvariantCulture));
            }

            await using var db = await EdgeDatabase.OpenAsync(path);
            var ledgers = await db.Documents<Ledger>().ToListAsync();
            var stored = ledgers.SelectMany(static ledger => ledger.Numbers).ToHashSet();
            Assert.Empty(acknowledged.Except(stored));
            Assert.Equal(stored.Count, ledgers.Sum(static ledger => ledger.Edits.Value));
            foreach (var ledger in ledgers)
                Assert.Equal(ledger.Numbers, ledger.Journal.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static word => long.Parse(word, CultureInfo.InvariantCulture)).Order());
            Assert.Empty((await db.VerifyAsync()).Faults);
            await LogChain.AssertValidAsync(db);

            // And it goes on.
            var number = round * 1_000_000 + 999_999;
            await db.Documents<Ledger>().EditAsync(DocumentId.Named("ledger-0"), ledger =>
            {
                ledger.Edits.Add(1);
                ledger.Numbers.Add(number);
                ledger.Journal.Append($"{number} ");
            });
            acknowledged.Add(number);
            if (isLast()) break;
        }
        return acknowledged.Count;
    }

    [Fact]
    public async Task Second_process_may_look_into_a_file_in_use_and_is_refused_to_write_until_the_first_ends()
    {
        using var folder = new TempFolder();
        var path = folder["crash.db"];
        await using var db = new EdgeDatabase(new() { Path = path });
        using (var writer = ChildProcess.Start(ChildProcess.Built("CrashWriter"), folder.Path, path, "0"))
        {
            await writer.ReadLineAsync();
            var error = await Assert.ThrowsAsync<EdgeStorageException>(() => db.EnsureOpenAsync());
            Assert.Equal(EdgeErrorCode.StorageLocked, error.Code);
            Assert.Contains("Close the other one", error.Message, StringComparison.Ordinal);
            // Who only looks may do so.
            Assert.Empty((await EdgeDatabase.VerifyAsync(path)).Faults);
            Assert.True(FileInspector.Inspect(path).ChangeCount > 0);
            await writer.KillAsync();
        }
        Assert.True(await db.Documents<Ledger>().AnyAsync());
    }
}
