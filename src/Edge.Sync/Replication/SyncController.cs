using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Security.Claims;
using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Scheduling;

namespace Edge.Sync;

/// <summary>A running sync: its links, its state, its end. Safe for use by several threads at once.</summary>
/// <remarks>It never throws for the network: faults are states of links, with reasons. Disposing it ends the links; the database goes on.</remarks>
public sealed class SyncController : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task<ISyncLog>> _openLog;
    private readonly IReadOnlyList<ISyncTransport> _transports;
    private readonly TimeProvider _timeProvider;
    private readonly EdgeScheduler _scheduler;
    private readonly Action<SyncController> _stopped;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, LinkStatus> _links = new(StringComparer.Ordinal);
    private ImmutableArray<SyncDriver> _drivers = []; // in the order in which they began, in which they are woken
    private readonly SyncCounters _counters = new();
    private readonly TaskCompletionSource _ready = new();
    private readonly Lock _lock = new();
    private readonly List<(Dot[] Ends, TaskCompletionSource Completion)> _waiting = [];
    private readonly VersionVector _acknowledged = new();
    private (ReplicaId Feed, ulong After, ulong Last)[] _own = [];
    private IReadOnlyList<ForkedFeed> _forks = [];
    private IReadOnlyList<FastClock> _fastClocks = [];
    private int _branchCount;
    private Task _running = Task.CompletedTask;
    private int _notReady;
    private long _lastSyncedTicks;
    private DateTimeOffset? _unsentSince;
    private LinkStatus? _lastFault;
    private bool _disposed;

    internal SyncController(Func<CancellationToken, Task<ISyncLog>> openLog, IReadOnlyList<ISyncTransport> transports, TimeProvider timeProvider, EdgeScheduler scheduler, Action<SyncController> stopped)
    {
        (_openLog, _transports, _timeProvider, _scheduler, _stopped) = (openLog, transports, timeProvider, scheduler, stopped);
        _notReady = transports.Count;
    }

    /// <summary>The sessions that run now.</summary>
    internal IEnumerable<SyncDriver> Drivers => _drivers;

    /// <summary>Called when a peer has answered for sections, with the documents of which it lacks some. It must not block.</summary>
    internal Action<SyncDriver, IReadOnlyCollection<DocumentKey>>? SectionsAnswered { get; set; }

    /// <summary>Called when a peer has said what it holds durably, with the end of each of this replica's own feeds there. It must not block.</summary>
    internal Action<ReplicaId, IEnumerable<Dot>>? PeerAcknowledged { get; set; }

    /// <summary>Called when the status may have changed. It must not block.</summary>
    internal Action? StatusChanged { get; set; }

    /// <summary>Called when a link's state is another one than before. It must not block.</summary>
    internal Action<LinkStatus>? LinkChanged { get; set; }

    /// <summary>How many changes wait for the seal that covers them: a moment's count, for those who observe.</summary>
    internal long WaitingCount => _drivers.Sum(static driver => (long)driver.WaitingCount);

    /// <summary>What the sync is doing now.</summary>
    public SyncStatus GetStatus()
    {
        long unsent;
        DateTimeOffset? unsentSince;
        IReadOnlyList<ForkedFeed> forks;
        IReadOnlyList<FastClock> fastClocks;
        lock (_lock) (forks, fastClocks, unsent, unsentSince) = (_forks, _fastClocks, CountUnsent(), _unsentSince);
        return new()
        {
            Links = [.. _links.Values.OrderBy(static link => link.Link, StringComparer.Ordinal)],
            LastFault = Volatile.Read(ref _lastFault),
            LastSynced = Interlocked.Read(ref _lastSyncedTicks) is not 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            Unsent = unsent,
            UnsentSince = unsentSince,
            Forks = forks,
            FastClocks = fastClocks,
            BytesSent = _counters.BytesSent,
            BytesReceived = _counters.BytesReceived,
            ChangesSent = _counters.ChangesSent,
            ChangesReceived = _counters.ChangesReceived,
        };
    }

    /// <summary>Waits until every transport listens, or is connected.</summary>
    /// <exception cref="EdgeLinkException">A link cannot work as it is, a port in use for instance. The sync goes on trying all the same.</exception>
    /// <exception cref="EdgeStorageException">The database cannot be opened.</exception>
    public Task WhenReadyAsync(CancellationToken cancellationToken = default) => _scheduler.JoinAsync(_ready.Task, cancellationToken);

    /// <summary>Waits until a peer has said that all that this replica had written when this was called is durable there.</summary>
    public async Task WhenSentAsync(CancellationToken cancellationToken = default)
    {
        var log = await _openLog(cancellationToken).ConfigureAwait(false);
        var version = await log.SyncAsync(cancellationToken).ConfigureAwait(false);
        OnVersion(version);
        var ends = EndsOf(version.Own);
        var completion = new TaskCompletionSource();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (IsAcknowledged(ends)) return;
            _waiting.Add((ends, completion));
        }
        try { await _scheduler.JoinAsync(completion.Task, cancellationToken).ConfigureAwait(false); }
        finally
        {
            lock (_lock) _waiting.RemoveAll(waiting => waiting.Completion == completion);
        }
    }

    /// <summary>Ends all links. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
        }
        await _scheduler.CancelAsync(_stop).ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        lock (_lock)
        {
            foreach (var (_, completion) in _waiting)
                completion.TrySetException(new ObjectDisposedException(nameof(SyncController)));
            _waiting.Clear();
        }
        _ready.TrySetException(new ObjectDisposedException(nameof(SyncController)));
        _ = _ready.Task.Exception; // observed: nobody may have waited
        _stop.Dispose();
        _stopped(this);
    }

    internal void Start()
    {
        lock (_lock)
        {
            if (_disposed) return;
            if (_transports.Count == 0) _ready.TrySetResult();
            _running = RunAsync();
        }
    }

    /// <summary>There may be something new to send.</summary>
    /// <param name="own">This replica's own newest operation.</param>
    internal void Wake(Dot own)
    {
        lock (_lock)
        {
            var place = Array.FindIndex(_own, feed => feed.Feed == own.Replica);
            if (place >= 0) _own[place].Last = own.Counter;
            else if (own.Counter > 0) _own = [(own.Replica, 0, own.Counter), .. _own];
            NoteUnsent(hasMoved: false);
        }
        foreach (var driver in _drivers)
            driver.Wake();
    }

    private async Task RunAsync()
    {
        ISyncLog log;
        try
        {
            log = await _openLog(_stop.Token).ConfigureAwait(false);
            OnVersion(await log.SyncAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) { return; }
        catch (Exception e) when (e is EdgeSyncException or ObjectDisposedException)
        {
            var fault = new LinkStatus("database", LinkState.Faulted, $"{e.Message} Start the sync again once that is mended.");
            Volatile.Write(ref _lastFault, fault);
            Show(fault);
            _ready.TrySetException(e);
            return;
        }
        await Task.WhenAll(_transports.Select(transport => RunTransportAsync(transport, new(this, log)))).ConfigureAwait(false);
    }

    private async Task RunTransportAsync(ISyncTransport transport, LinkHost host)
    {
        try { await transport.RunAsync(host, _stop.Token).ConfigureAwait(false); }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested) { /* its normal end */ }
        catch (Exception e)
        {
            // A transport of someone else's making may throw; it must not take the others down, nor go unseen.
            host.Report(transport.Name, LinkState.Faulted, $"The transport failed: {e.Message}");
        }
    }

    private void Show(LinkStatus link)
    {
        var before = _links.GetValueOrDefault(link.Link);
        _links[link.Link] = link;
        if (before?.State != link.State) LinkChanged?.Invoke(link);
    }

    private void OnVersion(LogVersion version)
    {
        lock (_lock)
        {
            // Between a commit and the next look at the log there may be more already.
            (ReplicaId Feed, ulong After, ulong Last)[] own = [.. version.Own];
            for (var i = 0; i < own.Length; i++)
                if (Array.Find(_own, feed => feed.Feed == own[i].Feed) is { Last: var last } && last > own[i].Last && version.BranchCount == _branchCount) own[i].Last = last;
            var isRenamed = version.BranchCount != _branchCount || own.Length != _own.Length;
            (_own, _forks, _fastClocks, _branchCount) = (own, version.Forks, version.FastClocks, version.BranchCount);
            NoteUnsent(hasMoved: isRenamed);
            if (!isRenamed) return;
            // What was waited for may bear another name now.
            for (var i = 0; i < _waiting.Count; i++)
                _waiting[i] = (EndsOf(own), _waiting[i].Completion);
        }
    }

    private void OnPeerAdvanced(ReplicaId peer, VersionVector acknowledged)
    {
        var ends = new List<Dot>();
        lock (_lock)
        {
            var unsent = CountUnsent();
            // A peer that claims more than this replica has written must not acknowledge what is still to come.
            foreach (var (feed, _, last) in _own)
            {
                if (acknowledged[feed] == 0) continue;
                ends.Add(new(feed, Math.Min(last, acknowledged[feed])));
                _acknowledged.Include(ends[^1]);
            }
            NoteUnsent(hasMoved: CountUnsent() < unsent);
            if (IsAcknowledged(EndsOf(_own))) Interlocked.Exchange(ref _lastSyncedTicks, _timeProvider.GetUtcNow().UtcTicks);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!IsAcknowledged(_waiting[i].Ends)) continue;
                _waiting[i].Completion.TrySetResult();
                _waiting.RemoveAt(i);
            }
        }
        PeerAcknowledged?.Invoke(peer, ends);
        StatusChanged?.Invoke();
    }

    // Under the lock, like the next one.
    private long CountUnsent()
    {
        long unsent = 0;
        foreach (var (feed, after, last) in _own)
            unsent += (long)(last - Math.Min(last, Math.Max(after, _acknowledged[feed])));
        return unsent;
    }

    private void NoteUnsent(bool hasMoved)
    {
        if (CountUnsent() == 0) _unsentSince = null;
        else if (_unsentSince is null || hasMoved) _unsentSince = _timeProvider.GetUtcNow();
    }

    private bool IsAcknowledged(Dot[] ends) => Array.TrueForAll(ends, _acknowledged.Contains);

    private static Dot[] EndsOf((ReplicaId Feed, ulong After, ulong Last)[] own) => [.. own.Where(static feed => feed.Last > feed.After).Select(static feed => new Dot(feed.Feed, feed.Last))];

    /// <summary>What one transport sees of the controller.</summary>
    private sealed class LinkHost(SyncController controller, ISyncLog log) : ISyncLinkHost
    {
        private int _isReady;

        public ReplicaId Replica => log.Replica;

        public TimeProvider TimeProvider => controller._timeProvider;

        public void Report(string link, LinkState state, string? reason = null, EdgeErrorCode? code = null)
        {
            controller.Show(new(link, state, reason) { Code = code });
            if (state == LinkState.Faulted)
                controller._ready.TrySetException(new EdgeLinkException(code ?? EdgeErrorCode.LinkFaulted, link, reason ?? "The link cannot be opened."));
            else if (state is LinkState.Listening or LinkState.Connected && Interlocked.Exchange(ref _isReady, 1) == 0 && Interlocked.Decrement(ref controller._notReady) == 0)
                controller._ready.TrySetResult();
            controller.StatusChanged?.Invoke();
        }

        public Task<SessionEnd> RunSessionAsync(IDuplexPipe connection, string link, CancellationToken cancellationToken) => RunSessionAsync(connection, link, log, cancellationToken);

        public async Task<SessionEnd> RunSessionAsync(IDuplexPipe connection, string link, ClaimsPrincipal user, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(user);
            var known = log.Enter(new(user));
            try { return await RunSessionAsync(connection, link, known, cancellationToken).ConfigureAwait(false); }
            finally { known.Leave(); }
        }

        private async Task<SessionEnd> RunSessionAsync(IDuplexPipe connection, string link, ISyncLog log, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(connection);
            var driver = new SyncDriver(connection, log, new(), TimeProvider, controller._scheduler, controller._counters)
            {
                PeerAdvanced = controller.OnPeerAdvanced,
                VersionTaken = controller.OnVersion,
                SectionsAnswered = (driver, lacking) => controller.SectionsAnswered?.Invoke(driver, lacking),
            };
            ImmutableInterlocked.Update(ref controller._drivers, static (drivers, driver) => drivers.Add(driver), driver);
            try
            {
                var fault = await driver.RunAsync(cancellationToken).ConfigureAwait(false);
                if (fault.End == SessionEnd.Refused)
                {
                    var refused = new LinkStatus(link, LinkState.Faulted, fault.Reason) { Code = fault.Code };
                    Volatile.Write(ref controller._lastFault, refused);
                    controller.Show(refused);
                }
                return fault.End;
            }
            finally
            {
                ImmutableInterlocked.Update(ref controller._drivers, static (drivers, driver) => drivers.Remove(driver), driver);
                controller.StatusChanged?.Invoke();
            }
        }
    }
}
