using System.Buffers;
using System.IO.Pipelines;
using Edge.Sync.Log;
using Edge.Sync.Scheduling;

namespace Edge.Sync.Replication;

/// <summary>
/// Runs one session over one connection: moves frames between the pipe and the session, and the session's requests to the log.
/// </summary>
/// <remarks>
/// Two loops, one that reads and applies and one that writes, share the session by turns. Reading stops while a batch is being applied, so a fast
/// peer is held back by the pipe. Only the writing loop touches the output: a pipe takes one writer.
/// </remarks>
internal sealed class SyncDriver
{
    /// <summary>How long a peer that does not read may keep a goodbye from going out.</summary>
    private static readonly TimeSpan s_goodbyeWithin = TimeSpan.FromSeconds(2);

    private readonly IDuplexPipe _connection;
    private readonly ISyncLog _log;
    private readonly SyncLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly SyncCounters _counters;
    private readonly SyncSession _session;
    private readonly WaitingRoom _room = new();
    private readonly EdgeScheduler _scheduler;
    private readonly AsyncTurn _turn;
    private readonly WatchSignal _wake;
    private int _hasHeard, _mustAsk;
    private volatile bool _isEstablished;
    private bool _isStuck, _isMet;

    public SyncDriver(IDuplexPipe connection, ISyncLog log, SyncLimits limits, TimeProvider timeProvider, EdgeScheduler scheduler, SyncCounters counters)
    {
        (_connection, _log, _limits, _timeProvider, _scheduler, _counters) = (connection, log, limits, timeProvider, scheduler, counters);
        _session = new(log.Database, log.Replica, log.Instance, limits, log.Key);
        (_wake, _turn) = (new(scheduler), new(scheduler));
    }

    /// <summary>How many changes wait for the seal that covers them: a moment's count, for those who observe.</summary>
    public int WaitingCount => _room.Count;

    /// <summary>Says that there may be new changes to send.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Whether it is known what the peer holds.</summary>
    public bool IsEstablished => _isEstablished;

    /// <summary>Asks the peer at once for the sections that are absent here and wanted.</summary>
    public void AskSections()
    {
        Interlocked.Exchange(ref _mustAsk, 1);
        Wake();
    }

    /// <summary>Called when the peer has answered for sections, with the documents of which it lacks some.</summary>
    public Action<SyncDriver, IReadOnlyCollection<DocumentKey>>? SectionsAnswered { get; init; }

    /// <summary>Called with the peer's id once it is known, and again whenever it has acknowledged something.</summary>
    public Action<ReplicaId, VersionVector>? PeerAdvanced { get; init; }

    /// <summary>Called with what survives a power cut, whenever the session looks at it.</summary>
    public Action<LogVersion>? VersionTaken { get; init; }

    /// <summary>Runs until the connection or the session ends. Never throws: whatever ended it is the result.</summary>
    public async Task<SyncFault> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _timeProvider.CreateTimer(static state => ((SyncDriver)state!).Wake(), this, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _session.Tick(_timeProvider.GetUtcNow());
        if (await Ended(TakeVersionAsync(stop.Token)).ConfigureAwait(false) is { } failed) return failed;
        var reading = ReadAsync(stop.Token);
        var writing = WriteAsync(stop.Token);
        var ended = await Task.WhenAny(reading, writing).ConfigureAwait(false);
        if (ended == reading && _session.Fault is not null)
        {
            // Let the writer say goodbye before the connection closes.
            _wake.Set();
            await Task.WhenAny(writing, Task.Delay(s_goodbyeWithin, _timeProvider, stop.Token)).ConfigureAwait(false);
        }
        await _scheduler.CancelAsync(stop).ConfigureAwait(false);
        _wake.Complete();
        var first = await Ended(ended).ConfigureAwait(false);
        await Ended(ended == reading ? writing : reading).ConfigureAwait(false);
        return _session.Fault ?? first ?? new(EdgeErrorCode.LinkFaulted, "The connection was closed.", SessionEnd.Closed);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (_session.Fault is null)
        {
            var read = await _connection.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = read.Buffer;
            // Bytes are a sign of life, not only frames: a large one takes minutes over a slow link.
            if (!rest.IsEmpty) Interlocked.Exchange(ref _hasHeard, 1);
            try
            {
                while (TryReadFrame(ref rest, out var frame))
                {
                    _counters.AddReceived(frame.Length + sizeof(int));
                    await OnFrameAsync(frame.ToArray(), cancellationToken).ConfigureAwait(false);
                }
            }
            finally { _connection.Input.AdvanceTo(rest.Start, rest.End); }
            if (read.IsCompleted || read.IsCanceled) return;
        }
    }

    private bool TryReadFrame(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (_session.Fault is not null) return false;
        try { return FrameCodec.TryRead(ref rest, _limits.FrameBytesMax, out frame); }
        catch (EdgeDataException e)
        {
            _session.Fail(e.Code, e.Message);
            return false;
        }
    }

    private async Task OnFrameAsync(byte[] frame, CancellationToken cancellationToken)
    {
        await _turn.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _session.Receive(frame);
            if (!_isMet && _session.PeerKey is { } key)
            {
                _isMet = true;
                await _log.MeetAsync(key, cancellationToken).ConfigureAwait(false);
            }
            while (_session.TryPeekClaims(out var claims))
                _session.OnResolved(await _log.ResolveAsync(claims, cancellationToken).ConfigureAwait(false));
            while (_session.TryTakeNote(out var note))
                await _log.NoteAsync(note, cancellationToken).ConfigureAwait(false);
            // Before the changes: they come ahead of the sections that need them.
            while (_session.Fault is null && _session.TryTakeKeys(out var keys))
                await _log.TakeKeysAsync(_room, keys, cancellationToken).ConfigureAwait(false);
            while (_session.TryTakeWantedKeys(out var wanted))
                _session.AnswerKeys(_log.FindKeys(wanted));
            while (_session.Fault is null && _session.TryTakeReceived(out var changes))
                await ApplyAsync(changes, cancellationToken).ConfigureAwait(false);
            while (_session.Fault is null && _session.TryTakeSections(out var sections))
                SectionsAnswered?.Invoke(this, _session.OnFilled(sections, await _log.FillAsync(sections, cancellationToken).ConfigureAwait(false)));
            _isEstablished = _session.IsEstablished;
            if (_session.Peer is { } peer) PeerAdvanced?.Invoke(peer, _session.Acknowledged);
        }
        finally { _turn.Leave(); }
        _wake.Set();
    }

    private async Task ApplyAsync(ReceivedChange[] changes, CancellationToken cancellationToken)
    {
        var outcome = await _log.ApplyAsync(_room, changes, cancellationToken).ConfigureAwait(false);
        _counters.AddChangesReceived(outcome.AcceptedCount);
        _session.OnApplied(outcome);
        if (outcome.Refused is { } refused) _session.Fail(refused.Code, refused.Message);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        do await WriteRestAsync(cancellationToken).ConfigureAwait(false);
        while (_session.Fault is null && await _wake.WaitAsync(cancellationToken).ConfigureAwait(false));
        // The fault may have come after the last look: its goodbye is still due.
        await WriteRestAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task TakeVersionAsync(CancellationToken cancellationToken)
    {
        var version = await _log.SyncAsync(cancellationToken).ConfigureAwait(false);
        _session.OnVersion(version);
        VersionTaken?.Invoke(version);
    }

    /// <summary>Writes all that there is to say.</summary>
    private async Task WriteRestAsync(CancellationToken cancellationToken)
    {
        var frame = new ArrayBufferWriter<byte>(4096);
        while (!_isStuck)
        {
            await _turn.EnterAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                _session.Tick(_timeProvider.GetUtcNow(), HasHeard());
                await TakeVersionAsync(cancellationToken).ConfigureAwait(false);
                if (_session.TryTakeRead(out var request))
                {
                    var (changes, cursor) = await _log.ReadAsync(request, cancellationToken).ConfigureAwait(false);
                    _session.ProvideKeys(_log.FindKeys(changes));
                    _session.Provide(request, changes, cursor);
                    _counters.AddChangesSent(changes.Count);
                }
                if (_session.TryTakeMissing(out var after, out var countMax))
                    _session.Ask(await _log.ReadMissingKeysAsync(after, countMax, cancellationToken).ConfigureAwait(false));
                if (Interlocked.Exchange(ref _mustAsk, 0) == 1) _session.AskSectionsNow();
                if (_session.TryTakeWantedSections(out var names, out var bytesMax))
                    _session.AnswerSections(await _log.ReadSectionsAsync(names, bytesMax, cancellationToken).ConfigureAwait(false));
                if (_session.TryTakeAbsent(out var place, out var sectionsMax))
                    _session.AskSections(await _log.ReadWantedAsync(place, sectionsMax, cancellationToken).ConfigureAwait(false));
                frame.ResetWrittenCount();
                if (!_session.TryGenerate(frame)) return;
                FrameCodec.Write(_connection.Output, frame.WrittenSpan);
                _counters.AddSent(frame.WrittenCount + sizeof(int));
            }
            finally { _turn.Leave(); }
            // Outside of the turn: a peer that does not read must not keep this side from reading.
            if (!await FlushAsync(cancellationToken).ConfigureAwait(false)) return;
        }
    }

    /// <summary>Waits until the pipe has room again. False where the peer takes nothing more.</summary>
    private async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var flushing = _connection.Output.FlushAsync(cancellationToken);
        if (flushing.IsCompleted) return !(await flushing.ConfigureAwait(false)).IsCompleted;
        var flush = flushing.AsTask();
        while (true)
        {
            try { return !(await flush.WaitAsync(_limits.PingAfter, _timeProvider, cancellationToken).ConfigureAwait(false)).IsCompleted; }
            catch (TimeoutException)
            {
                // A peer that neither reads nor speaks must not hold this side for ever.
                _isStuck = !await IsPeerAliveAsync(cancellationToken).ConfigureAwait(false);
                if (_isStuck) return false;
            }
        }
    }

    private async Task<bool> IsPeerAliveAsync(CancellationToken cancellationToken)
    {
        await _turn.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _session.Listen(_timeProvider.GetUtcNow(), HasHeard());
            return _session.Fault is null;
        }
        finally { _turn.Leave(); }
    }

    private bool HasHeard() => Interlocked.Exchange(ref _hasHeard, 0) == 1;

    // Whatever a loop throws has ended the session: it must not take the link down with it, nor go unseen.
    private static async Task<SyncFault?> Ended(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) { return null; }
        catch (ObjectDisposedException) { return new(EdgeErrorCode.LinkFaulted, "The database was closed.", SessionEnd.Closed); }
        catch (IOException e) { return new(EdgeErrorCode.LinkFaulted, $"The connection broke: {e.Message}", SessionEnd.Closed); }
        catch (EdgeSyncException e) { return new(e.Code, e.Message, SessionEnd.Refused); }
        catch (Exception e) { return new(EdgeErrorCode.LinkFaulted, $"The session failed on this side: {e.Message}", SessionEnd.Refused); }
    }
}
