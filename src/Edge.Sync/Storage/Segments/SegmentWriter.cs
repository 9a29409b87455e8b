using System.Buffers;
using Edge.Sync.Log;

namespace Edge.Sync.Storage.Segments;

/// <summary>Divides changes into the columns of a <see cref="LogSegment"/>. See <see cref="SegmentReader"/> for their layout.</summary>
internal sealed class SegmentWriter
{
    private readonly DatabaseId _database;
    private readonly Func<Dot, ChangeId> _idOf;
    private readonly VarintWriter[] _columns = [.. Enumerable.Range(0, SegmentColumns.Count).Select(static _ => new VarintWriter())];
    private readonly ArrayBufferWriter<byte> _bodies = new();
    private readonly ReplicaTable _replicas = new();
    private readonly Dictionary<Dot, ChangeId> _ids = [];
    private readonly Dictionary<Dot, ChangeId> _known = [];
    private readonly Dictionary<ReplicaId, ulong> _ends = [];
    private long _milliseconds;
    private ulong _unsealed;

    private SegmentWriter(DatabaseId database, Func<Dot, ChangeId> idOf) => (_database, _idOf) = (database, idOf);

    /// <param name="database">What ids hash.</param>
    /// <param name="changes">One or more, without a gap.</param>
    /// <param name="idOf">Gives the id of a change before them.</param>
    public static (byte[] Columns, byte[] Bodies) Write(DatabaseId database, IReadOnlyList<StoredChange> changes, Func<Dot, ChangeId> idOf)
    {
        var writer = new SegmentWriter(database, idOf);
        var regular = changes.Select(writer.Prepare).ToArray();
        writer.WriteKnown();
        for (var i = 0; i < changes.Count; i++)
        {
            if (regular[i] is { } change) writer.WriteRegular(change);
            else writer.WriteAsItIs(changes[i]);
            writer.WriteSeal(changes[i].Signature.Span);
        }
        writer._columns[SegmentColumns.Seals].Write(writer._unsealed);
        foreach (var replica in writer._replicas.Replicas)
            writer._columns[SegmentColumns.Replicas].Write(replica);
        var columns = new VarintWriter();
        foreach (var column in writer._columns)
        {
            columns.Write((ulong)column.Bytes.Length);
            columns.Write(column.Bytes);
        }
        return (columns.Bytes.ToArray(), writer._bodies.WrittenSpan.ToArray());
    }

    /// <summary>The change where its columns would give its bytes and its id again; null where it must be kept as it is.</summary>
    private Change? Prepare(StoredChange stored)
    {
        var change = TryParse(stored);
        if (change is not null && !FollowsKnown(change, stored.Id)) change = null;
        _ids[stored.Last] = stored.Id;
        _ends[stored.Last.Replica] = stored.Last.Counter;
        return change;
    }

    private Change? TryParse(StoredChange stored)
    {
        try
        {
            var change = Change.Parse(stored.Bytes);
            var header = change.Header;
            return header is { Scope: null, Commit: null } && header.Last == stored.Last && (header.First == 1 || !_ends.TryGetValue(header.Replica, out var end) || end == header.First - 1)
                && ChangeCodec.Write(header, change.Body.Span).AsSpan().SequenceEqual(stored.Bytes.Span) ? change : null;
        }
        catch (EdgeDataException) { return null; }
    }

    private bool FollowsKnown(Change change, ChangeId id)
    {
        var header = change.Header;
        var previous = header.First == 1 ? default : IdOf(new(header.Replica, header.First - 1));
        var heads = Array.ConvertAll(header.Dependencies, IdOf);
        return (header.First == 1 || previous != default) && !heads.Contains(default) && change.ComputeId(_database, previous, heads) == id;
    }

    private ChangeId IdOf(Dot dot)
    {
        if (_ids.TryGetValue(dot, out var id) || _known.TryGetValue(dot, out id)) return id;
        return _known[dot] = _idOf(dot);
    }

    private void WriteKnown()
    {
        _ends.Clear();
        var column = _columns[SegmentColumns.Known];
        column.Write((ulong)_known.Count);
        foreach (var (dot, id) in _known)
        {
            column.Write((ulong)_replicas.IndexOf(dot.Replica));
            column.Write(dot.Counter);
            column.Write(id);
            _ends[dot.Replica] = Math.Max(_ends.GetValueOrDefault(dot.Replica), dot.Counter);
        }
    }

    private void WriteRegular(Change change)
    {
        var header = change.Header;
        _columns[SegmentColumns.Authors].Write((ulong)_replicas.IndexOf(header.Replica) + 1);
        _columns[SegmentColumns.Counts].Write((ulong)header.Count);
        _columns[SegmentColumns.Times].WriteSigned(header.Timestamp.UnixMilliseconds - _milliseconds);
        _columns[SegmentColumns.Logicals].Write(header.Timestamp.Value & 0xFFFF);
        _columns[SegmentColumns.Lengths].Write((ulong)header.BodyBytes);
        _columns[SegmentColumns.Stored].WriteSigned(header.BodyBytes - change.Body.Length);
        var heads = _columns[SegmentColumns.Heads];
        heads.Write((ulong)header.Dependencies.Length);
        foreach (var head in header.Dependencies)
        {
            heads.Write((ulong)_replicas.IndexOf(head.Replica));
            heads.WriteSigned((long)_ends.GetValueOrDefault(head.Replica) - (long)head.Counter);
        }
        _milliseconds = header.Timestamp.UnixMilliseconds;
        _ends[header.Replica] = header.Last.Counter;
        if (header.Owner is { } owner) _bodies.Write(owner.Bytes);
        _bodies.Write(change.Body.Span);
    }

    private void WriteAsItIs(StoredChange stored)
    {
        var column = _columns[SegmentColumns.Authors];
        column.Write(0);
        column.Write((ulong)_replicas.IndexOf(stored.Last.Replica));
        column.Write(stored.Last.Counter);
        column.Write(stored.Id);
        column.Write((ulong)stored.Bytes.Length);
        _ends[stored.Last.Replica] = stored.Last.Counter;
        _bodies.Write(stored.Bytes.Span);
    }

    private void WriteSeal(ReadOnlySpan<byte> seal)
    {
        if (seal.IsEmpty)
        {
            _unsealed++;
            return;
        }
        var column = _columns[SegmentColumns.Seals];
        column.Write(_unsealed);
        column.Write((ulong)seal.Length);
        column.Write(seal);
        _unsealed = 0;
    }
}
