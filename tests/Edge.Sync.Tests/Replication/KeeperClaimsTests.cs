using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Replication;

/// <summary>What keepers have said counts as they meant it, and no further.</summary>
public class KeeperClaimsTests
{
    private static readonly ReplicaId s_keeper = new(5, 5);
    private static readonly DocumentKey s_ada = new("job", DocumentId.Named("ada"));

    [Fact]
    public void End_that_is_not_known_here_counts_once_it_is()
    {
        var (author, device) = (Changes.NewReplica(1), Changes.NewReplica(2));
        Changes.Edit(author, s_ada.Id, static job => job.Minutes.Add(1));
        Changes.Push(author, device);
        Changes.Edit(author, s_ada.Id, static job => job.Minutes.Add(1));
        var claims = new KeeperClaims();
        claims.Take(Note(author, isFirst: true), device.Log);
        Assert.Equal(0UL, Held(claims, device)[author.Log.Self]);
        Changes.Push(author, device);
        Assert.Equal(author.Log.Held[author.Log.Self], Held(claims, device)[author.Log.Self]);
    }

    [Fact]
    public void End_under_another_id_counts_for_nothing()
    {
        var author = Changes.NewReplica(1);
        Changes.Edit(author, s_ada.Id, static job => job.Minutes.Add(1));
        var claims = new KeeperClaims();
        claims.Take(new(s_keeper, 1, IsFirst: true, [new(new(author.Log.Self, author.Log.Held[author.Log.Self]), new(new(1, 2, 3, 4)))], []), author.Log);
        Assert.Equal(0, Held(claims, author).Count);
    }

    [Fact]
    public void New_session_replaces_what_an_earlier_one_said()
    {
        var author = Changes.NewReplica(1);
        Changes.Edit(author, s_ada.Id, static job => job.Minutes.Add(1));
        var claims = new KeeperClaims();
        claims.Take(Note(author, isFirst: true), author.Log);
        Assert.Equal(1, Held(claims, author).Count);
        // Its file was put back from a backup, and holds less.
        claims.Take(new(s_keeper, 2, IsFirst: true, [], []), author.Log);
        Assert.Equal(0, Held(claims, author).Count);
    }

    [Fact]
    public void Copies_of_a_keeper_s_file_are_not_taken_for_one()
    {
        var author = Changes.NewReplica(1);
        Changes.Edit(author, s_ada.Id, static job => job.Minutes.Add(1));
        var claims = new KeeperClaims();
        // The copy lacks nothing of the nothing that it holds; the original holds all but lacks the document.
        claims.Take(new(s_keeper, 2, IsFirst: true, [], []), author.Log);
        claims.Take(Note(author, isFirst: false) with { Absent = [s_ada] }, author.Log);
        Assert.DoesNotContain(claims.Resolve(author.Log), claim => claim.Held.Count > 0 && !claim.Absent.Contains(s_ada));
        Assert.Equal(2, claims.Resolve(author.Log).Count);
    }

    [Fact]
    public void Keeper_that_does_not_say_what_it_lacks_counts_for_nothing()
    {
        var author = Changes.NewReplica(1);
        Changes.Edit(author, s_ada.Id, static job => job.Minutes.Add(1));
        var claims = new KeeperClaims();
        claims.Take(Note(author, isFirst: true) with { Absent = null }, author.Log);
        Assert.Empty(claims.Resolve(author.Log));
    }

    [Fact]
    public void Ends_and_keepers_stay_few_and_the_furthest_known_ones_are_kept()
    {
        var (author, device) = (Changes.NewReplica(1), Changes.NewReplica(2));
        var claims = new KeeperClaims();
        for (var i = 0; i < 100; i++)
        {
            Changes.Edit(author, s_ada.Id, static job => job.Minutes.Add(1));
            if (i == 60) Changes.Push(author, device);
            claims.Take(Note(author, isFirst: i == 0), device.Log);
        }
        Assert.Equal(device.Log.Held[author.Log.Self], Held(claims, device)[author.Log.Self]);
        Assert.InRange(claims.ToBytes().Length, 1, 1000);
        for (ulong keeper = 0; keeper < 200; keeper++)
            claims.Take(Note(author, isFirst: true) with { Keeper = new(9, keeper), Instance = 1000 + keeper }, device.Log);
        Assert.Equal(KeeperClaims.KeepersMax, claims.Resolve(device.Log).Count);
    }

    [Fact]
    public void Stored_claims_are_read_again_and_damaged_ones_are_forgotten()
    {
        var author = Changes.NewReplica(1);
        Changes.Edit(author, s_ada.Id, static job => job.Minutes.Add(1));
        var claims = new KeeperClaims();
        claims.Take(Note(author, isFirst: true) with { Absent = [s_ada, new("site", DocumentId.Named("x"))] }, author.Log);
        claims.Take(Note(author, isFirst: true) with { Keeper = new(6, 6), Instance = 6, Absent = null }, author.Log);
        var bytes = claims.ToBytes();
        var read = new KeeperClaims();
        read.Load(bytes);
        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(1, Held(read, author).Count);
        for (var length = 0; length < bytes.Length; length++)
        {
            read.Load(bytes.AsMemory(0, length));
            Assert.True(read.IsEmpty);
        }
    }

    private static KeeperNote Note(Replica holder, bool isFirst) => new(s_keeper, 1, isFirst, [.. holder.Log.ToVersion(0).Ends], []);

    private static VersionVector Held(KeeperClaims claims, Replica replica) => Assert.Single(claims.Resolve(replica.Log)).Held;
}
