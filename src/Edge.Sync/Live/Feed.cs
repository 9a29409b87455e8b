using Edge.Sync.Storage;

namespace Edge.Sync.Live;

/// <summary>A query whose result is kept while anybody reads it, once for all who ask the same.</summary>
internal abstract class Feed
{
    /// <summary>Takes commits, in a pass of <see cref="Feeds"/>: never two at a time.</summary>
    /// <param name="reader">A connection for this pass, which sees one moment; null where the file is not open yet.</param>
    /// <param name="changed">What the commits since the last pass have changed.</param>
    /// <param name="sequence">The newest of them.</param>
    public abstract void Take(ReaderConnection? reader, IReadOnlyList<CommittedDocument> changed, long sequence);

    /// <summary>Lets the query run again, whatever has changed.</summary>
    public abstract void Invalidate();

    /// <summary>The database is disposed.</summary>
    public abstract void End();
}

/// <summary>How a result is kept up to date: by a look at what commits have changed where that is enough, by the query itself where not.</summary>
/// <remarks>
/// Invariants: the result is changed by one thread at a time, a pass or a run of the query, never both (<see cref="_isRunning"/>). Readers get results in order.
/// A reader's first result has everything that was committed before it came: either it is handed out at the end of a pass that began later, or by a run that did.
/// </remarks>
/// <typeparam name="TResult">The result, immutable.</typeparam>
internal abstract class Feed<TResult>(Feeds feeds, object key) : Feed where TResult : notnull
{
    private readonly Lock _lock = new();
    private readonly List<Reader> _readers = [];
    private readonly List<CommittedDocument> _missed = [];
    private FeedSource? _source;
    private TResult? _result;
    private bool _hasResult, _isStale, _isRunning, _hasEnded;
    private long _sequence;

    public object Key => key;

    /// <summary>What the feed reads from; null while the file is not open.</summary>
    protected FeedSource? Source => _source;

    /// <summary>Opens the file and whatever tables the query needs.</summary>
    protected abstract Task<FeedSource> OpenAsync();

    /// <summary>Runs the whole query.</summary>
    protected abstract TResult Run(FeedSource source);

    /// <summary>Brings the result to the moment after some commits. False where the query must run again.</summary>
    /// <param name="reader">A connection.</param>
    /// <param name="result">In: the result so far. Out: the same object where nothing has changed.</param>
    /// <param name="changed">What the commits have changed.</param>
    /// <param name="sequence">The newest of them.</param>
    protected abstract bool TryFollow(ReaderConnection reader, ref TResult result, IReadOnlyList<CommittedDocument> changed, long sequence);

    protected abstract bool AreSame(TResult a, TResult b);

    /// <summary>Adds a reader. It gets its first result soon.</summary>
    public void Add(IFeedReader<TResult> reader)
    {
        bool isFirst;
        lock (_lock)
        {
            if (_hasEnded)
            {
                reader.OnEnd();
                return;
            }
            _readers.Add(new(reader));
            isFirst = _source is null && !_isRunning;
            if (isFirst) _isRunning = true;
        }
        if (isFirst) _ = OpenAndRunAsync();
        else feeds.Pass();
    }

    /// <summary>Removes a reader. Returns whether that was the last one.</summary>
    public bool Remove(IFeedReader<TResult> reader)
    {
        lock (_lock)
        {
            _readers.RemoveAll(r => ReferenceEquals(r.Target, reader));
            return _readers.Count == 0;
        }
    }

    public override void Take(ReaderConnection? reader, IReadOnlyList<CommittedDocument> changed, long sequence)
    {
        lock (_lock)
        {
            if (_hasEnded) return;
            _missed.AddRange(changed);
            _sequence = Math.Max(_sequence, sequence);
            if (_isRunning || reader is null) return;
            changed = [.. _missed];
            _missed.Clear();
        }
        try
        {
            var result = _result;
            if (!_hasResult || _isStale || !TryFollow(reader, ref result!, changed, _sequence))
            {
                StartRun();
                return;
            }
            var isNew = !ReferenceEquals(result, _result) && !AreSame(result, _result!);
            _result = result;
            foreach (var target in Readers(isNew ? static _ => true : static r => !r.IsReady)) target.OnResult(result);
        }
        catch (Exception e) when (e is not OutOfMemoryException) { Fail(e); }
    }

    public override void Invalidate()
    {
        lock (_lock) _isStale = true;
    }

    public override void End()
    {
        Reader[] readers;
        lock (_lock)
        {
            _hasEnded = true;
            readers = [.. _readers];
            _readers.Clear();
        }
        foreach (var reader in readers) reader.Target.OnEnd();
    }

    private async Task OpenAndRunAsync()
    {
        try { _source = await OpenAsync().ConfigureAwait(false); }
        catch (ObjectDisposedException)
        {
            End();
            return;
        }
        catch (Exception e)
        {
            lock (_lock) _isRunning = false;
            Fail(e);
            return;
        }
        lock (_lock) _isRunning = false;
        StartRun();
    }

    // Beside the passes, so that a slow query holds up no other.
    private void StartRun()
    {
        bool isOpen;
        lock (_lock)
        {
            if (_isRunning || _hasEnded) return;
            isOpen = _source is not null;
            (_isRunning, _isStale) = (true, _isStale && !isOpen);
            foreach (var reader in _readers) reader.IsInRun = isOpen;
        }
        // The file could not be opened when it was asked for; now it may be.
        if (isOpen) feeds.Scheduler.Post(RunNow);
        else _ = OpenAndRunAsync();
    }

    private void RunNow()
    {
        try
        {
            var result = Run(_source!);
            var isNew = !_hasResult || !AreSame(result, _result!);
            (_result, _hasResult) = (result, true);
            foreach (var target in Readers(isNew ? static r => r.IsReady || r.IsInRun : static r => !r.IsReady && r.IsInRun)) target.OnResult(result);
        }
        catch (ObjectDisposedException) { End(); }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _hasResult = false;
            Fail(e);
        }
        bool again;
        lock (_lock)
        {
            _isRunning = false;
            again = !_hasEnded && (_isStale || _missed.Count > 0 || _readers.Exists(static r => !r.IsReady && !r.IsInRun));
        }
        if (again) feeds.Pass();
    }

    private void Fail(Exception e)
    {
        foreach (var target in Readers(static _ => true)) target.OnError(e);
    }

    /// <summary>Those to tell, who are ready from then on.</summary>
    private IFeedReader<TResult>[] Readers(Func<Reader, bool> condition)
    {
        lock (_lock)
        {
            var readers = _readers.Where(condition).ToArray();
            foreach (var reader in readers) reader.IsReady = true;
            return Array.ConvertAll(readers, static reader => reader.Target);
        }
    }

    private sealed class Reader(IFeedReader<TResult> target)
    {
        public IFeedReader<TResult> Target => target;

        /// <summary>Whether it has got something, and from now on gets what is new.</summary>
        public bool IsReady { get; set; }

        /// <summary>Whether it came before the query ran last.</summary>
        public bool IsInRun { get; set; }
    }
}
