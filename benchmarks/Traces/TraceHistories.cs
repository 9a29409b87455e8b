using Edge.Sync.Crdts.Sequences.History;

namespace Edge.Sync.Benchmarks.Traces;

/// <summary>What the author of a transaction had heard of.</summary>
internal sealed class TraceHistories(Trace trace)
{
    private readonly Stack<int> _pending = new();
    private readonly List<int> _missing = [];

    /// <summary>How many deltas there were of a transaction's agent, up to it.</summary>
    private readonly int[] _deltaCounts = new int[trace.Transactions.Length];
    private readonly bool[] _isEmpty = new bool[trace.Transactions.Length];

    /// <summary>The history of a transaction that its agent lacks, in list order. All of it, and the transaction itself, counts as known from then on.</summary>
    public List<int> MissingBefore(int transaction, bool[] isKnown)
    {
        _missing.Clear();
        foreach (var parent in trace.Transactions[transaction].Parents) _pending.Push(parent);
        while (_pending.TryPop(out var index))
        {
            if (isKnown[index]) continue;
            isKnown[index] = true;
            _missing.Add(index);
            foreach (var parent in trace.Transactions[index].Parents) _pending.Push(parent);
        }
        isKnown[transaction] = true;
        _missing.Sort();
        return _missing;
    }

    /// <summary>Notes which deltas a transaction made: its agent has <paramref name="deltaCount"/> by then.</summary>
    public void Note(int transaction, int deltaCount, bool isEmpty) => (_deltaCounts[transaction], _isEmpty[transaction]) = (deltaCount, isEmpty);

    /// <summary>The deltas of others that a transaction follows directly. One that made none stands for those before it.</summary>
    public HistoryHead[] HeadsOf(int transaction, ReplicaId[] ids)
    {
        var heads = new Dictionary<int, int>();
        var seen = new HashSet<int>();
        foreach (var parent in trace.Transactions[transaction].Parents) _pending.Push(parent);
        while (_pending.TryPop(out var index))
        {
            if (!seen.Add(index)) continue;
            var agent = trace.Transactions[index].Agent;
            if (_isEmpty[index])
            {
                foreach (var parent in trace.Transactions[index].Parents) _pending.Push(parent);
            }
            else if (agent != trace.Transactions[transaction].Agent)
            {
                heads[agent] = Math.Max(heads.GetValueOrDefault(agent), _deltaCounts[index]);
            }
        }
        return [.. heads.Select(h => new HistoryHead(ids[h.Key], h.Value))];
    }
}
