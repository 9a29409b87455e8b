using Edge.Sync.Projections;
using Edge.Sync.Scheduling;
using Edge.Sync.Storage;

namespace Edge.Sync.Live;

/// <summary>All feeds of a database. Commits go through them in passes, one at a time, with one connection for all feeds.</summary>
/// <remarks>Called by the writer after each commit and before its callers are told, so that whoever awaited an edit and then asks finds it.</remarks>
internal sealed class Feeds(EdgeScheduler scheduler)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, Feed> _feeds = [];
    private readonly List<CommittedDocument> _changed = [];
    private SqliteReaders? _readers;
    private long _sequence;
    private bool _isPassing, _isAsked, _hasEnded;

    public EdgeScheduler Scheduler => scheduler;

    public int Count
    {
        get { lock (_lock) return _feeds.Count; }
    }

    /// <summary>How often a whole query has run, and how often a look at what had changed was enough. For tests and measurements.</summary>
    public (long Runs, long Looks) Work => (Interlocked.Read(ref _runs), Interlocked.Read(ref _looks));

    private long _runs, _looks;

    public void CountRun() => Interlocked.Increment(ref _runs);

    public void CountLook() => Interlocked.Increment(ref _looks);

    /// <summary>The file is open: feeds for which it could not be opened before go on.</summary>
    public void Open(SqliteReaders readers)
    {
        lock (_lock)
        {
            _readers = readers;
            if (_feeds.Count == 0) return;
        }
        Pass();
    }

    public void OnCommitted(IReadOnlyList<CommittedDocument> changed, long sequence)
    {
        if (changed.Count == 0) return;
        lock (_lock)
        {
            if (_feeds.Count == 0) return;
            _changed.AddRange(changed);
            _sequence = sequence;
        }
        Pass();
    }

    /// <summary>All documents may have changed.</summary>
    public void OnRebuilt()
    {
        Feed[] feeds;
        lock (_lock) feeds = [.. _feeds.Values];
        foreach (var feed in feeds) feed.Invalidate();
        Pass();
    }

    /// <summary>Reads the feed of <paramref name="key"/>, which is made where nobody reads it yet.</summary>
    public Feed<TResult> Read<TResult>(object key, Func<Feed<TResult>> make, IFeedReader<TResult> reader) where TResult : notnull
    {
        Feed<TResult> feed;
        lock (_lock)
        {
            if (_feeds.TryGetValue(key, out var known)) feed = (Feed<TResult>)known;
            else
            {
                feed = make();
                if (!_hasEnded) _feeds.Add(key, feed);
            }
            if (_hasEnded) feed.End();
            feed.Add(reader);
        }
        return feed;
    }

    public void Stop<TResult>(Feed<TResult> feed, IFeedReader<TResult> reader) where TResult : notnull
    {
        lock (_lock)
            if (feed.Remove(reader) && _feeds.TryGetValue(feed.Key, out var known) && ReferenceEquals(known, feed)) _feeds.Remove(feed.Key);
    }

    /// <summary>Lets all feeds take what was committed until now.</summary>
    public void Pass()
    {
        lock (_lock)
        {
            _isAsked = true;
            if (_isPassing) return;
            _isPassing = true;
        }
        scheduler.Post(RunPasses);
    }

    public void End()
    {
        Feed[] feeds;
        lock (_lock)
        {
            _hasEnded = true;
            feeds = [.. _feeds.Values];
            _feeds.Clear();
        }
        foreach (var feed in feeds) feed.End();
    }

    private void RunPasses()
    {
        while (true)
        {
            Feed[] feeds;
            CommittedDocument[] changed;
            SqliteReaders? readers;
            long sequence;
            lock (_lock)
            {
                if (!_isAsked)
                {
                    _isPassing = false;
                    return;
                }
                _isAsked = false;
                feeds = [.. _feeds.Values];
                changed = [.. _changed];
                _changed.Clear();
                (readers, sequence) = (_readers, _sequence);
            }
            try { RunPass(readers, feeds, changed, sequence); }
            // Closed meanwhile: the feeds have ended, or are about to.
            catch (Exception e) when (e is ObjectDisposedException or EdgeStorageException) { RunPass(null, feeds, changed, sequence); }
        }
    }

    private static void RunPass(SqliteReaders? readers, Feed[] feeds, CommittedDocument[] changed, long sequence)
    {
        if (readers is null)
        {
            foreach (var feed in feeds) feed.Take(null, changed, sequence);
            return;
        }
        // One moment for all: a document that many feeds look at is read once.
        readers.Read(reader => reader.InOneMoment(reader => DocumentRows.On(reader).Sharing(() =>
        {
            foreach (var feed in feeds) feed.Take(reader, changed, sequence);
            return true;
        })));
    }
}
