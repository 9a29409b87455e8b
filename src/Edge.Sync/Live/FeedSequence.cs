using Edge.Sync.Scheduling;

namespace Edge.Sync.Live;

/// <summary>The results of a feed over time. Each enumeration reads the feed by itself; a slow one gets the newest result and skips what it missed.</summary>
internal sealed class FeedSequence<TResult, TItem>(Feeds feeds, Func<IFeedReader<TResult>, Feed<TResult>> read, Func<TResult, TItem> convert, CancellationToken cancellationToken)
    : IAsyncEnumerable<TItem> where TResult : notnull
{
    public async IAsyncEnumerator<TItem> GetAsyncEnumerator(CancellationToken ofEnumeration = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ofEnumeration);
        var reader = new Newest(new(feeds.Scheduler));
        var feed = read(reader);
        try
        {
            while (await reader.Signal.WaitAsync(linked.Token).ConfigureAwait(false))
                if (reader.TryTake(out var result)) yield return convert(result);
        }
        finally { feeds.Stop(feed, reader); }
    }

    private sealed class Newest(WatchSignal signal) : IFeedReader<TResult>
    {
        private readonly Lock _lock = new();
        private TResult? _result;
        private Exception? _error;
        private bool _hasResult;

        public WatchSignal Signal => signal;

        public bool TryTake(out TResult result)
        {
            lock (_lock)
            {
                if (_error is { } error)
                {
                    _error = null;
                    throw error;
                }
                result = _result!;
                var hasResult = _hasResult;
                (_result, _hasResult) = (default, false);
                return hasResult;
            }
        }

        public void OnResult(TResult result)
        {
            lock (_lock) (_result, _hasResult, _error) = (result, true, null);
            signal.Set();
        }

        public void OnError(Exception exception)
        {
            lock (_lock) _error = exception;
            signal.Set();
        }

        public void OnEnd() => signal.Complete();
    }
}
