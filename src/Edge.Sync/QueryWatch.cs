using Edge.Sync.Projections.Queries;
using Edge.Sync.Scheduling;

namespace Edge.Sync;

/// <summary>The results of a query over time. See <see cref="DocumentQuery{T}.WatchAsync"/>.</summary>
internal sealed class QueryWatch<T> : IAsyncEnumerable<IReadOnlyList<T>> where T : class, IEdgeDocument<T>
{
    private readonly EdgeDatabase _database;
    private readonly QueryPlan _plan;
    private readonly CancellationToken _cancellationToken;
    private WatchSignal? _first;

    public QueryWatch(EdgeDatabase database, QueryPlan plan, CancellationToken cancellationToken)
    {
        (_database, _plan, _cancellationToken) = (database, plan, cancellationToken);
        _first = database.StartWatch(plan.Schema.Collection);
    }

    public async IAsyncEnumerator<IReadOnlyList<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        // One signal wakes one reader: whoever enumerates first gets the one that was registered by the call, each further one its own.
        var signal = Interlocked.Exchange(ref _first, null) ?? _database.StartWatch(_plan.Schema.Collection);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken, cancellationToken);
        try
        {
            QueryResult<T>? last = null;
            do
            {
                QueryResult<T> result;
                try { result = await _database.QueryAsync<T>(_plan, linked.Token).ConfigureAwait(false); }
                catch (ObjectDisposedException) { yield break; }
                if (result.HasSameVersions(last)) continue;
                last = result;
                yield return result.Documents;
            }
            while (await signal.WaitAsync(linked.Token).ConfigureAwait(false));
        }
        finally { _database.StopWatch(signal); }
    }
}
