using Edge.Sync.Crdts;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>Deltas that arrive in any order, some twice, and wait for what they follow, as a log's waiting room makes them.</summary>
internal static class ShuffledDelivery
{
    public static TextState Deliver(DeltaLog log, int seed)
    {
        var (feeds, ready) = (new Dictionary<ReplicaId, List<int>>(), new Queue<int>());
        for (var i = 0; i < log.Count; i++)
        {
            if (!feeds.TryGetValue(log.AuthorOf(i), out var feed)) feeds.Add(log.AuthorOf(i), feed = []);
            feed.Add(i);
        }
        var joined = feeds.ToDictionary(f => f.Key, _ => 0);
        // Who waits for the n-th delta of a replica: the delta after it, and those that name it as a head.
        var waiting = new Dictionary<(ReplicaId, int), List<int>>();
        var text = new TextState();
        var numbers = new int[log.Count];
        foreach (var feed in feeds.Values)
            for (var i = 0; i < feed.Count; i++) numbers[feed[i]] = i + 1;

        var order = Enumerable.Range(0, log.Count).ToArray();
        new Random(seed).Shuffle(order);
        foreach (var index in order)
        {
            ready.Enqueue(index);
            while (ready.TryDequeue(out var next))
            {
                if (BlockerOf(next) is { } blocker)
                {
                    if (!waiting.TryGetValue(blocker, out var list)) waiting.Add(blocker, list = []);
                    list.Add(next);
                    continue;
                }
                text.Join(log.Decode(next), default);
                // A duplicate changes nothing.
                if (next % 16 == 0) text.Join(log.Decode(next), default);
                var author = log.AuthorOf(next);
                joined[author]++;
                if (waiting.Remove((author, numbers[next]), out var freed)) freed.ForEach(ready.Enqueue);
            }
        }
        return text;

        (ReplicaId, int)? BlockerOf(int index)
        {
            var author = log.AuthorOf(index);
            if (joined[author] < numbers[index] - 1) return (author, numbers[index] - 1);
            foreach (var head in log.HeadsOf(index))
                if (joined[head.Replica] < head.Count) return (head.Replica, head.Count);
            return null;
        }
    }
}
