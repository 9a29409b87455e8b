using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts;

/// <summary>
/// An add-wins set: a removal takes away the additions that its author had seen, and no others.
/// </summary>
/// <remarks>Alice removes "seal" while Bob, offline, adds "seal" again: it stays.</remarks>
internal sealed class SetState : DotState, IResettable
{
    /// <summary>The dots that hold each element in the set; never empty.</summary>
    private readonly Dictionary<ValueBytes, DotSet> _elements = [];

    public override CrdtKind Kind => CrdtKind.Set;

    public int Count => _elements.Count;

    public override bool IsEmpty => _elements.Count == 0;

    public IReadOnlyCollection<ValueBytes> Elements => _elements.Keys;

    public bool Contains(ValueBytes element) => _elements.ContainsKey(element);

    /// <summary>The dots that hold an element in the set. They share the set's: read only, until the next join.</summary>
    internal Votes VotesFor(ValueBytes element) => new() { For = _elements.GetValueOrDefault(element) };

    public SetDelta Add(Dot dot, ValueBytes element) => SetDelta.Add(Kind, dot, element, DotsOf(element));

    public SetDelta Remove(Dot dot, ValueBytes element) => SetDelta.Remove(Kind, dot, element, DotsOf(element));

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var set = (SetDelta)delta;
        if (set.IsAddition)
        {
            ref var dots = ref CollectionsMarshal.GetValueRefOrAddDefault(_elements, set.Element, out _);
            dots.Remove(set.Replaced);
            dots.Add(delta.First);
            return;
        }
        ref var present = ref CollectionsMarshal.GetValueRefOrNullRef(_elements, set.Element);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref present)) return;
        present.Remove(set.Replaced);
        if (present.Count == 0) _elements.Remove(set.Element);
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var their = ((SetState)other)._elements;
        foreach (var element in _elements.Keys)
        {
            ref var dots = ref CollectionsMarshal.GetValueRefOrNullRef(_elements, element);
            their.TryGetValue(element, out var theirDots);
            dots.Join(in theirDots, ours, theirs);
            if (dots.Count == 0) _elements.Remove(element);
        }
        foreach (var (element, theirDots) in their)
        {
            if (_elements.ContainsKey(element)) continue;
            var dots = default(DotSet);
            dots.Join(in theirDots, ours, theirs);
            if (dots.Count > 0) _elements.Add(element, dots);
        }
    }

    public void Reset(VersionVector seen, Dot by)
    {
        foreach (var element in _elements.Keys)
        {
            ref var dots = ref CollectionsMarshal.GetValueRefOrNullRef(_elements, element);
            dots.Reset(seen);
            if (dots.Count == 0) _elements.Remove(element);
        }
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new SetState();
        foreach (var (element, dots) in _elements)
            if (dots.Unseen(peer, kept) is { Count: > 0 } rest) unseen._elements.Add(element, rest);
        return unseen;
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var dots in _elements.Values)
            dots.CollectReplicas(table);
    }

    /// <summary>An array of (element, [dots]), by ascending bytes of the element.</summary>
    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_elements.Count * 2);
        foreach (var element in Ascending.Keys(_elements))
        {
            writer.WriteValue(element);
            writer.WriteDots(CollectionsMarshal.GetValueRefOrNullRef(_elements, element).Span);
        }
    }

    public static SetState Read(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("set");
        if (length % 2 != 0) throw reader.Malformed("set", "an element is cut short");
        var state = new SetState();
        for (var (i, last) = (0, default(ValueBytes)); i < length; i += 2)
        {
            var element = reader.ReadValue("set.element");
            if (i > 0 && element.CompareTo(last) <= 0) throw reader.Malformed("set.element", "its elements are not in ascending order");
            var dots = reader.ReadDots("set.dots");
            if (dots.Length == 0) throw reader.Malformed("set.dots", "an element without a dot is not in the set");
            state._elements.Add(last = element, new(dots));
        }
        return state;
    }

    public override void Check()
    {
        foreach (var dots in _elements.Values)
        {
            if (dots.Count == 0) throw new InvalidOperationException("An element has no dot.");
            dots.Check();
        }
    }

    private Dot[] DotsOf(ValueBytes element) => _elements.TryGetValue(element, out var dots) ? dots.Span.ToArray() : [];
}
