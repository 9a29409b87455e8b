using Edge.Sync.Log;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Pasts;

public class ChangePastsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Past_is_what_a_search_through_every_header_finds(int seed)
    {
        var random = new Random(seed);
        var feeds = Enumerable.Range(1, 6).Select(static number => new ReplicaId(0, (ulong)number)).ToArray();
        var model = new Dictionary<Dot, HashSet<Dot>>();
        var (graph, changes) = (new ChangeGraph(), new List<Change>());
        var pasts = new ChangePasts(graph);
        for (var i = 0; i < 200; i++)
        {
            var feed = feeds[random.Next(feeds.Length)];
            var last = changes.LastOrDefault(change => change.Header.Replica == feed)?.Header.Last.Counter ?? 0;
            var count = random.Next(1, 4);
            // Any change that is held, not only heads: what a hostile author may list.
            var listed = random.Next(2) == 0 ? [] : changes.Where(change => change.Header.Replica != feed && random.Next(changes.Count) < 3).GroupBy(static change => change.Header.Replica).Select(group => group.ElementAt(random.Next(group.Count())).Header.Last).OrderBy(static dot => dot.Replica).ToArray();
            var change = Changes.Craft(feed, last + 1, count, listed);
            var past = new HashSet<Dot>();
            foreach (var follows in last > 0 ? listed.Append(new(feed, last)) : listed)
                past.UnionWith(model[follows]);
            model.Add(change.Header.Last, [.. past, .. Enumerable.Range(0, count).Select(offset => new Dot(feed, last + 1 + (ulong)offset))]);
            changes.Add(change);
            graph.Add(change);
            // Some are asked for as they come, some later, some in between and out of order.
            if (random.Next(2) == 0) Check(pasts, change, past);
            if (random.Next(10) == 0) Check(pasts, changes[random.Next(changes.Count)], null);
        }
        var again = new ChangePasts(graph);
        foreach (var change in changes)
            Check(again, change, null);

        void Check(ChangePasts asked, Change change, HashSet<Dot>? past)
        {
            past ??= [.. model[change.Header.Last].Where(dot => dot.Replica != change.Header.Replica || dot.Counter < change.Header.First)];
            foreach (var feed in feeds)
                for (ulong counter = 1; counter <= 120; counter += (ulong)random.Next(1, 4))
                    Assert.Equal(past.Contains(new(feed, counter)), asked.Contains(change, new(feed, counter)));
        }
    }
}
