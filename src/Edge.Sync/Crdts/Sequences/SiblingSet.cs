namespace Edge.Sync.Crdts.Sequences;

/// <summary>The children on one side of one character, from the parent outwards, where there are too many to walk along their links.</summary>
/// <remarks>Sorted chunks, so that a fleet that inserts at one place costs a logarithm each, not a walk over all others.</remarks>
internal sealed class SiblingSet
{
    private const int ChunkMax = 512;

    private readonly List<List<int>> _chunks = [[]];

    /// <summary>The handle of the child that is farthest from the parent.</summary>
    public int Outermost => _chunks[^1][^1];

    /// <summary>Adds a child and gives its neighbours: -1 where there is none.</summary>
    public void Add(int handle, RunTable runs, DotTable dots, out int inner, out int outer)
    {
        var ordinal = runs[handle].First;
        int low = 0, high = _chunks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (dots.CompareSiblings(runs[_chunks[middle][0]].First, ordinal) < 0) low = middle;
            else high = middle - 1;
        }
        var chunk = _chunks[low];
        int place = 0, end = chunk.Count;
        while (place < end)
        {
            var middle = (place + end) >> 1;
            if (dots.CompareSiblings(runs[chunk[middle]].First, ordinal) < 0) place = middle + 1;
            else end = middle;
        }
        inner = place > 0 ? chunk[place - 1] : -1;
        outer = place < chunk.Count ? chunk[place] : low + 1 < _chunks.Count ? _chunks[low + 1][0] : -1;
        chunk.Insert(place, handle);
        if (chunk.Count <= ChunkMax) return;
        _chunks.Insert(low + 1, chunk.GetRange(ChunkMax / 2, chunk.Count - ChunkMax / 2));
        chunk.RemoveRange(ChunkMax / 2, chunk.Count - ChunkMax / 2);
    }
}
