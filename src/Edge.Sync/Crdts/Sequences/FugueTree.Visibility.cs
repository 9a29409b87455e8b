namespace Edge.Sync.Crdts.Sequences;

/// <summary>What is visible again, and what may go for good.</summary>
internal sealed partial class FugueTree
{
    /// <summary>Makes <paramref name="count"/> deleted characters visible, from the run's character <paramref name="offset"/> on.</summary>
    public void Restore(int handle, int offset, int count)
    {
        if (offset + count < runs[handle].Length) Split(handle, offset + count);
        if (offset > 0) handle = Split(handle, offset);
        runs[handle].Flags &= ~RunFlags.Deleted;
        order.AddWidth(handle, count);
    }

    /// <summary>
    /// By handle: how many characters of a run must stay, which are its first ones: those that may not go, and all above them. Null where all must.
    /// </summary>
    /// <param name="mayGo">Whether nobody will ever name the character of an ordinal.</param>
    /// <param name="pairs">Both halves of a pair stay, or none.</param>
    public int[]? KeptLengths(Predicate<int> mayGo, SurrogatePairs pairs)
    {
        var kept = new int[runs.HandleEnd];
        var open = new Stack<int>();
        for (var handle = RunTable.Root; handle >= 0; handle = runs[handle].Next)
        {
            var last = runs[handle].Last;
            while (last >= runs[handle].First && last > 0 && mayGo(last)) last--;
            Keep(handle, last);
        }
        while (open.TryPop(out var handle))
            if (runs[handle].Parent >= 0) Keep(runs.Find(runs[handle].Parent), runs[handle].Parent);
        for (var handle = RunTable.Root; handle >= 0; handle = runs[handle].Next)
            if (kept[handle] < runs[handle].Length) return kept;
        return null;

        void Keep(int handle, int last)
        {
            var length = last - runs[handle].First + (pairs.IsHigh(last) ? 2 : 1);
            if (length > 0 && kept[handle] == 0) open.Push(handle);
            kept[handle] = Math.Max(kept[handle], length);
        }
    }
}
