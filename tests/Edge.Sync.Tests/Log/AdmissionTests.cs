using Edge.Sync.Log;
using Edge.Sync.Trust;

namespace Edge.Sync.Tests.Log;

public class AdmissionTests
{
    private static readonly ReplicaId s_alice = new(1, 0);
    private static readonly ReplicaId s_bob = new(2, 0);

    [Fact]
    public void Changes_are_taken_in_causal_order_only()
    {
        var log = NewLog();
        Assert.Equal(AdmissionVerdict.Early, log.Admit(Changes.Craft(s_alice, 2)).Verdict);
        log.Take(Changes.Craft(s_alice, 1));
        Assert.Equal(AdmissionVerdict.Early, log.Admit(Changes.Craft(s_alice, 2, dependencies: [new(s_bob, 1)])).Verdict);
        log.Take(Changes.Craft(s_bob, 1));
        log.Take(Changes.Craft(s_alice, 2, dependencies: [new(s_bob, 1)]));
        Assert.Equal(AdmissionVerdict.Duplicate, log.Admit(Changes.Craft(s_alice, 1)).Verdict);
        Assert.Equal([new(s_alice, 2)], log.Log.Heads);
    }

    [Fact]
    public void Change_that_cuts_a_held_one_in_half_is_a_forked_feed()
    {
        var log = NewLog();
        log.Take(Changes.Craft(s_alice, 1, 5));
        var error = Assert.Throws<EdgeDataException>(() => log.Admit(Changes.Craft(s_alice, 3, 5)));
        Assert.Equal(EdgeErrorCode.ForkedFeed, error.Code);
        Assert.Equal(EdgeErrorCode.ForkedFeed, Assert.Throws<EdgeDataException>(() => log.Admit(Changes.Craft(s_alice, 1, 6))).Code);
        Assert.Equal(AdmissionVerdict.Accepted, log.Admit(Changes.Craft(s_alice, 6)).Verdict);
    }

    [Fact]
    public void Dependency_must_be_the_end_of_a_change()
    {
        var log = NewLog();
        log.Take(Changes.Craft(s_alice, 1, 5));
        var error = Assert.Throws<EdgeDataException>(() => log.Admit(Changes.Craft(s_bob, 1, dependencies: [new(s_alice, 4)])));
        Assert.Equal("header.dependencies", error.Field);
        log.Take(Changes.Craft(s_bob, 1, dependencies: [new(s_alice, 5)]));
    }

    [Fact]
    public void Dependency_may_be_an_older_change_and_its_successor_stays_a_head()
    {
        var log = NewLog();
        log.Take(Changes.Craft(s_alice, 1));
        log.Take(Changes.Craft(s_alice, 2));
        log.Take(Changes.Craft(s_bob, 1, dependencies: [new(s_alice, 1)]));
        Assert.Equal([new(s_alice, 2), new(s_bob, 1)], log.Log.Heads);
    }

    [Fact]
    public void Id_commits_to_the_database_the_feed_and_the_whole_past()
    {
        var change = Changes.Craft(s_bob, 2, dependencies: [new(s_alice, 1)]);
        var ids = new HashSet<ChangeId>();
        foreach (var (database, bobFirst, aliceFirst) in ((DatabaseId, ulong, ulong)[])[(Changes.Database, 1, 1), (DatabaseId.OfOpen("other"), 1, 1), (Changes.Database, 2, 1), (Changes.Database, 1, 2)])
        {
            var log = new TestLog(database);
            log.Take(Changes.Craft(s_bob, 1, time: bobFirst));
            log.Take(Changes.Craft(s_alice, 1, time: aliceFirst));
            Assert.True(ids.Add(log.Admit(change).Id));
        }
        Assert.Equal(4, ids.Count);
    }

    [Fact]
    public void Id_does_not_depend_on_the_order_of_arrival()
    {
        Change[] changes = [Changes.Craft(s_alice, 1), Changes.Craft(s_bob, 1), Changes.Craft(s_bob, 2, dependencies: [new(s_alice, 1)])];
        TestLog first = NewLog(), second = NewLog();
        foreach (var i in (int[])[0, 1, 2])
            first.Take(changes[i]);
        foreach (var i in (int[])[1, 0, 2])
            second.Take(changes[i]);
        Assert.Equal(first.Log.LastId(s_bob), second.Log.LastId(s_bob));
        Assert.Equal(first.Log.ToVersion(0).Fingerprint, second.Log.ToVersion(0).Fingerprint);
    }

    [Fact]
    public void Claim_of_another_branch_tells_nothing_of_what_its_giver_holds()
    {
        TestLog mine = NewLog(), same = NewLog(), other = NewLog();
        foreach (var log in (TestLog[])[mine, same])
            log.Take(Changes.Craft(s_alice, 1, 2));
        other.Take(Changes.Craft(s_alice, 1, 2, time: 7));
        Assert.Equal([new(s_alice, 2)], mine.Log.Resolve(same.Log.ToVersion(0).Ends));
        Assert.Empty(mine.Log.Resolve(other.Log.ToVersion(0).Ends));
        same.Take(Changes.Craft(s_alice, 3));
        Assert.Equal([new(s_alice, 3)], mine.Log.Resolve(same.Log.ToVersion(0).Ends)); // further than this log knows
        Assert.NotEqual(mine.Log.ToVersion(0).Fingerprint, other.Log.ToVersion(0).Fingerprint);
        // An end inside of a change that is held here.
        Assert.Empty(mine.Log.Resolve([new(new(s_alice, 1), default)]));
    }

    private static TestLog NewLog() => new(Changes.Database);

    /// <summary>A log with an index of all it took, as a store has one.</summary>
    private sealed class TestLog : IChangeIndex
    {
        private readonly Dictionary<Dot, ChangeId> _ids = [];

        public TestLog(DatabaseId database) => Log = new(database, new(9, 9), TestKeys.Public, this);

        public ChangeLog Log { get; }

        public Admission Admit(Change change) => Log.Admit(change);

        public void Take(Change change)
        {
            var admission = Log.Admit(change);
            Assert.Equal(AdmissionVerdict.Accepted, admission.Verdict);
            _ids.Add(change.Header.Last, admission.Id);
            Log.Append(change.Header, admission.Id);
        }

        public bool TryGetNext(Dot before, out Dot last, out ChangeId id) => throw new NotSupportedException("Admission does not look behind a change.");

        public bool TryGetOwner(ReplicaId replica, out PublicKey owner) => throw new NotSupportedException("Admission does not depend on owners.");

        public bool TryGetChangeId(Dot last, out ChangeId id) => _ids.TryGetValue(last, out id);
    }
}
