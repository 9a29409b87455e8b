using Edge.Sync.Log;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Forgetting;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;
using Microsoft.Extensions.Time.Testing;
using static Edge.Sync.Tests.Rejecting.Judging;

namespace Edge.Sync.Tests.Rejecting;

/// <summary>
/// A small history with everything that acts on what is written already: a copied file, a cap, a rejection and its taking back, a purge, a forgotten document. It is taken in every order that keeps
/// causality, by replicas as they are: names, what is void, stamps, documents and keys are the same after each.
/// </summary>
public class EveryOrderTests
{
    private static readonly DocumentId s_x = DocumentId.Named("x");
    private static readonly DocumentId s_y = DocumentId.Named("y");
    private static readonly DocumentId s_ada = DocumentId.Named("ada");

    private readonly FakeTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Replica _hub = Changes.NewReplica(50);

    [Fact]
    public void Every_order_that_keeps_causality_gives_the_same_names_verdicts_stamps_and_documents()
    {
        var all = MakeHistory();
        var expected = Describe(_hub);
        Assert.Contains(Changes.All(_hub), static change => change.IsVoid);
        Assert.Contains(Changes.All(_hub), static change => change.Names is not null);
        Assert.Contains(Changes.All(_hub), static change => change.Ruling?.Latest is not null);
        var orders = 0;
        var order = new List<int>();
        Explore();
        TestContext.Current.TestOutputHelper?.WriteLine($"{orders} orders of {all.Count} changes");
        Assert.True(orders > 2000, $"{orders} orders");

        void Explore()
        {
            if (order.Count == all.Count)
            {
                orders++;
                Take(order);
                return;
            }
            for (var i = 0; i < all.Count; i++)
            {
                if (order.Contains(i) || !all[i].Follows.IsSubsetOf(order.Select(taken => all[taken].Id))) continue;
                order.Add(i);
                Explore();
                order.RemoveAt(order.Count - 1);
            }
        }

        void Take(List<int> taken)
        {
            var replica = Changes.NewReplica(60);
            replica.Begin();
            for (var i = 0; i < taken.Count; i++)
            {
                Assert.Equal(AdmissionVerdict.Accepted, replica.Apply(all[taken[i]].Bytes, default, all[taken[i]].Told));
                // In one transaction or in several: where it is cut makes no difference.
                if ((i + orders) % 3 != 0) continue;
                replica.Commit();
                replica.Begin();
            }
            replica.Commit();
            try { Assert.Equal(expected, Describe(replica)); }
            catch (Exception e) { throw new InvalidOperationException($"The order {string.Join(' ', taken)} failed.", e); }
        }
    }

    private List<(ChangeId Id, HashSet<ChangeId> Follows, ReadOnlyMemory<byte> Bytes, ChangeId[] Told)> MakeHistory()
    {
        var original = Changes.NewReplica(1, new FakeTimeProvider(_clock.GetUtcNow().AddYears(10)));
        original.Begin();
        original.Edit(static draft =>
        {
            Changes.Attach<Job>(draft, s_x).Title = "first";
            Changes.Attach<Job>(draft, s_y).Title = "to be purged";
        });
        original.Commit();
        original.Sync();
        var copy = new Replica(((MemoryStore)original.Store).Copy(), _clock, new SeededRandom(2), TimeSpan.FromMinutes(5), TestKeys.Public);
        var (b, c, e) = (Changes.NewReplica(3), Changes.NewReplica(4), Changes.NewReplica(6));
        Changes.Push(original, e);
        // What is purged is edited by one who does not know.
        Edit<Job>(e, s_y, static job => job.Minutes.Add(1));
        var written = Edit<Job>(original, s_x, static job => (job.Title, job.Notes.Value) = ("original", "abc"));
        Edit<Job>(copy, s_x, static job => (job.Title, job.Notes.Value) = ("copy", "xyz"));
        // b knows the original's branch, c the copy's.
        Changes.Push(original, b);
        Edit<Job>(b, s_x, static job => job.Notes.Append("!"));
        var rejection = Reject(b, written)!.Value;
        Changes.Push(copy, c);
        c.Begin();
        c.Purge(new("job", s_y));
        c.CapClock(original.Log.Self, HybridTimestamp.FromUnixMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds()));
        c.Commit();
        Edit<Patient>(c, s_ada, static patient => patient.Name = "Ada");
        c.Begin();
        c.Forget(new(Changes.SchemaOf<Patient>().Collection, s_ada));
        c.Commit();
        // d does not know c; it takes the rejection back.
        var d = Changes.NewReplica(5);
        Changes.Push(b, d);
        Reject(d, rejection, "it was right");
        Edit<Job>(d, s_x, static job => job.Title = "d");
        foreach (var source in (Replica[])[d, copy, c, e])
        {
            _hub.Begin();
            foreach (var stored in source.ReadAllTold()) _hub.Apply(Change.BytesOf(stored.Bytes), default, ChangeId.ReadAll(stored.Past.Span));
            _hub.Commit();
        }
        // One more that is void in the end.
        Reject(_hub, _hub.Store.ReadChanges(0, int.MaxValue).Last(stored => stored.Last.Replica == d.Log.Self).Id);
        return [.. _hub.ReadAllTold().Select(static stored => (stored.Id, ChangeId.ReadAll(stored.Past.Span).Where(static id => id != default).ToHashSet(), Change.BytesOf(stored.Bytes), ChangeId.ReadAll(stored.Past.Span)))];
    }

    /// <summary>All that follows from a log.</summary>
    private static string Describe(Replica replica)
    {
        AssertRebuilt(replica);
        var changes = replica.Store.ReadChanges(0, int.MaxValue).Select(static stored => (stored.Id, Change: Change.ParseStored(stored.Bytes))).OrderBy(static change => change.Id.Hash)
            .Select(static change => $"{change.Id} {change.Change.Header.Last} {change.Change.Stamp} {(change.Change.IsVoid ? "void" : "counts")}");
        var documents = replica.ReadDocuments().Select(static document => $"{document.Key} {Convert.ToHexString(document.State)}");
        return string.Join('\n', [.. changes, .. documents, $"purged {string.Join(' ', ((IKeyIndex)replica.Store).ReadPurged().Order())}", $"void {replica.VoidCount}"]);
    }
}
