namespace Edge.Sync.Crdts.Sequences;

/// <summary>
/// Puts characters into one order on every replica: each is a left or a right child of another, and the text is the walk through the tree,
/// left children, character, right children. Source: Weidner and Kleppmann, "The Art of the Fugue" (2023).
/// </summary>
/// <remarks>
/// <para>Whatever is typed behind a character lands in that character's subtree, so concurrent runs follow one another whole.</para>
/// <para>What was changed from the paper: new text names only characters that are visible to its author (a fold may have dropped the
/// others), so its parent is the visible neighbour on the right, if that lies below the one on the left, else the one on the left. Siblings
/// therefore need not be concurrent: they stand by replica, and of one replica the later is nearer to the parent.</para>
/// <para>No run is stored with its children. A flag says that there is one; which one is found by climbing from the neighbour in the text,
/// at most once for each parent: from the second child on they stand in a <see cref="SiblingSet"/>.</para>
/// </remarks>
internal sealed partial class FugueTree(RunTable runs, RunOrder order, DotTable dots)
{
    private readonly Dictionary<(int Parent, bool IsLeft), SiblingSet> _siblings = [];

    /// <summary>The parent for text between the visible characters <paramref name="index"/> - 1 and <paramref name="index"/>.</summary>
    public (int Parent, bool IsLeft) ParentAt(int index)
    {
        var handle = RunTable.Root;
        var offset = 0;
        if (index > 0) handle = order.Find(index - 1, out offset);
        ref var run = ref runs[handle];
        var left = run.First + offset;
        if (offset + 1 < run.Length) return (left + 1, true);
        if (!run.Has(RunFlags.HasRight)) return (left, false);
        var next = order.Next(handle);
        if (!runs[next].IsDeleted) return (runs[next].First, true);
        next = order.NextVisible(handle);
        return next >= 0 && IsBelow(next, handle) ? (runs[next].First, true) : (left, false);
    }

    /// <summary>Places new characters, which have the ordinals from the next free one on. Returns their run.</summary>
    public int Place(int length, int parent, bool isLeft)
    {
        var handle = runs.Find(parent);
        if (!isLeft && parent == runs.OrdinalEnd - 1 && runs[handle].Flags is var flags && (flags & (RunFlags.Deleted | RunFlags.HasRight)) == 0)
        {
            runs.Extend(handle, length);
            order.AddWidth(handle, length);
            return handle;
        }
        return isLeft ? PlaceLeft(handle, length, parent) : PlaceRight(handle, length, parent);
    }

    /// <summary>Cuts a run in two. The part behind, which is returned, is a right child of the part before.</summary>
    public int Split(int handle, int offset)
    {
        var width = runs[handle].Width;
        var tail = runs.Split(handle, offset);
        order.AddWidth(handle, runs[handle].Width - width);
        order.InsertAfter(handle, tail);
        return tail;
    }

    /// <summary>Joins a deleted run with its successor where they are one chain, so that what is deleted bit by bit does not stay in bits.</summary>
    public void MergeDeleted(int handle)
    {
        if (handle == RunTable.Root) return;
        var next = runs[handle].Next;
        if (next < 0) return;
        ref var run = ref runs[handle];
        ref var tail = ref runs[next];
        if (!run.IsDeleted || !tail.IsDeleted || tail.Parent != run.Last || tail.IsLeftChild) return;
        if (run.Has(RunFlags.ManyRight) || tail.Has(RunFlags.HasLeft)) return;
        order.Remove(next);
        runs.MergeNext(handle);
    }

    private int PlaceRight(int handle, int length, int parent)
    {
        if (parent < runs[handle].Last) Split(handle, parent - runs[handle].First + 1);
        var added = runs.Append(length, parent, RunFlags.None);
        if (!runs[handle].Has(RunFlags.HasRight))
        {
            runs[handle].Flags |= RunFlags.HasRight;
            order.InsertAfter(handle, added);
            return added;
        }
        if (!runs[handle].Has(RunFlags.ManyRight))
        {
            runs[handle].Flags |= RunFlags.ManyRight;
            MakeSet(parent, false, OnlyRightChild(handle));
        }
        _siblings[(parent, false)].Add(added, runs, dots, out var inner, out var outer);
        if (inner < 0) order.InsertAfter(handle, added);
        else if (outer >= 0) order.InsertBefore(FirstBelow(outer), added);
        else order.InsertAfter(LastBelow(inner), added);
        return added;
    }

    private int PlaceLeft(int handle, int length, int parent)
    {
        if (parent > runs[handle].First) handle = Split(handle, parent - runs[handle].First);
        var added = runs.Append(length, parent, RunFlags.LeftChild);
        if (!runs[handle].Has(RunFlags.HasLeft))
        {
            runs[handle].Flags |= RunFlags.HasLeft;
            order.InsertBefore(handle, added);
            return added;
        }
        if (!runs[handle].Has(RunFlags.ManyLeft))
        {
            runs[handle].Flags |= RunFlags.ManyLeft;
            MakeSet(parent, true, OnlyLeftChild(handle));
        }
        _siblings[(parent, true)].Add(added, runs, dots, out var inner, out var outer);
        if (inner < 0) order.InsertBefore(handle, added);
        else if (outer >= 0) order.InsertAfter(LastBelow(outer), added);
        else order.InsertBefore(FirstBelow(inner), added);
        return added;
    }

    private void MakeSet(int parent, bool isLeft, int child)
    {
        var set = new SiblingSet();
        set.Add(child, runs, dots, out _, out _);
        _siblings.Add((parent, isLeft), set);
    }

    /// <summary>The only right child: what follows in the text lies below it, on its left edge.</summary>
    private int OnlyRightChild(int handle)
    {
        var parent = runs[handle].Last;
        var child = order.Next(handle);
        while (runs[child].Parent != parent || runs[child].IsLeftChild) child = runs.Find(runs[child].Parent);
        return child;
    }

    /// <summary>The only left child: what precedes in the text lies below it, on its right edge.</summary>
    private int OnlyLeftChild(int handle)
    {
        var parent = runs[handle].First;
        var child = order.Previous(handle);
        while (runs[child].Parent != parent || !runs[child].IsLeftChild) child = runs.Find(runs[child].Parent);
        return child;
    }

    /// <summary>The run with which the subtree of <paramref name="handle"/> begins in the text.</summary>
    private int FirstBelow(int handle)
    {
        while (runs[handle].Has(RunFlags.HasLeft))
            handle = runs[handle].Has(RunFlags.ManyLeft) ? _siblings[(runs[handle].First, true)].Outermost : OnlyLeftChild(handle);
        return handle;
    }

    /// <summary>The run with which the subtree of <paramref name="handle"/> ends in the text.</summary>
    private int LastBelow(int handle)
    {
        while (runs[handle].Has(RunFlags.HasRight))
            handle = runs[handle].Has(RunFlags.ManyRight) ? _siblings[(runs[handle].Last, false)].Outermost : OnlyRightChild(handle);
        return handle;
    }

    /// <summary>
    /// Whether <paramref name="handle"/>, the first visible run after the last character of <paramref name="above"/>, lies below that
    /// character. All its ancestors that stand between the two are deleted, so the climb ends at the first that is not, or is passed by.
    /// </summary>
    private bool IsBelow(int handle, int above)
    {
        while (true)
        {
            var (parent, isLeft) = (runs[handle].Parent, runs[handle].IsLeftChild);
            if (parent < 0) return false;
            var next = runs.Find(parent);
            if (!isLeft)
            {
                if (next == above) return true;
                if (next == RunTable.Root || !runs[next].IsDeleted || order.IsBefore(next, above)) return false;
            }
            handle = next;
        }
    }
}
