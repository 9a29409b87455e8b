using Edge.Sync.Projections.Queries;
using Edge.Sync.Scheduling;

namespace Edge.Sync;

/// <summary>The results of a query over time. See <see cref="DocumentQuery{T}.WatchAsync"/>.</summary>
internal sealed class QueryWatch<T> : IAsyncEnumerable<IReadOnlyList<T>> where T : class, IEdgeDocument<T>
{
    private readonly EdgeDatabase _database;
    private readonly QueryPlan _plan;
    private readonly WatchSignal _signal;
    private readonly CancellationToken _cancellationToken;

    public QueryWatch(EdgeDatabase database, QueryPlan plan, CancellationToken cancellationToken)
    {
        (_database, _plan, _cancellationToken) = (database, plan, cancellationToken);
        _signal = database.StartWatch(plan.Schema.Collection);
    }

    public async IAsyncEnumerator<IReadOnlyList<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
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
            while (await _signal.WaitAsync(linked.Token).ConfigureAwait(false));
        }
        finally { _database.StopWatch(_signal); }
    }
}
