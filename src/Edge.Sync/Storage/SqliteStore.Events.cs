namespace Edge.Sync.Storage;

/// <summary>The events of all streams, in one table: what streams, subscriptions and projections read.</summary>
internal sealed partial class SqliteStore
{
    private readonly List<StoredEvent> _appendedEvents = [];
    private readonly Dictionary<string, StoredEvent> _removedEvents = [];
    private SqliteStatement _insertEvent = null!, _removeEvent = null!, _readEvents = null!;
    private ulong? _lastEventDepth;

    /// <summary>The events of the open transaction, for the projections, which fold them before it is committed.</summary>
    public IReadOnlyList<StoredEvent> AppendedEvents => _appendedEvents;

    /// <summary>The collections that the open transaction has taken events from, each with the first of these in order.</summary>
    public IReadOnlyDictionary<string, StoredEvent> RemovedEvents => _removedEvents;

    /// <summary>Whether the open transaction has taken out all events, and stores again those that the log has.</summary>
    public bool AreAllEventsNew { get; private set; }

    // An index would cost each commit a page; this is asked once for each opening, by who appends.
    public ulong LastEventDepth => _lastEventDepth ??= (ulong)Guarded(() => (long)Scalar("SELECT coalesce(max(depth), 0) FROM edge_events")!);

    public void AppendEvent(in StoredEvent item)
    {
        try
        {
            Span<byte> stream = stackalloc byte[DocumentId.SizeBytes], replica = stackalloc byte[ReplicaId.SizeBytes];
            item.Stream.Id.WriteTo(stream);
            item.Dot.Replica.WriteTo(replica);
            _insertEvent.Bind(1, item.Position).Bind(2, item.Stream.Collection).Bind(3, stream).Bind(4, (long)item.Depth).Bind(5, EventRow.ToSorted(item.Stamp))
                .Bind(6, replica).Bind(7, (long)item.Dot.Counter).Bind(8, item.Value.Span).Run();
        }
        catch (Exception e) when (SqliteErrors.TryTranslate(e, Path, out var error)) { throw error; }
        if (_lastEventDepth < item.Depth) _lastEventDepth = item.Depth;
        if (!AreAllEventsNew) _appendedEvents.Add(item);
    }

    public void RemoveEvents(DocumentKey stream, IReadOnlySet<long>? positions = null) => Guarded(() =>
    {
        foreach (var item in ReadEvents(stream))
        {
            if (positions?.Contains(item.Position) == false) continue;
            _removeEvent.Bind(1, item.Position).Run();
            if (!_removedEvents.TryGetValue(stream.Collection, out var first) || item.CompareOrder(first) < 0) _removedEvents[stream.Collection] = item;
        }
        _appendedEvents.RemoveAll(item => item.Stream == stream && positions?.Contains(item.Position) != false);
        return true;
    });

    public void RewindSubscriptions(string collection, long position) => new SubscriptionTable(this).Rewind(collection, position);

    private void PrepareEvents()
    {
        _insertEvent = Prepare("INSERT INTO edge_events (position, collection, stream, depth, time, replica, counter, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _readEvents = Prepare($"SELECT {EventRow.Columns} FROM edge_events WHERE stream = ?2 AND collection = ?1 ORDER BY position");
        _removeEvent = Prepare("DELETE FROM edge_events WHERE position = ?1");
    }

    public IReadOnlyList<StoredEvent> ReadEvents(DocumentKey stream) => Guarded(() =>
    {
        var result = new List<StoredEvent>();
        try
        {
            _readEvents.Bind(1, stream.Collection).Bind(2, stream.Id.ToByteArray());
            while (_readEvents.Step())
                result.Add(EventRow.Read(_readEvents));
            return result;
        }
        finally { _readEvents.Reset(); }
    });

    private void ForgetAppendedEvents()
    {
        _appendedEvents.Clear();
        _removedEvents.Clear();
        AreAllEventsNew = false;
    }
}
