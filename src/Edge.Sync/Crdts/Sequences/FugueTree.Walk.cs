namespace Edge.Sync.Crdts.Sequences;

/// <summary>The whole tree at once: for what was read, and for checks.</summary>
internal sealed partial class FugueTree
{
    /// <summary>All runs in the order that the tree gives them, computed from parents alone; null where they are no tree.</summary>
    public int[]? Walk()
    {
        var (children, starts) = Children();
        if (children is null) return null;
        var walk = new List<int>(children.Length + 1);
        var stack = new Stack<int>();
        stack.Push(RunTable.Root);
        while (stack.TryPop(out var handle))
        {
            if (handle < 0)
            {
                walk.Add(~handle);
                continue;
            }
            var (from, to) = (starts[handle], starts[handle + 1]);
            var right = from;
            while (right < to && runs[children[right]].IsLeftChild) right++;
            for (var i = to - 1; i >= right; i--) stack.Push(children[i]);
            stack.Push(~handle);
            for (var i = from; i < right; i++) stack.Push(children[i]);
        }
        return walk.Count == children.Length + 1 ? [.. walk] : null;
    }

    /// <summary>Sets the flags and the sets of siblings from the parents alone. All handles below <see cref="RunTable.HandleEnd"/> must be in use.</summary>
    public void Link()
    {
        _siblings.Clear();
        var (children, _) = Children();
        foreach (var child in children!)
        {
            var (parent, isLeft) = (runs[child].Parent, runs[child].IsLeftChild);
            ref var run = ref runs[runs.Find(parent)];
            var (one, many) = isLeft ? (RunFlags.HasLeft, RunFlags.ManyLeft) : (RunFlags.HasRight, RunFlags.ManyRight);
            if (run.Has(one)) run.Flags |= many;
            run.Flags |= one;
        }
        foreach (var child in children)
        {
            var (parent, isLeft) = (runs[child].Parent, runs[child].IsLeftChild);
            if (!runs[runs.Find(parent)].Has(isLeft ? RunFlags.ManyLeft : RunFlags.ManyRight)) continue;
            if (!_siblings.TryGetValue((parent, isLeft), out var set)) _siblings.Add((parent, isLeft), set = new());
            set.Add(child, runs, dots, out _, out _);
        }
    }

    /// <summary>Recomputes order and flags, and throws where they differ from what is kept.</summary>
    public void Check()
    {
        var walk = Walk() ?? throw new InvalidOperationException("The runs are no tree.");
        var handle = RunTable.Root;
        foreach (var expected in walk)
        {
            if (handle != expected) throw new InvalidOperationException($"Run {expected} should stand where run {handle} does.");
            handle = order.Next(handle);
        }
        var (children, starts) = Children();
        for (var i = 0; i < runs.HandleEnd; i++)
        {
            if (runs[i].Length == 0) continue;
            int left = 0, right = 0;
            foreach (var child in children.AsSpan(starts[i], starts[i + 1] - starts[i]))
            {
                if (runs[child].IsLeftChild) left++;
                else right++;
            }
            if (runs[i].Has(RunFlags.HasLeft) != left > 0 || runs[i].Has(RunFlags.HasRight) != right > 0
                || runs[i].Has(RunFlags.ManyLeft) != left > 1 || runs[i].Has(RunFlags.ManyRight) != right > 1)
                throw new InvalidOperationException($"Run {i} has {left} left and {right} right children, but its flags are {runs[i].Flags}.");
        }
    }

    /// <summary>Every run but the root, by parent's run, left children first, siblings from the parent outwards; and where each parent's begin.</summary>
    private (int[]? Children, int[] Starts) Children()
    {
        var starts = new int[runs.HandleEnd + 1];
        var children = new List<int>();
        for (var i = 1; i < runs.HandleEnd; i++)
        {
            var run = runs[i];
            if (run.Length == 0) continue;
            if ((uint)run.Parent >= (uint)runs.OrdinalEnd) return (null, starts);
            var parent = runs.Find(run.Parent);
            if (run.Parent != (run.IsLeftChild ? runs[parent].First : runs[parent].Last) || (parent == RunTable.Root && run.IsLeftChild)) return (null, starts);
            starts[parent + 1]++;
            children.Add(i);
        }
        for (var i = 0; i < runs.HandleEnd; i++) starts[i + 1] += starts[i];
        children.Sort((a, b) =>
        {
            var (x, y) = (runs[a], runs[b]);
            var order = runs.Find(x.Parent).CompareTo(runs.Find(y.Parent));
            if (order == 0) order = y.IsLeftChild.CompareTo(x.IsLeftChild);
            return order != 0 ? order : dots.CompareSiblings(x.First, y.First);
        });
        return ([.. children], starts);
    }
}
