namespace Edge.Sync.LogModel.Small;

/// <summary>F12 and F13: what a subscriber can verify, and what a header lists.</summary>
public class F12F13HeadsAndScopesTests
{
    private const int HeadsMax = 3;

    /// <summary>Feeds cut by document have gaps for whoever lacks the others; feeds cut by scope have none, for every choice of scopes.</summary>
    [Fact]
    public void Feed_is_keyed_by_scope_and_replica()
    {
        (string Scope, string Replica)[] written = [("job", "A"), ("invoice", "A"), ("job", "A"), ("job", "B"), ("invoice", "B"), ("job", "B")];
        foreach (var subscribed in Choices.Subsets(["job", "invoice"]))
        {
            var perScope = Counters(written, static w => w.Scope + w.Replica).Where(x => subscribed.Contains(x.Item.Scope)).GroupBy(static x => (x.Item.Scope, x.Item.Replica));
            Assert.All(perScope, static feed => Assert.Equal(Enumerable.Range(1, feed.Count()), feed.Select(static x => x.Counter)));
            var perReplica = Counters(written, static w => w.Replica).Where(x => subscribed.Contains(x.Item.Scope)).GroupBy(static x => x.Item.Replica).ToList();
            var hasGap = perReplica.Exists(static feed => !feed.Select(static x => x.Counter).SequenceEqual(Enumerable.Range(1, feed.Count())));
            Assert.Equal(subscribed.Length == 1, hasGap);
        }
    }

    /// <summary>Many devices come back at once. Each header lists heads only and at most a few; body-less changes join the rest first; the past is whole.</summary>
    [Fact]
    public void Header_lists_heads_only_and_merge_changes_join_the_rest()
    {
        for (var devices = 1; devices <= 20; devices++)
        {
            var heads = Enumerable.Range(0, devices).Select(static d => new HashSet<int> { d }).ToList();
            var listed = 0;
            while (heads.Count > HeadsMax)
            {
                var joined = heads.GetRange(0, HeadsMax);
                heads.RemoveRange(0, HeadsMax);
                heads.Add([.. joined.SelectMany(static h => h)]);
                listed += joined.Count;
            }
            listed += heads.Count;
            Assert.Equal(devices, heads.SelectMany(static h => h).Distinct().Count());
            // Without: every one of them lists all the others. With: one writer joins, the others list its dot alone.
            Assert.True(devices <= HeadsMax || listed + devices < devices * devices);
        }
    }

    /// <summary>"What the vector gained" is the same for two histories that differ; the heads are not.</summary>
    [Fact]
    public void Gained_vector_does_not_tell_the_heads()
    {
        Dictionary<string, string[]> chain = new() { ["a1"] = [], ["b1"] = ["a1"] }, fork = new() { ["a1"] = [], ["b1"] = [] };
        Assert.Equal(chain.Keys.Order(), fork.Keys.Order());
        Assert.NotEqual(Heads(chain), Heads(fork));

        static string[] Heads(Dictionary<string, string[]> graph) => [.. graph.Keys.Where(k => !graph.Values.Any(p => p.Contains(k))).Order()];
    }

    private static List<((string Scope, string Replica) Item, int Counter)> Counters((string Scope, string Replica)[] written, Func<(string Scope, string Replica), string> feed)
    {
        var counters = new Dictionary<string, int>();
        return [.. written.Select(w => (w, counters[feed(w)] = counters.GetValueOrDefault(feed(w)) + 1))];
    }
}
