using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Projections;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Forgetting;
using Edge.Sync.Tests.Log;
using Microsoft.Extensions.Time.Testing;
using static Edge.Sync.Tests.Rejecting.Judging;

namespace Edge.Sync.Tests.Pasts;

/// <summary>Sections that name what their change does not follow: void wherever they are met, and however late they can be read.</summary>
public class VoidSectionTests
{
    private static readonly DocumentId s_id = DocumentId.Named("pump-7");
    private static readonly DocumentKey s_key = new("job", s_id);

    private readonly Replica _author = Changes.NewReplica(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Value_whose_author_says_not_to_have_seen_what_it_replaces_has_no_effect_whatever_came_first()
    {
        Edit<Job>(_author, s_id, static job => job.Title = "first");
        Edit<Job>(_author, s_id, static job => job.Title = "second");
        var changes = Changes.All(_author);
        var forged = ForgedHeads.Edit<Job>(_author, 9, s_id, static job => job.Title = "forged", changes[0].Header.Last)!;
        var replicas = new List<Replica>();
        foreach (var order in (Change[][])[[changes[0], forged, changes[1]], [changes[0], changes[1], forged]])
        {
            var replica = Take(order);
            Assert.Equal("second", Read(replica).Title);
            Assert.Equal(1, replica.VoidCount);
            Assert.Equal([0], Changes.All(replica).Single(change => change.Header.Replica == forged.Header.Replica).Ruling!.VoidSections!);
            AssertRebuilt(replica);
            replicas.Add(replica);
        }
        AssertSame(replicas[0], replicas[1]);
        // The same with a header that says so.
        var honest = ForgedHeads.Edit<Job>(_author, 9, s_id, static job => job.Title = "honest", changes[1].Header.Last)!;
        Assert.Equal("honest", Read(Take([.. changes, honest])).Title);
    }

    [Fact]
    public void Other_sections_of_the_change_stand_and_what_follows_it_does()
    {
        Edit<Job>(_author, s_id, static job => job.Title = "first");
        var other = DocumentId.Named("other");
        var (feed, first) = (new ReplicaId(7, 7), new Dot(new(7, 7), 1));
        var title = _author.Rebuild()[s_key].Fields.Single().Key.Id;
        var forged = Changes.Craft(feed, 1, 3, null, 1,
            HostileSection.Write(s_key, first, (title, new RegisterDelta(first, new([0xA1, (byte)'x']), [new(_author.Log.Self, 1)]))),
            HostileSection.Write(new("job", other), first, (title, new RegisterDelta(new(feed, 2), new([0xA1, (byte)'y']), [])), (0u, ExistenceDelta.Touch(new(feed, 3), []))));
        var next = Changes.Craft(feed, 4, 1, null, 2, HostileSection.Write(new("job", other), new(feed, 4), (title, new RegisterDelta(new(feed, 4), new([0xA1, (byte)'z']), [new(feed, 2)]))));
        var replica = Take([.. Changes.All(_author), forged, next]);
        Assert.Equal("first", Read(replica).Title);
        Assert.Equal("z", Read(replica, other).Title);
        Assert.Equal(1, replica.VoidCount);
    }

    [Fact]
    public void Operation_that_comes_later_in_the_same_change_is_not_in_the_past_and_one_before_is()
    {
        var (feed, first) = (new ReplicaId(7, 7), new Dot(new(7, 7), 1));
        Change Craft(ulong replaced) => Changes.Craft(feed, 1, 3, null, 1, HostileSection.Write(s_key, first,
            (5u, new RegisterDelta(first, new([1]), [])), (5u, new RegisterDelta(new(feed, 2), new([2]), [new(feed, replaced)])), (5u, new RegisterDelta(new(feed, 3), new([3]), []))));
        Assert.Equal(0, Take([Craft(1)]).VoidCount);
        Assert.Equal(1, Take([Craft(3)]).VoidCount);
    }

    [Fact]
    public void Section_that_is_brought_back_later_is_judged_then()
    {
        Edit<Job>(_author, s_id, static job => job.Title = "first");
        Edit<Job>(_author, s_id, static job => job.Title = "second");
        var changes = Changes.All(_author);
        var forged = ForgedHeads.Edit<Job>(_author, 9, s_id, static job => job.Title = "forged", changes[0].Header.Last)!;
        var whole = Take([changes[0], changes[1], forged]);
        var hollow = Take([changes[0], forged.Erase(static _ => true), changes[1]]);
        Assert.NotEmpty(hollow.Store.ReadHoles(s_key));
        hollow.Begin();
        hollow.Fill([new(hollow.ReadAbsent(s_key).Single(), ChangeCodec.ReadSections(forged.Body).Single())]);
        hollow.Commit();
        Assert.Empty(hollow.Store.ReadHoles(s_key));
        Assert.Equal("second", Read(hollow).Title);
        AssertSame(whole, hollow);
    }

    [Fact]
    public void Encrypted_section_is_judged_when_its_key_comes()
    {
        var ada = DocumentId.Named("ada");
        Edit<Patient>(_author, ada, static patient => patient.Name = "first");
        Edit<Patient>(_author, ada, static patient => patient.Name = "second");
        var stored = _author.Store.ReadChanges(0, int.MaxValue);
        var thief = Changes.NewReplica(9);
        thief.Begin();
        foreach (var key in _author.Keys.FindAll(stored)) thief.Keys.Take(key);
        foreach (var change in stored) thief.Apply(change.Bytes);
        thief.Commit();
        Edit<Patient>(thief, ada, static patient => patient.Name = "forged");
        var seen = thief.Store.ReadChanges(0, int.MaxValue);
        var written = Change.ParseStored(seen[^1].Bytes);
        var forged = Change.Create(written.Written with { Dependencies = [stored[0].Last] }, written.Body.Span);
        var replicas = new List<Replica>();
        foreach (var late in (bool[])[false, true])
        {
            var replica = Changes.NewReplica(late ? 20 : 21);
            if (!late) TakeKeys(replica);
            Take(replica, [Change.ParseStored(stored[0].Bytes), forged, Change.ParseStored(stored[1].Bytes)]);
            Assert.Equal(late ? 0 : 1, replica.VoidCount);
            if (late) TakeKeys(replica);
            Assert.Equal("second", Read<Patient>(replica, ada).Name);
            replicas.Add(replica);
        }
        AssertSame(replicas[0], replicas[1]);
        Assert.Equal([0], Changes.All(replicas[1]).Single(change => change.Header.Replica == forged.Header.Replica).Ruling!.VoidSections!);

        void TakeKeys(Replica replica)
        {
            replica.Begin();
            if (replica.Log.Held.Count > 0) replica.TakeKeys(new(), [.. thief.Keys.FindAll(seen)]);
            else foreach (var key in thief.Keys.FindAll(seen)) replica.Keys.Take(key);
            replica.Commit();
        }
    }

    /// <summary>Who knows of the fork could find what the name means; who does not know of it yet, could not.</summary>
    [Fact]
    public void Name_of_a_branch_is_none_to_an_author_who_had_seen_no_other_one()
    {
        Edit<Job>(_author, s_id, static job => job.Title = "common");
        _author.Sync();
        var copy = new Replica(((MemoryStore)_author.Store).Copy(), new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), new SeededRandom(2), TimeSpan.FromMinutes(5), TestKeys.Public);
        var original = Edit<Job>(_author, s_id, static job => job.Title = "original");
        Edit<Job>(copy, s_id, static job => job.Title = "copy");
        var branch = FeedTree.NameOf(Changes.Database, original);
        var title = _author.Rebuild()[s_key].Fields.Single().Key.Id;
        var last = Changes.All(_author)[^1].Written.Last;
        var (feed, first) = (new ReplicaId(7, 7), new Dot(new(7, 7), 1));
        // It follows the original's branch, and calls it by the name that it has for those who know both.
        var forged = Changes.Craft(feed, 1, 1, [last], 1, HostileSection.Write(s_key, first, (title, new RegisterDelta(first, new([0xA1, (byte)'x']), [new(branch, last.Counter - 1)]))));
        ChangeId[] told = [default, original];
        var (knows, learns) = (Changes.NewReplica(30), Changes.NewReplica(31));
        Give(_author, knows);
        Give(copy, knows);
        Give(_author, learns);
        foreach (var replica in (Replica[])[knows, learns])
        {
            replica.Begin();
            Assert.Equal(AdmissionVerdict.Accepted, replica.Apply(forged.Bytes, default, told));
            replica.Commit();
            Assert.Equal(1, replica.VoidCount);
        }
        Give(copy, learns);
        Assert.Contains(Changes.All(learns), change => change.Header.Replica == branch);
        AssertSame(knows, learns);

        static void Give(Replica source, Replica target)
        {
            target.Begin();
            foreach (var stored in source.ReadAllTold()) target.Apply(Change.BytesOf(stored.Bytes), default, ChangeId.ReadAll(stored.Past.Span));
            target.Commit();
        }
    }

    [Fact]
    public async Task File_counts_and_shows_what_is_void_and_finds_where_it_is_not_kept_so()
    {
        Edit<Job>(_author, s_id, static job => job.Title = "first");
        Edit<Job>(_author, s_id, static job => job.Title = "second");
        var changes = Changes.All(_author);
        var forged = ForgedHeads.Edit<Job>(_author, 9, s_id, static job => job.Title = "forged", changes[0].Header.Last)!;
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], Name = "tests" }, Token))
        {
            await db.Documents<Job>().CountAsync(Token);
            await (await db.OpenedAsync(default)).Writer.RunAloneAsync(replica => Take(replica, [changes[0], forged, changes[1]]));
        }
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], Name = "tests" }, Token))
        {
            Assert.Equal("second", (await db.Documents<Job>().FindAsync(s_id, Token))!.Title);
            Assert.Equal("second", (await db.Documents<Job>().Where(static job => job.Title != "").ToListAsync(Token)).Single().Title);
            var report = await db.VerifyAsync();
            Assert.True(report.IsSound, string.Join("; ", report.Faults));
            Assert.Equal(1, report.VoidCount);
            Assert.Equal([false, true, false], await db.History<Job>(s_id).Select(static entry => entry.Documents.Single().IsVoid).ToListAsync(Token));
            // A file in which the verdict is not kept folds to something else.
            await (await db.OpenedAsync(default)).Writer.RunAloneAsync(static replica =>
            {
                replica.Begin();
                replica.Store.ReplaceChanges([.. replica.Store.ReadChanges(0, int.MaxValue).Select(static stored => stored with { Bytes = Change.BytesOf(stored.Bytes) })]);
                replica.Commit();
                return true;
            });
            report = await db.VerifyAsync();
            Assert.Contains(report.Faults, static fault => fault.ToString().Contains("name what it does not follow", StringComparison.Ordinal));
            // Folding again judges again.
            await (await db.OpenedAsync(default)).Writer.RunAloneAsync(static replica => { replica.RebuildAll(); return true; });
            Assert.True((await db.VerifyAsync()).IsSound);
        }
    }

    private static Replica Take(IEnumerable<Change> changes)
    {
        var replica = Changes.NewReplica(40);
        Take(replica, changes);
        return replica;
    }

    private static bool Take(Replica replica, IEnumerable<Change> changes)
    {
        replica.Begin();
        foreach (var change in changes) Assert.Equal(AdmissionVerdict.Accepted, replica.Apply(change.Bytes));
        replica.Commit();
        return true;
    }

    private static Job Read(Replica replica, DocumentId? id = null) => Read<Job>(replica, id ?? s_id);
}
