using System.Buffers;
using Edge.Sync.Log;
using Edge.Sync.Trust;

namespace Edge.Sync.Replication;

/// <summary>
/// One side of a sync with one peer, as a state machine: bytes in, bytes out, and requests to whoever holds the log. No I/O, no clock.
/// </summary>
/// <remarks>
/// <para>How it goes: both say hello with a fingerprint of what they hold. Where the fingerprints are equal, that was all. Else both say what
/// they have, feed by feed, with ids; each sends what the other lacks, in its own order of arrival; each says again what it has as soon as that
/// survives a power cut, which acknowledges it. New changes flow the same way while the session lasts.</para>
/// <para>Frames may be lost, doubled or reordered (they are not over TCP, but a simulation does it): whatever is not acknowledged in time is sent
/// again, and what arrives too early is asked for again. So a session resumes anywhere.</para>
/// <para>Invariants: what is sent is never beyond the version that <see cref="OnVersion"/> gave; at most <see cref="SyncLimits.WindowBytes"/> are
/// unacknowledged, plus one change.</para>
/// <para>Not safe for use by several threads at once.</para>
/// </remarks>
/// <param name="database">The database.</param>
/// <param name="self">The id that this side writes under as the session begins.</param>
/// <param name="instance">This opening of the file: tells a link that leads back here from one to a copy of the file.</param>
/// <param name="limits">The limits.</param>
/// <param name="key">This device's key; null to leave it unsaid.</param>
internal sealed partial class SyncSession(DatabaseId database, ReplicaId self, ulong instance, SyncLimits limits, PublicKey? key = null)
{
    private readonly Queue<ReceivedChange[]> _received = [];
    private readonly Queue<HaveMessage> _claims = [];
    private readonly List<StoredChange> _outgoing = [];
    private readonly Queue<(Dot Last, int Bytes)> _unacknowledged = [];
    private readonly Dictionary<ReplicaId, FeedEnd> _duplicates = [];
    private long _duplicatesAt;
    private LogVersion _version = LogVersion.Empty;
    private LogVersion _announced = LogVersion.Empty;
    private VersionVector _known = new();
    private long _cursor = -1;
    private int _unacknowledgedBytes;
    private bool _helloDue = true, _haveDue, _completeHaveDue, _rewindDue, _pingDue, _completeHaveSent, _reading, _mustTell, _tells;
    private (EdgeErrorCode Code, string Reason)? _byeDue;
    private DateTimeOffset _now, _began, _progress, _heard, _spoke, _rewound;
    private TimeSpan _rewindAfter;

    /// <summary>The peer, once it has said hello.</summary>
    public ReplicaId? Peer { get; private set; }

    /// <summary>Its device's key, as it says; nothing proves it. Null where it has not said.</summary>
    public PublicKey? PeerKey { get; private set; }

    /// <summary>What the peer has acknowledged: durable there.</summary>
    public VersionVector Acknowledged { get; } = new();

    /// <summary>Whether it is known what the peer holds.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>Why the session is over; null while it runs.</summary>
    public SyncFault? Fault { get; private set; }

    /// <summary>Takes one frame from the peer. What is wrong with it ends the session with a <see cref="Fault"/>; it is not thrown.</summary>
    public void Receive(ReadOnlyMemory<byte> frame)
    {
        if (Fault is not null) return;
        _heard = _now;
        try
        {
            var reader = new WireReader(frame, default);
            reader.ReadArrayHeader("message", 1, exactly: false);
            switch (reader.ReadInt32("message.type"))
            {
                case SyncMessage.Hello: OnHello(SyncMessage.ReadHello(ref reader)); break;
                case SyncMessage.Have: OnHave(SyncMessage.ReadHave(ref reader, limits.FeedsMax, limits.AbsentMax)); break;
                case SyncMessage.Changes: OnChanges(SyncMessage.ReadChanges(ref reader)); break;
                case SyncMessage.Ping: break;
                case SyncMessage.Keys: OnKeys(SyncMessage.ReadKeys(ref reader, limits.KeysMax)); break;
                case SyncMessage.WantKeys: OnWantKeys(SyncMessage.ReadWantKeys(ref reader, limits.KeysMax)); break;
                case SyncMessage.WantSections: OnWantSections(SyncMessage.ReadWantSections(ref reader, limits.SectionsMax)); break;
                case SyncMessage.Sections: OnSections(SyncMessage.ReadSections(ref reader, limits.SectionsMax)); break;
                case SyncMessage.Bye:
                    var (code, reason) = SyncMessage.ReadBye(ref reader);
                    Fault = new(code, $"The peer ended the sync: {reason}", SessionEnd.Refused);
                    break;
                // A newer peer may know more kinds of messages within the same protocol version; it must not rely on them.
                default: break;
            }
        }
        catch (EdgeDataException e) { Fail(e.Code, e.Message); }
    }

    /// <summary>Writes the next frame for the peer. False where there is nothing to say.</summary>
    public bool TryGenerate(IBufferWriter<byte> frame)
    {
        if (!TryWriteNext(frame)) return false;
        _spoke = _now;
        _pingDue = false;
        return true;
    }

    /// <summary>Tells the time. Call it about once a second.</summary>
    /// <param name="now">The time.</param>
    /// <param name="hasHeard">Whether bytes have come since the last call, be it a part of a frame only.</param>
    public void Tick(DateTimeOffset now, bool hasHeard = false)
    {
        Listen(now, hasHeard);
        if (now - _spoke >= limits.PingAfter) _pingDue = true;
        if (_duplicates.Count > 0 || (_rewindDue && now - _rewound >= _rewindAfter)) _completeHaveDue = true;
        if (now - _progress < limits.ResendAfter) return;
        _progress = now;
        if (!IsEstablished) _helloDue = true;
        else if (_unacknowledged.Count > 0) Rewind();
    }

    /// <summary>As <see cref="Tick"/>, while this side cannot speak: only asks whether the peer is still there.</summary>
    public void Listen(DateTimeOffset now, bool hasHeard)
    {
        if (_now == default) (_began, _progress, _heard, _spoke) = (now, now, now, now);
        _now = now;
        if (hasHeard) _heard = now;
        if (now - _heard >= limits.GoneAfter) Fault ??= new(EdgeErrorCode.LinkFaulted, $"The peer has said nothing for {limits.GoneAfter.TotalSeconds:0} seconds.", SessionEnd.Closed);
        if (Peer is null && now - _began >= limits.HelloWithin) Fault ??= new(EdgeErrorCode.LinkFaulted, $"The peer did not say hello within {limits.HelloWithin.TotalSeconds:0} seconds.", SessionEnd.Closed);
    }

    /// <summary>Says what this side holds, as far as it survives a power cut.</summary>
    public void OnVersion(LogVersion version)
    {
        var isRenamed = version.BranchCount != _version.BranchCount;
        _version = version;
        _haveDue |= IsEstablished && (!version.Names(_announced) || !ReferenceEquals(version.Absent, _announced.Absent));
        if (!isRenamed || !IsEstablished) return;
        // A feed has forked: what was taken for known to the peer may be another branch.
        Rewind();
        _completeHaveDue = true;
    }

    /// <summary>Feed ends that the peer claims, for the log to find out what they mean here: answer with <see cref="OnResolved"/>.</summary>
    public bool TryPeekClaims(out FeedEnd[] claims)
    {
        var found = _claims.TryPeek(out var have);
        claims = have?.Ends!;
        return found;
    }

    /// <summary>Takes what the oldest claims mean.</summary>
    /// <param name="held">What the peer holds, by names here.</param>
    public void OnResolved(ReadOnlySpan<Dot> held)
    {
        var have = _claims.Dequeue();
        if (Fault is not null) return;
        // An older one may come later; what it says of feeds stays true, what it says of absent documents does not.
        if (have.Number > _peerHaveNumber) (_peerHaveNumber, _peerAbsent) = (have.Number, have.Absent);
        Note(have.Ends);
        foreach (var last in held)
        {
            _known.Include(last);
            Acknowledged.Include(last);
        }
        if (Acknowledged.Count > limits.FeedsMax)
        {
            Fail(EdgeErrorCode.LimitExceeded, $"The peer has named more than {limits.FeedsMax} feeds.");
            return;
        }
        while (_unacknowledged.TryPeek(out var first) && Acknowledged.Contains(first.Last))
        {
            _unacknowledgedBytes -= first.Bytes;
            _unacknowledged.Dequeue();
            _progress = _now;
        }
        if (have.IsComplete)
        {
            if (!IsEstablished) Establish();
            _completeHaveDue |= !_completeHaveSent;
        }
        _tells |= have.MustTell;
        if (have.MustRewind) Rewind();
    }

    /// <summary>Changes from the peer, for the log to apply in this order. Then call <see cref="OnApplied"/>.</summary>
    public bool TryTakeReceived(out ReceivedChange[] changes) => _received.TryDequeue(out changes!);

    /// <summary>Tells what became of received changes.</summary>
    public void OnApplied(ApplyOutcome outcome)
    {
        foreach (var dot in outcome.Known)
            _known.Include(dot);
        foreach (var (feed, end) in outcome.Held)
            _duplicates[feed] = end;
        if (outcome.Held.Count > 0) _duplicatesAt = outcome.Sequence;
        _mustTell |= outcome.AnyUntold;
        _completeHaveDue |= outcome.AnyEarly || outcome.AnyDuplicate;
        if (outcome.AcceptedCount > 0) _rewindAfter = TimeSpan.Zero;
        // Some came before what they follow: the peer is asked to begin anew from what is held.
        _rewindDue |= outcome.AnyEarly;
    }

    /// <summary>Asks for changes that the peer lacks, where there is credit for them. Answer with <see cref="Provide"/>.</summary>
    public bool TryTakeRead(out ReadRequest request)
    {
        request = new(_known, _cursor, limits.BatchBytes, _tells);
        if (!IsEstablished || Fault is not null || _reading || _outgoing.Count > 0 || _unacknowledgedBytes >= limits.WindowBytes) return false;
        if (_cursor >= _version.Sequence) return false;
        return _reading = true;
    }

    /// <summary>Takes the changes that were asked for.</summary>
    /// <param name="request">The request, as it was.</param>
    /// <param name="changes">In order of arrival.</param>
    /// <param name="cursor">Where to go on from.</param>
    public void Provide(ReadRequest request, IReadOnlyList<StoredChange> changes, long cursor)
    {
        _reading = false;
        // The peer may have asked to begin anew while the log was being read.
        if (request.After != _cursor) return;
        _cursor = cursor;
        foreach (var change in changes)
            if (!_known.Contains(change.Last)) _outgoing.Add(change);
    }

    /// <summary>Ends the session and tells the peer why.</summary>
    public void Fail(EdgeErrorCode code, string reason, SessionEnd end = SessionEnd.Refused)
    {
        if (Fault is not null) return;
        Fault = new(code, reason, end);
        _byeDue = (code, reason);
    }

    private void OnHello(HelloMessage hello)
    {
        if (hello.Database != database) { Fail(EdgeErrorCode.OtherDatabase, "The two sides are replicas of different databases. Give both files the same EdgeDatabaseOptions.Name."); return; }
        if (hello.Instance == instance) { Fail(EdgeErrorCode.LinkFaulted, "The link leads back to this replica itself.", SessionEnd.Self); return; }
        if (Peer is not null && Peer != hello.Replica) { Fail(EdgeErrorCode.ProtocolMismatch, "The peer changed its replica id in mid-session."); return; }
        var isFirst = Peer is null;
        Peer = hello.Replica;
        if (isFirst) (_peerInstance, PeerKey) = (hello.Instance, hello.Key);
        IsPeerKeeper = hello.State != KeeperState.MayEvict;
        // A peer that says hello again has not heard ours.
        _helloDue |= !isFirst && !hello.HasHeard;
        if (isFirst && hello.Fingerprint == _version.Fingerprint)
        {
            // Equal: what we hold is what the peer holds, and nothing needs to be said.
            foreach (var end in _version.Ends)
            {
                _known.Include(end.Last);
                Acknowledged.Include(end.Last);
            }
            _announced = _version;
            _cursor = _version.Sequence;
            Establish();
            if (hello.State == KeeperState.Whole)
            {
                _peerAbsent = [];
                Note(_version.ByFeed(_version.Ends));
            }
            // But for what is absent here, which a hello does not name.
            _completeHaveDue |= State == KeeperState.Incomplete || (State == KeeperState.Whole && _saidState != State);
            return;
        }
        _completeHaveDue = true;
    }

    private void OnHave(HaveMessage have)
    {
        // Until it has said hello, nobody knows whose claims these are; its hello comes again.
        if (Peer is not null) _claims.Enqueue(have);
    }

    private void OnChanges(ReceivedChange[] changes)
    {
        if (Peer is null) return;
        _received.Enqueue(changes);
    }

    private void Establish()
    {
        IsEstablished = true;
        _progress = _now;
    }

    // Forgets what was sent and not acknowledged: it is sent again.
    private void Rewind()
    {
        _known = new(Acknowledged);
        _cursor = -1;
        _reading = false;
        _outgoing.Clear();
        _sentKeys.Clear();
        _unacknowledged.Clear();
        _unacknowledgedBytes = 0;
    }

    private bool TryWriteNext(IBufferWriter<byte> frame)
    {
        if (_byeDue is { } bye)
        {
            SyncMessage.WriteBye(frame, bye.Code, bye.Reason);
            _byeDue = null;
            return true;
        }
        if (Fault is not null) return false;
        if (_helloDue)
        {
            SyncMessage.WriteHello(frame, new(database, self, instance, _version.Fingerprint, Peer is not null, State, key));
            _saidState = State;
            _helloDue = false;
            return true;
        }
        if (Peer is not null && (_completeHaveDue || _haveDue))
        {
            var ends = _completeHaveDue ? _version.Ends : NewEnds();
            var mustRewind = _rewindDue && _now - _rewound >= _rewindAfter;
            SyncMessage.WriteHave(frame, new(_completeHaveDue, mustRewind, _mustTell, [.. _version.ByFeed(ends), .. TakeDuplicates()], ++_haveNumber, _version.KeepsAll ? _version.Absent : null));
            if (mustRewind)
            {
                // Where that does not help, it is asked for ever less often.
                (_rewindDue, _rewound) = (false, _now);
                _rewindAfter = _rewindAfter == default ? limits.RewindAfter : _rewindAfter * 2 < limits.ResendAfter ? _rewindAfter * 2 : limits.ResendAfter;
            }
            _announced = _version;
            _completeHaveSent |= _completeHaveDue;
            _haveDue = _completeHaveDue = false;
            return true;
        }
        if (TryWriteKeys(frame) || TryWriteSections(frame)) return true;
        if (_outgoing.Count > 0)
        {
            WriteChanges(frame);
            return true;
        }
        if (_pingDue && Peer is not null)
        {
            SyncMessage.WritePing(frame);
            return true;
        }
        return false;
    }

    private void WriteChanges(IBufferWriter<byte> frame)
    {
        if (_unacknowledged.Count == 0) _progress = _now;
        var batch = new List<ReceivedChange>(_outgoing.Count);
        var bytes = 0;
        foreach (var change in _outgoing)
        {
            if (batch.Count > 0 && bytes + change.Bytes.Length > limits.BatchBytes) break;
            batch.Add(change.ToReceived());
            bytes += change.Bytes.Length;
            _known.Include(change.Last);
            _unacknowledged.Enqueue((change.Last, change.Bytes.Length));
            _unacknowledgedBytes += change.Bytes.Length;
        }
        _outgoing.RemoveRange(0, batch.Count);
        SyncMessage.WriteChanges(frame, batch);
    }

    // What was there already is acknowledged as all is: once it survives a power cut.
    private FeedEnd[] TakeDuplicates()
    {
        if (_duplicates.Count == 0 || _version.Sequence < _duplicatesAt) return [];
        FeedEnd[] ends = [.. _duplicates.Values];
        _duplicates.Clear();
        return ends;
    }

    private FeedEnd[] NewEnds()
    {
        var before = new Dictionary<ReplicaId, FeedEnd>(_announced.Ends.Length);
        foreach (var end in _announced.Ends)
            before.Add(end.Last.Replica, end);
        var ends = new List<FeedEnd>();
        foreach (var end in _version.Ends)
            if (!before.TryGetValue(end.Last.Replica, out var old) || old != end) ends.Add(end);
        return [.. ends];
    }
}
