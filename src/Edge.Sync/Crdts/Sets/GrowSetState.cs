using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>A set from which nothing is ever removed: what was seen, visited, signed.</summary>
/// <remarks>
/// <para>Alice adds "A" and Bob, offline, adds "A" and "B": everyone has both, once each.</para>
/// <para>Of an element's dots the least is kept, so that a state can tell what a peer lacks.</para>
/// </remarks>
internal sealed class GrowSetState : DotState
{
    private readonly Dictionary<ValueBytes, Dot> _elements = [];

    public override CrdtKind Kind => CrdtKind.GrowSet;

    public int Count => _elements.Count;

    public override bool IsEmpty => _elements.Count == 0;

    public IReadOnlyCollection<ValueBytes> Elements => _elements.Keys;

    public bool Contains(ValueBytes element) => _elements.ContainsKey(element);

    /// <summary>Null where the element is there: there is nothing to say.</summary>
    public GrowSetDelta? Add(Dot dot, ValueBytes element) => Contains(element) ? null : new(dot, element);

    public override void Join(Delta delta, HybridTimestamp stamp) => Take(((GrowSetDelta)delta).Element, delta.First);

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        foreach (var (element, dot) in ((GrowSetState)other)._elements)
            Take(element, dot);
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new GrowSetState();
        foreach (var (element, dot) in _elements)
            if (!peer.Contains(dot)) unseen._elements.Add(element, dot);
        return unseen;
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var dot in _elements.Values)
            table.IndexOf(dot.Replica);
    }

    /// <summary>An array of (element, replica, counter), by ascending bytes of the element.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_elements.Count * 3);
        foreach (var element in Ascending.Keys(_elements))
        {
            writer.WriteValue(element);
            writer.WriteDot(_elements[element]);
        }
    }

    public static GrowSetState Read(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("growSet");
        if (length % 3 != 0) throw reader.Malformed("growSet", "an element is cut short");
        var state = new GrowSetState();
        for (var (i, last) = (0, default(ValueBytes)); i < length; i += 3)
        {
            var element = reader.ReadValue("growSet.element");
            if (i > 0 && element.CompareTo(last) <= 0) throw reader.Malformed("growSet.element", "its elements are not in ascending order");
            state._elements.Add(last = element, reader.ReadDot("growSet.dot"));
        }
        return state;
    }

    public override void Check()
    {
        foreach (var dot in _elements.Values)
            if (dot.Counter is 0 or > Dot.CounterMax) throw new InvalidOperationException($"{dot} is no dot.");
    }

    private void Take(ValueBytes element, Dot dot)
    {
        ref var least = ref CollectionsMarshal.GetValueRefOrAddDefault(_elements, element, out var isThere);
        if (!isThere || dot.CompareTo(least) < 0) least = dot;
    }
}
