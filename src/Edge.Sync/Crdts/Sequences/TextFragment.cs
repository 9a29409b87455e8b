using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>What a peer lacks of a text: the characters beyond what it has seen, and all that is deleted among the others. It can only be joined into a text.</summary>
/// <remarks>
/// <code>
/// fragment = [ text, [ counter, ... ] for each replica of the text, [ replica, ranges, ... ascending ] [, removals ] ]
/// ranges   = for each deleted range of the replica, ascending: gap from the counter before, extent; varints
/// </code>
/// The text holds what is new; and, deleted and below the root, the characters of the peer below which something new hangs. These are the ones
/// up to the counters.
/// </remarks>
internal sealed class TextFragment : DotState
{
    private readonly Dictionary<ReplicaId, ulong> _peer = [];
    private readonly DotRange[] _deleted;

    public TextFragment(TextState part, VersionVector peer, DotRange[] deleted, KeyRemovals? removals)
    {
        (Part, _deleted, Removals) = (part, deleted, removals);
        foreach (var replica in part.Replicas()) _peer.Add(replica, peer[replica]);
    }

    private TextFragment(TextState part, Dictionary<ReplicaId, ulong> peer, DotRange[] deleted, KeyRemovals? removals) =>
        (Part, _peer, _deleted, Removals) = (part, peer, deleted, removals);

    public override CrdtKind Kind => CrdtKind.Text;

    public override bool IsEmpty => Part.IsEmpty && _deleted.Length == 0 && Removals is null;

    public TextState Part { get; }

    /// <summary>What is deleted among the characters that the peer has; ascending.</summary>
    public ReadOnlySpan<DotRange> Deleted => _deleted;

    public KeyRemovals? Removals { get; }

    /// <summary>Up to which counter the peer has a replica's characters.</summary>
    public ulong PeerCounter(ReplicaId replica) => _peer.GetValueOrDefault(replica);

    public override void Join(Delta delta, HybridTimestamp stamp) => throw OnlyJoined();

    public override void Join(DotState other, CausalContext ours, CausalContext theirs) => throw OnlyJoined();

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept) => throw OnlyJoined();

    public override void CollectReplicas(ReplicaTable table)
    {
        Part.CollectReplicas(table);
        foreach (var range in _deleted) table.IndexOf(range.First.Replica);
        Removals?.CollectReplicas(table);
    }

    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(Removals is null ? 3 : 4);
        Part.Write(ref writer);
        var replicas = Part.Replicas();
        writer.Raw.WriteArrayHeader(replicas.Length);
        foreach (var replica in replicas) writer.Raw.Write(PeerCounter(replica));
        WriteDeleted(ref writer);
        Removals?.Write(ref writer);
    }

    public static TextFragment Read(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("text.fragment");
        if (length is < 3 or > 4) throw reader.Malformed("text.fragment", $"it has 3 or 4 elements, not {length}");
        var part = TextState.Read(ref reader);
        var replicas = part.Replicas();
        reader.ReadArrayHeader("text.fragment.peer", replicas.Length, exactly: true);
        var peer = new Dictionary<ReplicaId, ulong>(replicas.Length);
        foreach (var replica in replicas) peer.Add(replica, reader.ReadUInt64("text.fragment.peer"));
        var deleted = ReadDeleted(ref reader);
        return new(part, peer, deleted, length == 4 ? KeyRemovals.Read(ref reader) : null);
    }

    public override void Check() => Part.Check();

    private void WriteDeleted(ref WireWriter writer)
    {
        var replicas = 0;
        for (var i = 0; i < _deleted.Length; i++)
            if (i == 0 || _deleted[i].First.Replica != _deleted[i - 1].First.Replica) replicas++;
        writer.Raw.WriteArrayHeader(replicas * 2);
        for (var i = 0; i < _deleted.Length;)
        {
            var replica = _deleted[i].First.Replica;
            var ranges = new VarintWriter();
            for (var last = 0UL; i < _deleted.Length && _deleted[i].First.Replica == replica; last = _deleted[i++].LastCounter)
            {
                ranges.Write(_deleted[i].First.Counter - last);
                ranges.Write(_deleted[i].Extent);
            }
            writer.WriteReplica(replica);
            writer.Raw.Write(ranges.Span);
        }
    }

    private static DotRange[] ReadDeleted(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("text.deleted");
        if (length % 2 != 0) throw reader.Malformed("text.deleted", "a replica has no ranges");
        var deleted = new List<DotRange>();
        for (var i = 0; i < length; i += 2)
        {
            var replica = reader.ReadReplica("text.deleted");
            if (deleted.Count > 0 && deleted[^1].First.Replica >= replica) throw reader.Malformed("text.deleted", "its replicas are not in ascending order");
            var bytes = reader.ReadBytes("text.deleted");
            if (bytes.Length == 0) throw reader.Malformed("text.deleted", "a replica has no ranges");
            var ranges = new VarintReader(bytes, reader.Offset - bytes.Length);
            for (var last = 0UL; !ranges.End;)
            {
                var (gap, extent) = (ranges.Read("text.deleted"), ranges.Read("text.deleted"));
                var end = (UInt128)last + gap + extent;
                if (gap == 0 || end > Dot.CounterMax) throw ranges.Malformed("text.deleted", "a range overlaps the one before, or is longer than a feed");
                deleted.Add(new(new(replica, last + gap), extent));
                last = (ulong)end;
            }
        }
        return [.. deleted];
    }

    private static InvalidOperationException OnlyJoined() => new("A fragment of a text can only be joined into a text.");
}
