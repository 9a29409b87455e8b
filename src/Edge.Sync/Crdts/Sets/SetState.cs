namespace Edge.Sync.Crdts;

/// <summary>
/// An add-wins set: a removal takes away the additions that its author had seen, and no others.
/// </summary>
/// <remarks>Alice removes "seal" while Bob, offline, adds "seal" again: it stays.</remarks>
internal sealed class SetState : CrdtState
{
    /// <summary>The dots that hold each element in the set; ascending, never empty.</summary>
    private readonly Dictionary<ValueBytes, List<Dot>> _elements = [];

    public override CrdtKind Kind => CrdtKind.Set;

    public int Count => _elements.Count;

    public IReadOnlyCollection<ValueBytes> Elements => _elements.Keys;

    public bool Contains(ValueBytes element) => _elements.ContainsKey(element);

    public SetDelta Add(Dot dot, ValueBytes element) => SetDelta.Add(dot, element, DotsOf(element));

    public SetDelta Remove(Dot dot, ValueBytes element) => SetDelta.Remove(dot, element, DotsOf(element));

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var set = (SetDelta)delta;
        if (!_elements.TryGetValue(set.Element, out var dots)) dots = [];
        foreach (var dot in set.Replaced)
            dots.Remove(dot);
        if (set.IsAddition)
        {
            var index = dots.BinarySearch(delta.First);
            if (index < 0) dots.Insert(~index, delta.First);
        }
        if (dots.Count > 0) _elements[set.Element] = dots;
        else _elements.Remove(set.Element);
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var dots in _elements.Values)
            foreach (var dot in dots)
                table.IndexOf(dot.Replica);
    }

    /// <summary>An array of (element, [dots]), by ascending bytes of the element.</summary>
    public override void Write(ref WireWriter writer)
    {
        var elements = new ValueBytes[_elements.Count];
        _elements.Keys.CopyTo(elements, 0);
        Array.Sort(elements);
        writer.Raw.WriteArrayHeader(elements.Length * 2);
        foreach (var element in elements)
        {
            writer.WriteValue(element);
            writer.WriteDots(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_elements[element]));
        }
    }

    public static SetState Read(ref WireReader reader)
    {
        var state = new SetState();
        var length = reader.ReadArrayHeader("set");
        if (length % 2 != 0) throw reader.Malformed("set", "an element is cut short");
        for (var i = 0; i < length; i += 2)
        {
            var element = reader.ReadValue("set.element");
            var dots = reader.ReadDots("set.dots");
            if (dots.Length == 0) throw reader.Malformed("set.dots", "an element without a dot is not in the set");
            if (!state._elements.TryAdd(element, [.. dots])) throw reader.Malformed("set.element", "an element is there twice");
        }
        return state;
    }

    public override void Check()
    {
        foreach (var dots in _elements.Values)
        {
            if (dots.Count == 0) throw new InvalidOperationException("An element has no dot.");
            for (var i = 1; i < dots.Count; i++)
                if (dots[i - 1].CompareTo(dots[i]) >= 0) throw new InvalidOperationException("An element's dots are not in order.");
        }
    }

    private Dot[] DotsOf(ValueBytes element) => _elements.TryGetValue(element, out var dots) ? [.. dots] : [];
}
