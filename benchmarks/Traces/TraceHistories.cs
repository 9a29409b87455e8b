namespace Edge.Sync.Benchmarks.Traces;

/// <summary>Which transactions an agent must hear of before it makes one of its own.</summary>
internal sealed class TraceHistories(Trace trace)
{
    private readonly Stack<int> _pending = new();
    private readonly List<int> _missing = [];

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
}
