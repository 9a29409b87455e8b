namespace Edge.Sync.Crdts;

/// <summary>Edits what lies under a key, says that the key is there, or removes the key as its author saw it.</summary>
/// <remarks>
/// <code>
/// delta = [ key, kind, delta of that kind ]    edits; its dots come first, the key's own dot is the one after them
///       | [ key ]                              the key is there
///       | [ key, [ dots ] ]                    removes; each dot stands for its replica's earlier ones under this key too
/// </code>
/// Every dot of an edit is in one place only, and the key's dot is the latest of them: so who has seen a key's dots has seen all that was under it.
/// </remarks>
internal sealed class MapDelta : Delta
{
    private readonly Dot[]? _removed;

    private MapDelta(Dot first, ValueBytes key, Delta? nested, Dot[]? removed) : base(first) => (Key, Nested, _removed) = (key, nested, removed);

    /// <exception cref="ArgumentException">There are too many maps in each other.</exception>
    public static MapDelta Edit(ValueBytes key, Delta nested)
    {
        var depth = 1;
        for (var inner = nested; inner is MapDelta { Nested: var next }; inner = next)
            if (++depth > MapState.DepthMax) throw new ArgumentException($"Maps lie in each other at most {MapState.DepthMax} deep. Refer to another document by its id instead.", nameof(nested));
        return new(nested.First, key, nested, null);
    }

    public static MapDelta Touch(Dot dot, ValueBytes key) => new(dot, key, null, null);

    public static MapDelta Remove(Dot dot, ValueBytes key, Dot[] removed) => new(dot, key, null, removed);

    public override CrdtKind Kind => CrdtKind.Map;

    public override int DotCount => (Nested?.DotCount ?? 0) + 1;

    public ValueBytes Key { get; }

    /// <summary>The edit of what lies under the key; null where there is none.</summary>
    public Delta? Nested { get; }

    public bool IsRemoval => _removed is not null;

    public ReadOnlySpan<Dot> Removed => _removed;

    public override ReadOnlySpan<Dot> Replaced => Nested is null ? [] : Nested.Replaced;

    /// <summary>The dot that says that the key is there.</summary>
    public Dot KeyDot => First.Plus((ulong)(Nested?.DotCount ?? 0));

    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(IsRemoval ? 2 : Nested is null ? 1 : 3);
        writer.WriteValue(Key);
        if (IsRemoval)
        {
            writer.WriteDots(_removed);
        }
        else if (Nested is not null)
        {
            writer.Raw.Write((byte)Nested.Kind);
            Nested.Write(ref writer);
        }
    }

    public override void VisitNamed(IDotVisitor visitor)
    {
        Nested?.VisitNamed(visitor);
        Visit(visitor, _removed);
    }

    public override Delta Named(DotNames names) => new MapDelta(names[First], Key, Nested?.Named(names), _removed is null ? null : names.AllLatest(_removed));

    public static MapDelta Read(Dot first, ref WireReader reader, int depth)
    {
        if (depth >= MapState.DepthMax) throw reader.Malformed("map", $"more than {MapState.DepthMax} maps lie in each other");
        var length = reader.ReadArrayHeader("map");
        if (length is < 1 or > 3) throw reader.Malformed("map", $"it has 1, 2 or 3 elements, not {length}");
        var key = reader.ReadValue("map.key");
        if (length == 1) return Touch(first, key);
        if (length == 2) return Remove(first, key, reader.ReadDots("map.removed"));
        var kind = MapState.ReadKind(ref reader);
        var nested = Delta.Read(kind, first, ref reader, depth + 1);
        if ((ulong)nested.DotCount > Dot.CounterMax - first.Counter) throw reader.Malformed("map", "its dots are more than a feed has");
        return new(first, key, nested, null);
    }
}
