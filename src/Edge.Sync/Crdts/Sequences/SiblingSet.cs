namespace Edge.Sync.Crdts.Sequences;

/// <summary>The children on one side of one character, from the parent outwards, where there are too many to walk along their links.</summary>
/// <remarks>Sorted chunks, so that a fleet that inserts at one place costs a logarithm each, not a walk over all others.</remarks>
internal sealed class SiblingSet(DotTable dots)
{
    private const int ChunkMax = 512;

    /// <summary>A child with what its order depends on, so that a comparison looks nothing up.</summary>
    private readonly record struct Child(int Handle, int Ordinal, int Replica);

    private readonly List<List<Child>> _chunks = [[]];

    /// <summary>The handle of the child that is farthest from the parent.</summary>
    public int Outermost => _chunks[^1][^1].Handle;

    /// <summary>Adds the run that begins at <paramref name="ordinal"/>, and gives its neighbours: -1 where there is none.</summary>
    public void Add(int handle, int ordinal, out int inner, out int outer)
    {
        var child = new Child(handle, ordinal, dots.StretchAt(dots.StretchOf(ordinal)).Replica);
        int low = 0, high = _chunks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (IsInside(_chunks[middle][0], child)) low = middle;
            else high = middle - 1;
        }
        var chunk = _chunks[low];
        int place = 0, end = chunk.Count;
        while (place < end)
        {
            var middle = (place + end) >> 1;
            if (IsInside(chunk[middle], child)) place = middle + 1;
            else end = middle;
        }
        inner = place > 0 ? chunk[place - 1].Handle : -1;
        outer = place < chunk.Count ? chunk[place].Handle : low + 1 < _chunks.Count ? _chunks[low + 1][0].Handle : -1;
        chunk.Insert(place, child);
        if (chunk.Count <= ChunkMax) return;
        _chunks.Insert(low + 1, chunk.GetRange(ChunkMax / 2, chunk.Count - ChunkMax / 2));
        chunk.RemoveRange(ChunkMax / 2, chunk.Count - ChunkMax / 2);
    }

    /// <summary>Whether <paramref name="child"/> is nearer to the parent: the same order as <see cref="DotTable.CompareSiblings"/>.</summary>
    private bool IsInside(in Child child, in Child other) =>
        child.Replica == other.Replica ? child.Ordinal > other.Ordinal : dots.ReplicaAt(child.Replica) < dots.ReplicaAt(other.Replica);
}
