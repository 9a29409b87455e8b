using System.Text;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Purging;

/// <summary>A document of which a section is absent is not shown and not edited; it is whole again, and the same, once the last section is back.</summary>
public class HoleTests
{
    private static readonly DocumentKey s_ada = new("job", DocumentId.Named("ada"));
    private static readonly DocumentKey s_other = new("job", DocumentId.Named("other"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evicted_document_is_not_shown_until_its_sections_are_back()
    {
        using var folder = new TempFolder();
        await using var keeper = await EdgeDatabase.OpenAsync(folder["keeper.db"], Token);
        await using var device = await EdgeDatabase.OpenAsync(folder["device.db"], Token);
        await FillAsync(keeper);
        await Exchange.MergeAsync(keeper, device);
        var hash = await keeper.GetStateHashAsync(Token);
        Assert.True(await OnWriterAsync(device, static replica => replica.Evict(s_ada)));

        Assert.Null(await device.Documents<Job>().FindAsync(s_ada.Id, Token));
        Assert.Equal(s_other.Id, (await device.Documents<Job>().ToListAsync(Token)).Single().Id);
        var error = await Assert.ThrowsAsync<EdgeDocumentException>(() => device.Documents<Job>().EditAsync(s_ada.Id, static job => job.Done = true, Token));
        Assert.Equal((EdgeErrorCode.DocumentIncomplete, s_ada.Id), (error.Code, error.DocumentId));
        Assert.Equal(EdgeErrorCode.DocumentIncomplete, (await Assert.ThrowsAsync<EdgeDocumentException>(async () => await device.At(await device.GetVersionAsync(Token)).FindAsync<Job>(s_ada.Id, Token))).Code);
        var storage = await device.GetStorageAsync(Token);
        Assert.Equal((0, 1, 30), (storage.PurgedCount, storage.IncompleteCount, storage.HoleCount));
        await AssertSoundAsync(device, incomplete: 1);
        await device.RepairAsync(Token);
        await AssertSoundAsync(device, incomplete: 1);

        // What comes for it meanwhile is kept whole, and it is no source of what it lacks.
        await keeper.Documents<Job>().EditAsync(s_ada.Id, static job => job.Title = "later", Token);
        await Exchange.PushAsync(keeper, device);
        Assert.Null(await device.Documents<Job>().FindAsync(s_ada.Id, Token));
        var wanted = await OnWriterAsync(device, static replica => replica.ReadAbsent(s_ada));
        Assert.Equal(30, wanted.Count);
        Assert.All(await OnWriterAsync(device, replica => replica.ReadSections(wanted, int.MaxValue)), static section => Assert.True(section.Bytes.IsEmpty));

        var sections = await OnWriterAsync(keeper, replica => replica.ReadSections(wanted, int.MaxValue));
        Assert.Equal(29, await OnWriterAsync(device, replica => replica.Fill(sections.Skip(1)).TakenCount));
        Assert.Null(await device.Documents<Job>().FindAsync(s_ada.Id, Token));
        await AssertSoundAsync(device, incomplete: 1);
        Assert.Equal(1, await OnWriterAsync(device, replica => replica.Fill(sections).TakenCount));
        Assert.Equal("later", (await device.Documents<Job>().FindAsync(s_ada.Id, Token))!.Title);
        Assert.Equal(2, (await device.Documents<Job>().ToListAsync(Token)).Count);
        Assert.NotEqual(hash, await device.GetStateHashAsync(Token));
        Assert.Equal(await keeper.GetStateHashAsync(Token), await device.GetStateHashAsync(Token));
        await AssertSoundAsync(device, incomplete: 0);
        await device.Documents<Job>().EditAsync(s_ada.Id, static job => job.Done = true, Token);
        await Exchange.MergeAsync(keeper, device);
    }

    [Fact]
    public void Sections_with_other_bytes_or_names_change_nothing()
    {
        var (author, device) = (Changes.NewReplica(1), Changes.NewReplica(2));
        Fill(author, 10);
        Changes.Push(author, device);
        device.Begin();
        device.Evict(s_ada);
        device.Commit();
        var wanted = device.ReadAbsent(s_ada);
        var genuine = author.ReadSections(wanted, int.MaxValue);
        var before = Changes.All(device).Select(static change => Convert.ToHexString(change.Bytes.Span)).ToList();
        var altered = genuine[0].Bytes.ToArray();
        altered[^1] ^= 1;
        var foreign = author.ReadSections([new(wanted[0].Change, 1)], int.MaxValue)[0];
        device.Begin();
        var outcome = device.Fill([
            new(genuine[0].Name, altered), new(genuine[0].Name, default), new(genuine[0].Name, genuine[1].Bytes), new(genuine[0].Name, foreign.Bytes), foreign,
            new(new(new(new(new(9, 9), 1), wanted[0].Change.Id), 0), genuine[0].Bytes), new(new(default, 0), genuine[0].Bytes), new(genuine[0].Name with { Number = -1 }, genuine[0].Bytes), new(genuine[0].Name with { Number = int.MaxValue }, genuine[0].Bytes),
            new(new(new(new(wanted[0].Change.Last.Replica, 1UL << 40), wanted[0].Change.Id), 0), genuine[0].Bytes), new(genuine[0].Name with { Change = new(wanted[0].Change.Last, wanted[1].Change.Id) }, genuine[0].Bytes)]);
        Assert.Equal((0, genuine[0].Name), (outcome.TakenCount, outcome.FalseSection));
        device.Commit();
        Assert.Equal(before, Changes.All(device).Select(static change => Convert.ToHexString(change.Bytes.Span)));
        Assert.Equal(wanted, device.ReadAbsent(s_ada));
        // A false one before the genuine one does not keep that out.
        device.Begin();
        Assert.Equal(genuine.Count, device.Fill([new(genuine[0].Name, altered), .. genuine]).TakenCount);
        device.Commit();
        Assert.Equal(author.ComputeStateHash(), device.ComputeStateHash());
    }

    [Fact]
    public void Absent_form_that_names_another_document_or_hash_is_refused_by_the_seal()
    {
        var author = Changes.NewReplica(1);
        Fill(author, 3);
        author.Sync();
        // With all that each change follows beside it: a seal that does not fit is false then, and no question of names.
        var told = author.ReadChanges(new(new(), -1, int.MaxValue, Tells: true)).Changes.ConvertAll(static stored => stored.ToReceived());
        var without = told.ConvertAll(static change => change with { Bytes = Change.Parse(change.Bytes).Erase(static key => key == s_ada).Bytes });
        var body = Change.Parse(without[2].Bytes).Body.Length;
        var forged = 0;
        for (var at = without[2].Bytes.Length - body; at < without[2].Bytes.Length; at += 3)
        {
            var bytes = without[2].Bytes.ToArray();
            bytes[at] ^= 1;
            var victim = Changes.NewReplica(2);
            victim.Begin();
            var outcome = victim.Receive(new(), [without[0], without[1], without[2] with { Bytes = bytes }]);
            victim.Commit();
            Assert.NotNull(outcome.Refused);
            if (outcome.Refused.Code == EdgeErrorCode.InvalidSeal) forged++;
            Assert.Empty(Changes.All(victim));
        }
        Assert.True(forged > 20);
        var target = Changes.NewReplica(3);
        target.Begin();
        Assert.Null(target.Receive(new(), [.. without]).Refused);
        target.Commit();
        Assert.Equal(3, target.ReadAbsent(s_ada).Count);
        Assert.Equal([s_other], target.ReadDocuments().Where(document => target.ReadAbsent(document.Key).Count == 0).Select(static document => document.Key));
    }

    [Fact]
    public void Absent_section_that_no_purge_explains_is_a_hole_and_another_peer_fills_it()
    {
        var (author, next, keeper) = (Changes.NewReplica(1), Changes.NewReplica(2), Changes.NewReplica(3));
        Fill(author, 10);
        Changes.Push(author, keeper);
        author.Begin();
        author.Evict(s_ada);
        author.Commit();
        Changes.Push(author, next);
        Assert.Equal(author.ReadAbsent(s_ada), next.ReadAbsent(s_ada));
        Assert.Equal(next.Log.ToVersion(0).Fingerprint, keeper.Log.ToVersion(0).Fingerprint);
        next.Begin();
        Assert.Equal(10, next.Fill(keeper.ReadSections(next.ReadAbsent(s_ada), int.MaxValue)).TakenCount);
        next.Commit();
        Assert.Equal(keeper.ComputeStateHash(), next.ComputeStateHash());
        Assert.Empty(next.ReadAbsent(s_ada));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, 200)]
    public void Random_histories_of_edits_evictions_fills_and_purges_end_equal(int from, int to)
    {
        int evictions = 0, fills = 0, refused = 0;
        for (var seed = from; seed < to; seed++)
        {
            var random = new Random(seed);
            // The first keeps all; the others may evict, and exchange what they have.
            Replica[] replicas = [.. Enumerable.Range(0, 3).Select(i => Changes.NewReplica((seed * 10) + i))];
            var keys = Enumerable.Range(0, 4).Select(i => new DocumentKey("job", DocumentId.Named($"{i}"))).ToArray();
            var purged = new HashSet<DocumentKey>();
            for (var step = 0; step < 60; step++)
            {
                var replica = replicas[random.Next(replicas.Length)];
                var key = keys[random.Next(keys.Length)];
                // Some transactions hold several acts.
                replica.Begin();
                for (var acts = random.Next(1, 4); acts > 0; acts--)
                {
                    switch (random.Next(24))
                    {
                        case 0 when purged.Count < 2:
                            replica.Purge(key);
                            purged.Add(key);
                            break;
                        case < 5 when replica != replicas[0] && replica.Log.Held.ToSortedList().All(end => replicas[0].Log.Held.Contains(end)):
                            if (replica.Evict(key)) evictions++;
                            break;
                        case < 9:
                            fills += replica.Fill(replicas[random.Next(replicas.Length)].ReadSections(replica.ReadAbsent(key), random.Next(500))).TakenCount;
                            break;
                        default:
                            if (!TryEdit(replica, key.Id, random)) refused++;
                            break;
                    }
                }
                replica.Commit();
                var (source, target) = (replicas[random.Next(replicas.Length)], replicas[random.Next(replicas.Length)]);
                if (source != target && random.Next(2) == 0) Changes.Push(source, target);
            }
            foreach (var source in replicas)
                foreach (var target in replicas)
                    if (source != target) Changes.Push(source, target);
            try { AssertEqualOnceFilled(replicas, keys); }
            catch (Exception e) { throw new InvalidOperationException($"Seed {seed} failed.", e); }
        }
        Assert.True(evictions > 100 && fills > 100 && refused > 50, $"{evictions} evictions, {fills} sections filled, {refused} edits refused");
    }

    private static void AssertEqualOnceFilled(Replica[] replicas, DocumentKey[] keys)
    {
        foreach (var replica in replicas)
        {
            AssertStored(replica);
            replica.RebuildAll();
            AssertStored(replica);
        }
        foreach (var replica in replicas)
        {
            replica.Begin();
            foreach (var key in keys)
                replica.Fill(replicas.SelectMany(peer => peer.ReadSections(replica.ReadAbsent(key), int.MaxValue)));
            replica.Commit();
        }
        foreach (var replica in replicas)
        {
            Assert.All(keys, key => Assert.Empty(replica.ReadAbsent(key)));
            Assert.Equal(replicas[0].ComputeStateHash(), replica.ComputeStateHash());
            AssertStored(replica);
            Assert.Equal(Changes.All(replicas[0]).Select(Hex).Order(), Changes.All(replica).Select(Hex).Order());
        }

        static string Hex(Change change) => Convert.ToHexString(change.Bytes.Span);
    }

    private static void AssertStored(Replica replica)
    {
        var rebuilt = replica.Rebuild();
        Assert.Equal(rebuilt.Keys.Order(), replica.ReadDocuments().Select(static document => document.Key));
        foreach (var (key, state) in replica.ReadDocuments())
            Assert.Equal(DocumentCodec.Write(rebuilt[key]), state);
    }

    private static bool TryEdit(Replica replica, DocumentId id, Random random)
    {
        try
        {
            replica.Edit(draft =>
            {
                Changes.Attach<Job>(draft, DocumentId.Named($"{random.Next(4)}")).Minutes.Add(1);
                var job = Changes.Attach<Job>(draft, id);
                job.Title = $"{random.Next()}";
                job.Notes.Insert(random.Next(job.Notes.Length + 1), "note ");
                // An edit that fails is folded again without it, whatever else its transaction has done.
                if (random.Next(5) == 0) throw new InvalidOperationException("as the app says");
            });
            return true;
        }
        catch (EdgeDocumentException) { return false; }
        catch (InvalidOperationException) { return true; }
    }

    private static void Fill(Replica replica, int edits)
    {
        for (var i = 0; i < edits; i++)
        {
            replica.Begin();
            replica.Edit(draft =>
            {
                Changes.Attach<Job>(draft, s_ada.Id).Notes.Append($"note {i} ");
                Changes.Attach<Job>(draft, s_other.Id).Title = $"other {i}";
            });
            replica.Commit();
        }
    }

    private static async Task FillAsync(EdgeDatabase db)
    {
        for (var i = 0; i < 30; i++)
        {
            await db.EditAsync(change =>
            {
                change.Document<Job>(s_ada.Id).Notes.Append($"note {i} ");
                change.Document<Job>(s_other.Id).Title = $"other {i}";
            }, Token);
        }
    }

    private static async Task AssertSoundAsync(EdgeDatabase db, long incomplete)
    {
        var report = await db.VerifyAsync(cancellationToken: Token);
        Assert.Empty(report.Faults);
        Assert.Equal(incomplete, report.IncompleteCount);
    }

    private static async Task<T> OnWriterAsync<T>(EdgeDatabase db, Func<Replica, T> work) => await (await db.OpenedAsync(Token)).Writer.RunAsync(work, Token);
}
