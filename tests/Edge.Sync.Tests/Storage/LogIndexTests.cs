using Edge.Sync.Log;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Log;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Storage;

/// <summary>The index of the log lags behind: what it lacks is read from the log's own rows.</summary>
public class LogIndexTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public void Lookups_agree_with_a_scan_wherever_the_index_ends_and_after_a_crash_at_that_point()
    {
        using var folder = new TempFolder();
        var random = new SeededRandom(1);
        using var store = SqliteStore.Open(folder["a.db"], "tests", random);
        var replica = NewReplica(store, random);
        var others = new[] { Changes.NewReplica(2), Changes.NewReplica(3), Changes.NewReplica(4) };
        var shape = new Random(1);
        for (int round = 0, crashes = 0; store.LastSequence < 2 * SqliteStore.RecentMax + 100; round++)
        {
            var author = others[shape.Next(others.Length)];
            Changes.Edit(author, s_pump, static job => job.Minutes.Add(1));
            if (round % 3 == 0) Changes.Edit(replica, s_pump, static job => job.Notes.Append("many"));
            if (round % 7 == 0) Changes.Push(author, replica);
            if (store.LastSequence < crashes * 400) continue;
            AssertFindsAll(store, shape);
            CopyOpenFile(folder, $"crash {crashes}.db");
            using var crashed = SqliteStore.Open(folder[$"crash {crashes}.db"], "tests", random);
            var again = NewReplica(crashed, random);
            Assert.Equal(replica.Log.ToVersion(0).Fingerprint, again.Log.ToVersion(0).Fingerprint);
            Assert.Equal(replica.Log.Heads, again.Log.Heads);
            AssertFindsAll(crashed, shape);
            crashes++;
        }
        Assert.True((long)PlainSql.Scalar(folder["a.db"], $"SELECT {FeedEnds.IndexedSql}")! >= 2 * SqliteStore.RecentMax);
    }

    [Fact]
    public async Task Index_that_another_version_has_left_is_made_again()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["a.db"]);
        PlainSql.Execute(folder["a.db"], "DROP TABLE edge_positions; DELETE FROM edge_meta WHERE key = 'indexed'; UPDATE edge_meta SET value = 1 WHERE key = 'layout'; CREATE UNIQUE INDEX edge_changes_by_feed ON edge_changes (feed, last)");
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().EditAsync(s_pump, static job => job.Minutes.Add(1));
        Assert.Empty((await db.VerifyAsync()).Faults);
        await LogChain.AssertValidAsync(db);
    }

    [Fact]
    public async Task Commit_of_an_edit_writes_three_pages()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        for (var i = 0; i < 100; i++)
            await db.Documents<Job>().EditAsync(DocumentId.Named($"{i}"), static job => job.Title = "a title of some length, so that there are a few pages");
        var store = (SqliteStore)(await db.OpenedAsync(default)).Replica.Store;
        var least = int.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = PagesWritten(store);
            await db.Documents<Job>().EditAsync(DocumentId.Named($"{i * 5}"), static job => job.Minutes.Add(1));
            least = Math.Min(least, PagesWritten(store) - before);
        }
        // The log, the document, its row of SQL.
        Assert.Equal(3, least);
    }

    private static int PagesWritten(SqliteStore store)
    {
        SQLitePCL.raw.sqlite3_db_status(store.Connection.Handle, 9, out var written, out _, 0);
        return written;
    }

    private static Replica NewReplica(SqliteStore store, EdgeRandom random) =>
        new(store, new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), random, TimeSpan.FromMinutes(5), TestKeys.Public);

    private static void AssertFindsAll(SqliteStore store, Random shape)
    {
        var all = store.ReadChanges(0, int.MaxValue);
        var ends = all.ToDictionary(static stored => stored.Last);
        foreach (var stored in all.Where(_ => shape.Next(8) == 0))
        {
            Assert.True(store.TryGetChangeId(stored.Last, out var id));
            Assert.Equal(stored.Id, id);
            var counter = stored.Last.Counter - 1;
            Assert.Equal(ends.ContainsKey(new(stored.Last.Replica, counter)), counter > 0 && store.TryGetChangeId(new(stored.Last.Replica, counter), out _));
            Assert.Equal(stored.Sequence, store.FirstSequenceAfter(stored.Last.Replica, counter));
            Assert.Equal(all.FirstOrDefault(other => other.Last.Replica == stored.Last.Replica && other.Sequence > stored.Sequence) is { Sequence: > 0 } next ? next.Sequence : long.MaxValue,
                store.FirstSequenceAfter(stored.Last.Replica, stored.Last.Counter));
            Assert.True(store.TryGetOwner(stored.Last.Replica, out var owner));
            Assert.Equal(TestKeys.Public, owner);
        }
    }

    private static void CopyOpenFile(TempFolder folder, string name)
    {
        File.Copy(folder["a.db"], folder[name]);
        File.Copy(folder["a.db-wal"], folder[name + "-wal"]);
    }
}
