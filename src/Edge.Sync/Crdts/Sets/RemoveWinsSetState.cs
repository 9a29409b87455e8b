using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>
/// A remove-wins set: an element is in it if somebody added it and nobody removed it who had not seen that addition answered.
/// </summary>
/// <remarks>
/// <para>Alice removes "operator" while Bob, offline, adds "operator" again: it is gone. The choice for rights and allow-lists, where a
/// removal must not be undone by somebody who had not heard of it.</para>
/// <para>A removal is kept until it is stable, or until an addition that had seen it replaces it.</para>
/// </remarks>
internal sealed class RemoveWinsSetState : DotState, IResettable
{
    private readonly Dictionary<ValueBytes, Votes> _elements = [];

    public override CrdtKind Kind => CrdtKind.RemoveWinsSet;

    public override bool IsEmpty => _elements.Count == 0;

    /// <summary>How many elements are in the set, or are kept because of a removal.</summary>
    public int EntryCount => _elements.Count;

    public bool Contains(ValueBytes element) => _elements.TryGetValue(element, out var votes) && IsIn(votes);

    /// <summary>The elements in the set, in no order.</summary>
    public IEnumerable<ValueBytes> Elements
    {
        get
        {
            foreach (var (element, votes) in _elements)
                if (IsIn(votes)) yield return element;
        }
    }

    /// <summary>The elements in the set, and those that are kept because of a removal.</summary>
    internal IReadOnlyCollection<ValueBytes> Voted => _elements.Keys;

    /// <summary>The dots for and against an element. They share the set's: read only, until the next join.</summary>
    internal Votes VotesFor(ValueBytes element) => _elements.GetValueOrDefault(element);

    public SetDelta Add(Dot dot, ValueBytes element) => SetDelta.Add(Kind, dot, element, DotsOf(element));

    public SetDelta Remove(Dot dot, ValueBytes element) => SetDelta.Remove(Kind, dot, element, DotsOf(element));

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var set = (SetDelta)delta;
        ref var votes = ref CollectionsMarshal.GetValueRefOrAddDefault(_elements, set.Element, out _);
        votes.Remove(set.Replaced);
        if (set.IsAddition) votes.For.Add(delta.First);
        else votes.Against.Add(delta.First);
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var their = ((RemoveWinsSetState)other)._elements;
        foreach (var element in _elements.Keys)
        {
            ref var votes = ref CollectionsMarshal.GetValueRefOrNullRef(_elements, element);
            their.TryGetValue(element, out var theirVotes);
            votes.Join(in theirVotes, ours, theirs);
            if (votes.IsEmpty) _elements.Remove(element);
        }
        foreach (var (element, theirVotes) in their)
        {
            if (_elements.ContainsKey(element)) continue;
            var votes = default(Votes);
            votes.Join(in theirVotes, ours, theirs);
            if (!votes.IsEmpty) _elements.Add(element, votes);
        }
    }

    public void Reset(VersionVector seen, Dot by)
    {
        foreach (var element in _elements.Keys)
        {
            ref var votes = ref CollectionsMarshal.GetValueRefOrNullRef(_elements, element);
            votes.Reset(seen);
            if (votes.IsEmpty) _elements.Remove(element);
        }
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new RemoveWinsSetState();
        foreach (var (element, votes) in _elements)
            if (votes.Unseen(peer, kept) is { IsEmpty: false } rest) unseen._elements.Add(element, rest);
        return unseen;
    }

    public override void Compact(VersionVector stable)
    {
        foreach (var element in _elements.Keys)
        {
            ref var votes = ref CollectionsMarshal.GetValueRefOrNullRef(_elements, element);
            votes.Compact(stable);
            if (votes.IsEmpty) _elements.Remove(element);
        }
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var votes in _elements.Values)
            votes.CollectReplicas(table);
    }

    /// <summary>An array of (element, [dots that add], [dots that remove]), by ascending bytes of the element.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_elements.Count * 3);
        foreach (var element in Ascending.Keys(_elements))
        {
            writer.WriteValue(element);
            _elements[element].Write(ref writer);
        }
    }

    public static RemoveWinsSetState Read(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("removeWinsSet");
        if (length % 3 != 0) throw reader.Malformed("removeWinsSet", "an element is cut short");
        var state = new RemoveWinsSetState();
        for (var (i, last) = (0, default(ValueBytes)); i < length; i += 3)
        {
            var element = reader.ReadValue("removeWinsSet.element");
            if (i > 0 && element.CompareTo(last) <= 0) throw reader.Malformed("removeWinsSet.element", "its elements are not in ascending order");
            var votes = Votes.Read(ref reader, "removeWinsSet.dots");
            if (votes.IsEmpty) throw reader.Malformed("removeWinsSet.dots", "an element without a dot is not kept");
            state._elements.Add(last = element, votes);
        }
        return state;
    }

    public override void Check()
    {
        foreach (var votes in _elements.Values)
        {
            if (votes.IsEmpty) throw new InvalidOperationException("An element has no dot.");
            votes.Check();
        }
    }

    private static bool IsIn(in Votes votes) => votes.For.Count > 0 && votes.Against.Count == 0;

    private Dot[] DotsOf(ValueBytes element) => _elements.TryGetValue(element, out var votes) ? votes.ToDots() : [];
}
