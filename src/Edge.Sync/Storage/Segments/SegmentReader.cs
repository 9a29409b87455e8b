using Edge.Sync.Log;

namespace Edge.Sync.Storage.Segments;

/// <summary>Makes changes of the columns of a <see cref="LogSegment"/> again, byte for byte.</summary>
/// <remarks>
/// <code>
/// replicas  ids of 16 bytes; the others name them by number
/// known     count, for each: replica, counter, id of 32 bytes       changes before the segment that its changes follow
/// authors   for each change its replica + 1; or 0 where it is kept as it is: then its feed, its last counter, its id, and how many bytes it has
/// counts    for each change its number of operations; the first one is that after the last of its feed so far
/// times     for each change its milliseconds, as a signed distance from the one before; logicals: the rest of its stamp
/// lengths   for each change the length of its body; stored: how many bytes of that are absent, signed
/// heads     for each change their number, for each: replica, signed distance back from the last of its feed so far
/// seals     for each seal: changes passed over, length, bytes; then the changes that are left
/// bodies    for each change its body, before it the owner's key where it is the first of its feed; or all of it where it is kept as it is
/// </code>
/// Signed numbers are zigzag. A change is kept as it is where these columns would not give its bytes and its id again: the log may hold what no honest replica wrote.
/// </remarks>
internal sealed class SegmentReader
{
    private readonly DatabaseId _database;
    private readonly VarintReader[] _columns = new VarintReader[SegmentColumns.Count];
    private readonly List<ReplicaId> _replicas = [];
    private readonly Dictionary<Dot, ChangeId> _ids = [];
    private readonly Dictionary<ReplicaId, ulong> _ends = [];
    private readonly List<(Dot Last, Change? Change, ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Seal)> _changes = [];
    private VarintReader _bodies;
    private long _milliseconds;

    private SegmentReader(DatabaseId database, VarintReader columns, VarintReader bodies)
    {
        (_database, _bodies) = (database, bodies);
        for (var i = 0; i < SegmentColumns.Count; i++)
            _columns[i] = new(columns.ReadBytes(columns.ReadCount(int.MaxValue)));
        ReadEnd(columns);
        ref var replicas = ref _columns[SegmentColumns.Replicas];
        while (!replicas.End)
            _replicas.Add(replicas.ReadReplica());
        ref var known = ref _columns[SegmentColumns.Known];
        for (var left = known.ReadCount(int.MaxValue); left > 0; left--)
        {
            var dot = new Dot(ReadReplica(ref known), known.Read());
            _ids[dot] = known.ReadId();
            _ends[dot.Replica] = Math.Max(_ends.GetValueOrDefault(dot.Replica), dot.Counter);
        }
    }

    /// <exception cref="EdgeDataException">They are no columns of so many changes.</exception>
    public static IReadOnlyList<StoredChange> Read(DatabaseId database, long first, int count, ReadOnlyMemory<byte> columns, ReadOnlyMemory<byte> bodies)
    {
        var reader = new SegmentReader(database, new(columns), new(bodies));
        for (var i = 0; i < count; i++)
            reader.ReadChange();
        reader.ReadSeals();
        foreach (var column in reader._columns)
            ReadEnd(column);
        ReadEnd(reader._bodies);
        var ids = new Lazy<ChangeId[]>(reader.ComputeIds);
        return [.. reader._changes.Select((change, i) => new StoredChange(first + i, change.Last, ids, i, change.Bytes, change.Seal))];
    }

    private void ReadChange()
    {
        ref var authors = ref _columns[SegmentColumns.Authors];
        var author = authors.ReadCount(_replicas.Count);
        if (author == 0)
        {
            var last = new Dot(ReadReplica(ref authors), authors.Read());
            _ids[last] = authors.ReadId();
            _ends[last.Replica] = last.Counter;
            _changes.Add((last, null, _bodies.ReadBytes(authors.ReadCount(int.MaxValue)), default));
            return;
        }
        var header = ReadHeader(_replicas[author - 1]);
        var bytes = ChangeCodec.Write(header, _bodies.ReadBytes(header.BodyBytes - _columns[SegmentColumns.Stored].ReadSigned()).Span);
        _ends[header.Replica] = header.Last.Counter;
        _changes.Add((header.Last, Change.Parse(bytes), bytes, default));
    }

    private ChangeHeader ReadHeader(ReplicaId replica)
    {
        var first = _ends.GetValueOrDefault(replica) + 1;
        var count = _columns[SegmentColumns.Counts].ReadCount(LogLimits.CountMax);
        _milliseconds += _columns[SegmentColumns.Times].ReadSigned();
        var stamp = new HybridTimestamp((ulong)_milliseconds << 16 | _columns[SegmentColumns.Logicals].Read() & 0xFFFF);
        var bodyBytes = _columns[SegmentColumns.Lengths].ReadCount(LogLimits.BodyBytesMax);
        ref var column = ref _columns[SegmentColumns.Heads];
        var heads = new Dot[column.ReadCount(LogLimits.DependenciesMax)];
        for (var i = 0; i < heads.Length; i++)
        {
            var head = ReadReplica(ref column);
            heads[i] = new(head, (ulong)((long)_ends.GetValueOrDefault(head) - column.ReadSigned()));
        }
        PublicKey? owner = null;
        if (first == 1 && !PublicKey.TryRead(_bodies.ReadBytes(PublicKey.SizeBytes).Span, out owner)) throw _bodies.Malformed("an owner's key is none");
        return new(replica, first, count, heads, stamp, bodyBytes, owner);
    }

    private void ReadSeals()
    {
        ref var seals = ref _columns[SegmentColumns.Seals];
        for (var i = seals.ReadCount(_changes.Count); i < _changes.Count; i += 1 + seals.ReadCount(_changes.Count))
            _changes[i] = _changes[i] with { Seal = seals.ReadBytes(seals.ReadCount(byte.MaxValue)) };
    }

    private ChangeId[] ComputeIds()
    {
        var result = new ChangeId[_changes.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var (last, change, _, _) = _changes[i];
            if (change is not null)
            {
                var header = change.Header;
                _ids[last] = change.ComputeId(_database, header.First == 1 ? default : IdOf(new(header.Replica, header.First - 1)), Array.ConvertAll(header.Dependencies, IdOf));
            }
            result[i] = _ids[last];
        }
        return result;
    }

    private ChangeId IdOf(Dot dot) => _ids.TryGetValue(dot, out var id) ? id : throw new EdgeDataException($"Malformed segment: {dot} is followed, and its id is not there.", "segment.known", 0);

    private ReplicaId ReadReplica(ref VarintReader column) => column.Read() is var number && number < (ulong)_replicas.Count ? _replicas[(int)number] : throw column.Malformed("it names no replica");

    private static void ReadEnd(VarintReader column)
    {
        if (!column.End) throw column.Malformed("it is longer than its changes");
    }
}
