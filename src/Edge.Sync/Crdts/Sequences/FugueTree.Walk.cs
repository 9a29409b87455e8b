namespace Edge.Sync.Crdts.Sequences;

/// <summary>The whole tree at once: for what was read, and for checks.</summary>
internal sealed partial class FugueTree
{
    /// <summary>
    /// Sets flags and links from the parents alone, and returns the runs in the order that the tree gives them; null where they are no tree.
    /// All handles must be in use and ascend with the ordinals, and these by replica, then counter.
    /// </summary>
    /// <param name="firstOfReplica">The first handle of each replica, by ascending replica, and the end.</param>
    public int[]? Link(ReadOnlySpan<int> firstOfReplica)
    {
        var left = new int[runs.HandleEnd];
        var right = new int[runs.HandleEnd];
        left.AsSpan().Fill(-1);
        right.AsSpan().Fill(-1);
        // The last replica first, and each child before those that are there already: so they end up in the order of siblings.
        var all = runs.Span;
        for (var replica = firstOfReplica.Length - 2; replica >= 0; replica--)
            for (var handle = firstOfReplica[replica]; handle < firstOfReplica[replica + 1]; handle++)
            {
                ref var run = ref all[handle];
                // A chain goes on in the run before, and most runs that were cut are a chain.
                var parent = run.Parent == run.First - 1 ? handle - 1 : runs.Find(run.Parent);
                if (run.IsLeftChild)
                {
                    (run.NextSibling, left[parent]) = (left[parent], handle);
                    all[parent].Flags |= RunFlags.HasLeft;
                }
                else
                {
                    (run.NextSibling, right[parent]) = (right[parent], handle);
                    all[parent].Flags |= RunFlags.HasRight;
                }
            }
        return Walk(left, right);
    }

    /// <summary>Recomputes order, links and flags, and throws where they differ from what is kept.</summary>
    public void Check()
    {
        var byParent = new Dictionary<(int Parent, bool IsLeft), List<int>>();
        var left = new int[runs.HandleEnd];
        var right = new int[runs.HandleEnd];
        left.AsSpan().Fill(-1);
        right.AsSpan().Fill(-1);
        for (var i = 1; i < runs.HandleEnd; i++)
        {
            if (runs[i].Length == 0) continue;
            var parent = runs.Find(runs[i].Parent);
            if (runs[i].Parent != (runs[i].IsLeftChild ? runs[parent].First : runs[parent].Last)) throw new InvalidOperationException($"Run {i} has its parent inside run {parent}.");
            if (!byParent.TryGetValue((parent, runs[i].IsLeftChild), out var children)) byParent.Add((parent, runs[i].IsLeftChild), children = []);
            children.Add(i);
        }
        foreach (var ((parent, isLeft), children) in byParent)
        {
            children.Sort((a, b) => dots.CompareSiblings(runs[a].First, runs[b].First));
            for (var i = 0; i < children.Count; i++)
                if (runs[children[i]].NextSibling != (i + 1 < children.Count ? children[i + 1] : -1)) throw new InvalidOperationException($"Run {children[i]} is not linked to its next sibling.");
            (isLeft ? left : right)[parent] = children[0];
        }
        var walk = Walk(left, right) ?? throw new InvalidOperationException("The runs are no tree.");
        var handle = RunTable.Root;
        foreach (var expected in walk)
        {
            if (handle != expected) throw new InvalidOperationException($"Run {expected} should stand where run {handle} does.");
            if (runs[handle].Has(RunFlags.HasLeft) != left[handle] >= 0 || runs[handle].Has(RunFlags.HasRight) != right[handle] >= 0)
                throw new InvalidOperationException($"Run {handle} has flags {runs[handle].Flags}, which say otherwise than its children.");
            handle = order.Next(handle);
        }
    }

    /// <summary>All runs in the order of the text, by way of the nearest children on each side and the links of siblings; null where a run is not reached.</summary>
    private int[]? Walk(int[] left, int[] right)
    {
        var all = runs.Span;
        var walk = new int[all.Length];
        var stack = new int[64];
        int count = 0, depth = 0, expected = 0;
        foreach (ref readonly var run in all)
            if (run.Length > 0) expected++;
        for (var handle = RunTable.Root; ;)
        {
            if (handle >= 0 && left[handle] >= 0)
            {
                // First the left side: the run itself waits, complemented, below its children, and the outermost of these is on top.
                Push(ref stack, ref depth, ~handle);
                for (handle = left[handle]; all[handle].NextSibling >= 0; handle = all[handle].NextSibling) Push(ref stack, ref depth, handle);
                continue;
            }
            if (handle < 0) handle = ~handle;
            walk[count++] = handle;
            if (right[handle] is >= 0 and var nearest)
            {
                var from = depth;
                for (var child = all[nearest].NextSibling; child >= 0; child = all[child].NextSibling) Push(ref stack, ref depth, child);
                if (depth - from > 1) stack.AsSpan(from, depth - from).Reverse();
                handle = nearest;
            }
            else if (depth > 0) handle = stack[--depth];
            else break;
        }
        if (count != expected) return null;
        return count == walk.Length ? walk : walk[..count];
    }

    private static void Push(ref int[] stack, ref int depth, int handle)
    {
        if (depth == stack.Length) Array.Resize(ref stack, depth * 2);
        stack[depth++] = handle;
    }
}
