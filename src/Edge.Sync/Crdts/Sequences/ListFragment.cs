using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>What a peer lacks of a list: the places beyond what it has seen, and the elements that were edited since. It can only be joined into a list.</summary>
/// <remarks>
/// <code>fragment = [ list, [ counter, ... ] for each replica of the list's places ]</code>
/// Among the list's places, below the root and with nothing to be seen, are those of the peer below which something new hangs, and those of edited
/// elements. These are the ones up to the counters.
/// </remarks>
internal sealed class ListFragment : DotState
{
    private readonly Dictionary<ReplicaId, ulong> _peer = [];

    public ListFragment(ListState part, VersionVector peer)
    {
        Part = part;
        foreach (var replica in part.Replicas()) _peer.Add(replica, peer[replica]);
    }

    private ListFragment(ListState part, Dictionary<ReplicaId, ulong> peer) => (Part, _peer) = (part, peer);

    public override CrdtKind Kind => CrdtKind.List;

    public override bool IsEmpty => Part.IsEmpty;

    public ListState Part { get; }

    /// <summary>Up to which counter the peer has a replica's places.</summary>
    public ulong PeerCounter(ReplicaId replica) => _peer.GetValueOrDefault(replica);

    public override void Join(Delta delta, HybridTimestamp stamp) => throw OnlyJoined();

    public override void Join(DotState other, CausalContext ours, CausalContext theirs) => throw OnlyJoined();

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept) => throw OnlyJoined();

    public override void CollectReplicas(ReplicaTable table) => Part.CollectReplicas(table);

    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(2);
        Part.Write(ref writer);
        var replicas = Part.Replicas();
        writer.Raw.WriteArrayHeader(replicas.Length);
        foreach (var replica in replicas) writer.Raw.Write(PeerCounter(replica));
    }

    public static ListFragment Read(ref WireReader reader)
    {
        reader.ReadArrayHeader("list.fragment", 2, exactly: true);
        var part = ListState.Read(ref reader);
        var replicas = part.Replicas();
        reader.ReadArrayHeader("list.fragment.peer", replicas.Length, exactly: true);
        var peer = new Dictionary<ReplicaId, ulong>(replicas.Length);
        foreach (var replica in replicas) peer.Add(replica, reader.ReadUInt64("list.fragment.peer"));
        return new(part, peer);
    }

    public override void Check() => Part.Check();

    private static InvalidOperationException OnlyJoined() => new("A fragment of a list can only be joined into a list.");
}
