using Edge.Sync.Log;
using Edge.Sync.Storage;
using Edge.Sync.Storage.Segments;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Telemetry;
using Edge.Sync.Trust;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Storage.Segments;

public class PackingTests
{
    private const int Documents = 40;

    [Fact]
    public async Task Packed_log_reads_as_before_and_all_that_follows_from_it_is_sound()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder, 3 * LogSegment.ChangesMax + 200);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var before = await Exchange.ReadAllAsync(db);
        var hash = await db.GetStateHashAsync();
        var middle = (await db.GetVersionAsync());
        Assert.Equal(2 * LogSegment.ChangesMax, await db.PackAsync());
        Assert.Equal(0, await db.PackAsync());

        await AssertSameAsync(db, before);
        Assert.Empty((await db.VerifyAsync()).Faults);
        await LogChain.AssertValidAsync(db);
        Assert.Equal(hash, await db.GetStateHashAsync());
        var storage = await db.GetStorageAsync();
        Assert.Equal((before.Count, 2 * LogSegment.ChangesMax), (storage.ChangeCount, storage.PackedCount));
        Assert.NotNull(await db.At(middle).FindAsync<Job>(DocumentId.Named("1")));
        Assert.Equal(before.Count, await db.ExportAsync(Stream.Null));

        await db.RepairAsync(); // folds it anew
        await db.Documents<Job>().EditAsync(DocumentId.Named("1"), static job => job.Minutes.Add(1));
        Assert.Empty((await db.VerifyAsync()).Faults);
        Assert.NotEqual(hash, await db.GetStateHashAsync());
    }

    [Fact]
    public async Task Packed_file_goes_on_after_it_was_opened_anew_and_its_index_made_again()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder, 2 * LogSegment.ChangesMax + 200);
        List<StoredChange> before;
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            before = await Exchange.ReadAllAsync(db);
            Assert.Equal(LogSegment.ChangesMax, await db.PackAsync());
        }
        Assert.True((await EdgeDatabase.VerifyAsync(folder["a.db"])).IsSound);
        Assert.Equal(before.Count, FileInspector.Inspect(folder["a.db"]).ChangeCount);
        Assert.Equal(before.Select(static stored => stored.Sequence), FileInspector.ReadLog(folder["a.db"], null, long.MaxValue).Select(static change => change.Sequence));
        PlainSql.Execute(folder["a.db"], "UPDATE edge_meta SET value = 0 WHERE key = 'layout'");
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await db.Documents<Job>().EditAsync(DocumentId.Named("1"), static job => job.Minutes.Add(1));
            await AssertSameAsync(db, before);
            Assert.Empty((await db.VerifyAsync()).Faults);
        }
        await using var again = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await LogChain.AssertValidAsync(again);
    }

    [Fact]
    public async Task Log_that_has_grown_is_packed_by_itself_while_no_edit_waits()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = clock });
        await FillAsync(db, EdgeDatabase.PackDue - 1);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.True(db.Packing.IsCompleted);
        await FillAsync(db, 1);
        Assert.False(db.Packing.IsCompleted);
        Assert.Equal(0, (await db.GetStorageAsync()).PackedCount); // it waits for the edits to end

        clock.Advance(TimeSpan.FromSeconds(1));
        await db.Packing;
        var packed = (await db.GetStorageAsync()).PackedCount;
        Assert.InRange(packed, EdgeDatabase.PackDue - 2 * LogSegment.ChangesMax, EdgeDatabase.PackDue - LogSegment.ChangesMax);
        Assert.Empty((await db.VerifyAsync()).Faults);

        // Not again for each edit, and not while the database is being closed.
        await FillAsync(db, 1);
        Assert.True(db.Packing.IsCompleted);
        await FillAsync(db, EdgeDatabase.PackDue);
        Assert.False(db.Packing.IsCompleted);
        await db.DisposeAsync();
        Assert.True(db.Packing.IsCompletedSuccessfully);
        Assert.True((await EdgeDatabase.VerifyAsync(folder["a.db"])).IsSound);
    }

    [Fact]
    public async Task Log_is_not_packed_by_itself_where_that_is_not_wanted()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], PacksByItself = false });
        await FillAsync(db, EdgeDatabase.PackDue);
        Assert.True(db.Packing.IsCompleted);
        Assert.Equal(EdgeDatabase.PackDue - LogSegment.ChangesMax, await db.PackAsync());
    }

    [Fact]
    public async Task Packing_by_itself_that_fails_is_told_in_the_log_and_tried_again()
    {
        using var folder = new TempFolder();
        var clock = new FakeTimeProvider();
        using var logged = new LogEntries();
        var key = new FailingKey();
        await using var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], TimeProvider = clock, DeviceKey = key, LoggerFactory = logged });
        await FillAsync(db, EdgeDatabase.PackDue);
        clock.Advance(TimeSpan.FromSeconds(1));
        await db.Packing;
        Assert.Contains(logged.Written, static entry => entry.Level == LogLevel.Warning && entry.Text.Contains("no such key", StringComparison.Ordinal));
        Assert.Equal(0, (await db.GetStorageAsync()).PackedCount);
        key.Works = true;
        await FillAsync(db, 1);
        clock.Advance(TimeSpan.FromSeconds(1));
        await db.Packing;
        Assert.True((await db.GetStorageAsync()).PackedCount > 0);
    }

    [Fact]
    public async Task Peer_gets_a_packed_log_whole_and_a_backup_of_it_is_sound()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder, 2 * LogSegment.ChangesMax + 200);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.PackAsync();
        await using var peer = await EdgeDatabase.OpenAsync(folder["peer.db"]);
        await Exchange.PushAsync(db, peer);
        Assert.Equal(await db.GetStateHashAsync(), await peer.GetStateHashAsync());
        await db.BackupAsync(folder["backup.db"]);
        await using var backup = await EdgeDatabase.OpenAsync(folder["backup.db"]);
        Assert.Equal(await db.GetStateHashAsync(), await backup.GetStateHashAsync());
        Assert.Empty((await backup.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task Readers_of_documents_open_no_segment()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder, 2 * LogSegment.ChangesMax + 200);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.PackAsync();
        var packed = (long)PlainSql.Scalar(folder["a.db"], "SELECT max(last) FROM edge_segments")!;
        using var connection = PlainSql.Open(folder["a.db"]);
        using var tails = new SqliteStatement(connection, "SELECT tail FROM edge_documents");
        while (tails.Step())
            Assert.All(SequenceRun.Read(tails.Blob(0)), sequence => Assert.True(sequence > packed));
    }

    [Fact]
    public async Task Damaged_segment_is_found_and_all_that_does_not_follow_it_is_saved()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder, 3 * LogSegment.ChangesMax + 200);
        List<StoredChange> all;
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await db.PackAsync();
            all = await Exchange.ReadAllAsync(db);
        }
        PlainSql.Execute(folder["a.db"], "UPDATE edge_segments SET bytes = CAST(substr(bytes, 1, length(bytes) / 2) || x'55' || substr(bytes, length(bytes) / 2 + 2) AS BLOB) WHERE first > 1");
        var report = await EdgeDatabase.VerifyAsync(folder["a.db"]);
        Assert.Contains(report.Faults, static fault => fault.Subject == VerificationSubject.Log);
        var repair = await EdgeDatabase.RepairAsync(folder["a.db"]);
        // Free pages may still have some of the rows that were packed.
        Assert.InRange(repair.SavedCount, LogSegment.ChangesMax, 2 * LogSegment.ChangesMax - 1);
        Assert.InRange(repair.SavedCount + repair.StrandedCount, all.Count - LogSegment.ChangesMax, all.Count - 1);
        Assert.True((await EdgeDatabase.VerifyAsync(folder["a.db"])).IsSound);
    }

    [Fact]
    public async Task Packed_changes_are_saved_from_pages_that_sqlite_cannot_read()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder, 2 * LogSegment.ChangesMax + 200);
        int count;
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await db.PackAsync();
            count = (await Exchange.ReadAllAsync(db)).Count;
        }
        FileInspector.Pack(folder["a.db"]); // no old rows in free pages
        using (var file = File.OpenWrite(folder["a.db"]))
            file.Write(new byte[100]); // without its header it is no database
        Assert.Equal(count, (await EdgeDatabase.RepairAsync(folder["a.db"])).SavedCount);
    }

    [Fact]
    public async Task Header_and_framing_of_a_packed_change_take_less_than_24_bytes()
    {
        using var folder = new TempFolder();
        await MakeAsync(folder, 2 * LogSegment.ChangesMax + 200);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.PackAsync();
        var store = (SqliteStore)(await db.OpenedAsync(default)).Replica.Store;
        using var reader = new LogReader(store.Connection);
        var segment = reader.SegmentOf(1)!;
        var raw = segment.Changes.Sum(static stored => Change.Parse(stored.Bytes).HeaderBytes.Length);
        // With the page that a segment leaves unused in the worst case, and the links of the others.
        var framing = segment.ColumnBytes + SqliteSchema.PageBytes + segment.ColumnBytes / 500 * 4;
        TestContext.Current.TestOutputHelper?.WriteLine($"{framing / (double)segment.Changes.Count:N1} bytes a change, headers alone were {raw / (double)segment.Changes.Count:N1}");
        Assert.InRange(framing / (double)segment.Changes.Count, 0, 24);
    }

    [Fact]
    public async Task What_is_not_synced_or_among_the_newest_is_not_packed()
    {
        using var folder = new TempFolder();
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        var opened = await db.OpenedAsync(default);
        await FillAsync(db, 2 * LogSegment.ChangesMax + 200);
        Assert.Equal(0, await opened.Writer.RunAloneAsync(static replica => replica.Pack(LogSegment.ChangesMax))); // nothing has been sealed
        Assert.Equal(LogSegment.ChangesMax, await db.PackAsync());
        Assert.Equal(LogSegment.ChangesMax + 1L, PlainSql.Scalar(folder["a.db"], "SELECT min(sequence) FROM edge_changes"));
    }

    private static async Task AssertSameAsync(EdgeDatabase db, List<StoredChange> expected)
    {
        var actual = await Exchange.ReadAllAsync(db);
        Assert.Equal(expected.Select(static stored => (stored.Sequence, stored.Last, stored.Id)), actual.Take(expected.Count).Select(static stored => (stored.Sequence, stored.Last, stored.Id)));
        Assert.True(expected.Zip(actual).All(static pair => pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span)));
        var store = (await db.OpenedAsync(default)).Replica.Store;
        foreach (var stored in expected.Where(static stored => stored.Sequence % 37 == 0))
        {
            Assert.True(store.TryGetChangeId(stored.Last, out var id));
            Assert.Equal(stored.Id, id);
            Assert.Equal(stored.Sequence, store.FirstSequenceAfter(stored.Last.Replica, stored.Last.Counter - 1));
        }
    }

    /// <summary>A file with so many changes, of itself and of a peer in turns.</summary>
    private static async Task MakeAsync(TempFolder folder, int changes)
    {
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var peer = await EdgeDatabase.OpenAsync(folder["b.db"]);
        for (var part = 0; part < 4; part++)
        {
            await FillAsync(part % 2 == 0 ? db : peer, changes / 4);
            await Exchange.PushAsync(peer, db);
            await Exchange.PushAsync(db, peer);
        }
    }

    private static async Task FillAsync(EdgeDatabase db, int changes)
    {
        await Task.WhenAll(Enumerable.Range(0, changes).Select(i => db.Documents<Job>().EditAsync(DocumentId.Named($"{i % Documents}"), i, static (job, i) =>
        {
            job.Minutes.Add(i);
            if (i % 5 == 0) job.Title = $"title {i}";
        })));
    }

    private sealed class FailingKey : DeviceKey
    {
        private readonly SoftwareKey _key = SoftwareKey.Create();

        public bool Works { get; set; }

        public override ReadOnlyMemory<byte> PublicKey => _key.PublicKey;

        public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken = default) =>
            Works ? _key.SignAsync(digest, cancellationToken) : throw new NotSupportedException("no such key");
    }
}
