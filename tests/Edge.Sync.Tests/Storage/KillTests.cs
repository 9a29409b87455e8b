using System.Globalization;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage;

public class KillTests
{
    [Fact]
    public async Task Killed_writer_loses_nothing_that_it_acknowledged()
    {
        using var folder = new TempFolder();
        var path = folder["crash.db"];
        var random = new Random(7);
        var acknowledged = new HashSet<long>();
        for (var round = 0; round < 10; round++)
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
            await Rebuilding.AssertEqualAsync(db);
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
        }
        Assert.True(acknowledged.Count > 500);
    }

    [Fact]
    public async Task File_that_another_process_has_open_is_locked_until_that_ends()
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
            await writer.KillAsync();
        }
        Assert.True(await db.Documents<Ledger>().AnyAsync());
    }
}
