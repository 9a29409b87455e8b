using Edge.Sync.Projections.Queries;
using Edge.Sync.Replication;
using Edge.Sync.Scheduling;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    /// <summary>As many documents are evicted in one transaction: edits go on between two.</summary>
    private const int EvictionBatch = 64;

    private readonly List<Fetch> _fetches = [];

    // How many evictions run that write the file anew at their end: meanwhile no commit need do so.
    private int _evictions;

    /// <summary>Frees what a document takes on this device: see <see cref="DocumentSet{T}.EvictAsync(DocumentId, CancellationToken)"/>, of which this is the form for those that do not have the class.</summary>
    /// <exception cref="ArgumentException"><paramref name="collection"/> is no name of a collection.</exception>
    /// <exception cref="EdgeDocumentException">Nothing was freed; the code says why.</exception>
    /// <exception cref="EdgeStorageException">It could not be stored; or it is, and its bytes could not be taken out of the file yet; then that is tried again by itself.</exception>
    public async Task<bool> EvictAsync(string collection, DocumentId id, CancellationToken cancellationToken = default)
    {
        var key = NewKey(collection, id);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var verdict = await opened.Writer.RunEditAsync(replica => replica.TryEvict(key), cancellationToken).ConfigureAwait(false);
        if (verdict == EvictionVerdict.NotHere) return false;
        if (verdict != EvictionVerdict.Evicted) throw Refused(key, verdict);
        await EraseAsync(opened, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Brings an evicted document back: see <see cref="DocumentSet{T}.FetchAsync"/>, of which this is the form for those that do not have the class.</summary>
    /// <exception cref="ArgumentException"><paramref name="collection"/> is no name of a collection.</exception>
    /// <exception cref="EdgeDocumentException">It cannot be fetched now; the code says why. The wish stands.</exception>
    public async Task FetchAsync(string collection, DocumentId id, CancellationToken cancellationToken = default)
    {
        var key = NewKey(collection, id);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        if (await opened.Writer.RunAsync(replica => replica.Want(key), cancellationToken).ConfigureAwait(false) == 0) return;
        var fetch = new Fetch(key, new(_scheduler));
        lock (_lock) _fetches.Add(fetch);
        try
        {
            foreach (var driver in Drivers())
                driver.AskSections();
            while (await opened.Writer.RunAloneAsync(replica => replica.ReadAbsent(key).Count, cancellationToken).ConfigureAwait(false) > 0)
            {
                var connected = Drivers().Where(static driver => driver.IsEstablished).ToList();
                if (connected.Count == 0)
                    throw new EdgeDocumentException(EdgeErrorCode.NoPeer, key, $"Document {key} was evicted, and no peer is connected to bring it back. It comes with the next sync that has it; evict it again to take the wish back.");
                if (fetch.IsLackingAtAll(connected))
                {
                    throw new EdgeDocumentException(EdgeErrorCode.DocumentUnavailable, key,
                        $"Document {key} was evicted, and no peer that is connected now has all that is missing of it. It comes with the next sync that has it; evict it again to take the wish back.");
                }
                await fetch.Signal.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_lock) _fetches.Remove(fetch);
        }
    }

    internal async Task<EvictionReport> EvictAsync(QueryPlan plan, CancellationToken cancellationToken)
    {
        var collection = plan.Schema.Collection;
        var ids = await FindIdsAsync(plan, cancellationToken).ConfigureAwait(false);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        if (!opened.Replica.Store.MayEvict) throw Refused(new(collection, default), EvictionVerdict.Keeper);
        var evicted = 0;
        var (unsent, withoutKeeper) = (new List<DocumentId>(), new List<DocumentId>());
        Interlocked.Increment(ref _evictions);
        try
        {
            foreach (var batch in ids.Chunk(EvictionBatch))
            {
                var verdicts = await opened.Writer.RunEditAsync(replica => Array.ConvertAll(batch, id => replica.TryEvict(new(collection, id))), cancellationToken).ConfigureAwait(false);
                for (var i = 0; i < batch.Length; i++)
                {
                    if (verdicts[i] == EvictionVerdict.Evicted) evicted++;
                    else if (verdicts[i] == EvictionVerdict.Unsent) unsent.Add(batch[i]);
                    else if (verdicts[i] == EvictionVerdict.NoKeeper) withoutKeeper.Add(batch[i]);
                }
            }
        }
        finally { Interlocked.Decrement(ref _evictions); }
        if (evicted > 0) await EraseAsync(opened, cancellationToken).ConfigureAwait(false);
        return new(evicted, unsent, withoutKeeper);
    }

    private static DocumentKey NewKey(string collection, DocumentId id)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return CollectionName.IsValid(collection) ? new(collection, id) : throw new ArgumentException($"'{collection}' is no name of a collection.", nameof(collection));
    }

    private static EdgeDocumentException Refused(DocumentKey key, EvictionVerdict verdict) => verdict switch
    {
        EvictionVerdict.Unsent => new(EdgeErrorCode.UnsentChanges, key, $"Document {key} has changes that were made here and that no keeper has acknowledged: they would be lost. Sync with a replica that keeps everything (WhenSentAsync waits for it), then evict it. Nothing was freed."),
        EvictionVerdict.NoKeeper => new(EdgeErrorCode.NoKeeper, key, $"No replica that keeps everything is known to hold all of document {key}: others may evict it too. Sync with one that was made without EdgeDatabaseOptions.MayEvict, then evict it. Nothing was freed."),
        _ => new(EdgeErrorCode.FileKeepsAll, key, "Nothing can be evicted from this file: it was made as one that keeps everything, and others may rely on that. Make a new file with EdgeDatabaseOptions.MayEvict and sync it. Nothing was freed."),
    };

    private void OnSectionsAnswered(SyncDriver driver, IReadOnlyCollection<DocumentKey> lacking)
    {
        lock (_lock)
        {
            foreach (var fetch in _fetches)
            {
                if (lacking.Contains(fetch.Document)) fetch.AddLacking(driver);
                fetch.Signal.Set();
            }
        }
    }

    private List<SyncDriver> Drivers()
    {
        SyncController[] syncs;
        lock (_lock) syncs = [.. _syncs];
        return [.. syncs.SelectMany(static sync => sync.Drivers)];
    }

    /// <summary>Somebody waits for a document.</summary>
    private sealed class Fetch(DocumentKey document, WatchSignal signal)
    {
        private readonly HashSet<SyncDriver> _lacking = [];

        public DocumentKey Document => document;

        /// <summary>Set whenever something has happened that may end the wait.</summary>
        public WatchSignal Signal => signal;

        public void AddLacking(SyncDriver driver)
        {
            lock (_lacking) _lacking.Add(driver);
        }

        /// <summary>Whether all of these have said that they lack parts of it.</summary>
        public bool IsLackingAtAll(List<SyncDriver> drivers)
        {
            lock (_lacking) return drivers.TrueForAll(_lacking.Contains);
        }
    }
}
