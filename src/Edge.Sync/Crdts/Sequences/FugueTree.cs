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
/// <para>Left out: a bound on the walk to the end of a subtree, which an insertion among concurrent siblings takes. It follows one edge of that
/// subtree, as long as the longest chain of insertions that each went before, or behind, the one before it without being a run.</para>
/// <para>No run is stored with its children. A flag says that there are some; the nearest is found by climbing from the neighbour in the
/// text, and links lead outwards from there. Where that takes many steps, the children are put into a <see cref="SiblingSet"/>.</para>
/// </remarks>
internal sealed partial class FugueTree(RunTable runs, RunOrder order, DotTable dots)
{
    /// <summary>As many links as are followed before the children of one character are indexed.</summary>
    private const int StepsMax = 32;

    private readonly Dictionary<(int Parent, bool IsLeft), SiblingSet> _indexes = [];

    /// <summary>The parent for text between the visible characters <paramref name="index"/> - 1 and <paramref name="index"/>, and its run.</summary>
    public int ParentAt(int index, out int parent, out bool isLeft)
    {
        var handle = RunTable.Root;
        var offset = 0;
        if (index > 0) handle = order.Find(index - 1, out offset);
        ref var run = ref runs[handle];
        parent = run.First + offset;
        isLeft = false;
        if (offset + 1 == run.Length) return run.Has(RunFlags.HasRight) ? ParentBehind(handle, ref parent, ref isLeft) : handle;
        (parent, isLeft) = (parent + 1, true);
        return handle;
    }

    /// <summary>Places new characters, which have the ordinals from the next free one on, under a character of <paramref name="handle"/>. Returns their run.</summary>
    public int Place(int handle, int length, int parent, bool isLeft)
    {
        if (isLeft) return PlaceLeft(handle, length, parent);
        if (parent != runs.OrdinalEnd - 1 || (runs[handle].Flags & (RunFlags.Deleted | RunFlags.HasRight)) != 0) return PlaceRight(handle, length, parent);
        runs.Extend(handle, length);
        order.AddWidth(handle, length);
        return handle;
    }

    /// <summary>Deletes <paramref name="count"/> characters of a visible run, from its character <paramref name="offset"/> on.</summary>
    /// <remarks>
    /// Deleted chains that touch become one, so that what is deleted bit by bit does not stay in bits. Deleting on, backwards or forwards,
    /// only moves the border between a run and the deleted one beside it.
    /// </remarks>
    public void Delete(int handle, int offset, int count)
    {
        ref var run = ref runs[handle];
        var end = offset + count;
        var next = run.Next;
        if (end == run.Length && offset > 0 && next >= 0 && runs[next].IsDeleted && IsChain(handle, next))
        {
            runs.MoveBorder(handle, next, offset - run.Length);
            order.AddWidth(handle, -count);
            return;
        }
        if (offset == 0 && end < run.Length && run.Parent == run.First - 1 && runs.Find(run.Parent) is not RunTable.Root and var before
            && runs[before].IsDeleted && IsChain(before, handle))
        {
            runs.MoveBorder(before, handle, count);
            order.AddWidth(handle, -count);
            return;
        }
        if (end < run.Length) Split(handle, end);
        if (offset > 0) handle = Split(handle, offset);
        runs[handle].Flags |= RunFlags.Deleted;
        order.AddWidth(handle, -count);
        MergeDeleted(handle);
        if (runs[handle].First > 1) MergeDeleted(runs.Find(runs[handle].First - 1));
    }

    /// <summary>The parent where the last character of <paramref name="handle"/>, which is the left neighbour, has right children.</summary>
    private int ParentBehind(int handle, ref int parent, ref bool isLeft)
    {
        var next = order.Next(handle);
        if (runs[next].IsDeleted)
        {
            next = order.NextVisible(handle);
            if (next < 0 || !IsBelow(next, handle)) return handle;
        }
        (parent, isLeft) = (runs[next].First, true);
        return next;
    }

    /// <summary>Cuts a run in two. The part behind, which is returned, is a right child of the part before.</summary>
    private int Split(int handle, int offset)
    {
        var width = runs[handle].Width;
        var tail = runs.Split(handle, offset);
        order.AddWidth(handle, runs[handle].Width - width);
        order.InsertAfter(handle, tail);
        return tail;
    }

    private void MergeDeleted(int handle)
    {
        if (handle == RunTable.Root) return;
        var next = runs[handle].Next;
        if (next < 0 || !runs[handle].IsDeleted || !runs[next].IsDeleted || !IsChain(handle, next)) return;
        order.Remove(next);
        runs.MergeNext(handle);
    }

    /// <summary>
    /// Whether the run with the ordinals behind <paramref name="handle"/> is the one child of its last character. Standing next to it, it is
    /// the nearest child and has no left children of its own.
    /// </summary>
    private bool IsChain(int handle, int next)
    {
        ref var run = ref runs[handle];
        ref var tail = ref runs[next];
        return tail.Parent == run.Last && !tail.IsLeftChild && tail.NextSibling < 0 && !run.Has(RunFlags.IndexedRight)
            && order.Next(handle) == next;
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
        var (inner, outer) = AddSibling(handle, added, isLeft: false);
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
        var (inner, outer) = AddSibling(handle, added, isLeft: true);
        if (inner < 0) order.InsertBefore(handle, added);
        else if (outer >= 0) order.InsertAfter(LastBelow(outer), added);
        else order.InsertBefore(FirstBelow(inner), added);
        return added;
    }

    /// <summary>Links a child in between its siblings, and gives those next to it: -1 where there is none.</summary>
    private (int Inner, int Outer) AddSibling(int handle, int added, bool isLeft)
    {
        int inner = -1, outer;
        if (runs[handle].Has(isLeft ? RunFlags.IndexedLeft : RunFlags.IndexedRight))
        {
            _indexes[(runs[added].Parent, isLeft)].Add(added, runs[added].First, out inner, out outer);
        }
        else
        {
            outer = Nearest(handle, isLeft, out var steps);
            for (var ordinal = runs[added].First; outer >= 0 && dots.CompareSiblings(runs[outer].First, ordinal) < 0; steps++)
                (inner, outer) = (outer, runs[outer].NextSibling);
            if (steps > StepsMax) Index(handle, added, isLeft);
        }
        runs[added].NextSibling = outer;
        if (inner >= 0) runs[inner].NextSibling = added;
        return (inner, outer);
    }

    private void Index(int handle, int added, bool isLeft)
    {
        var set = new SiblingSet(dots);
        for (var child = Nearest(handle, isLeft, out _); child >= 0; child = runs[child].NextSibling) set.Add(child, runs[child].First, out _, out _);
        set.Add(added, runs[added].First, out _, out _);
        _indexes.Add((runs[added].Parent, isLeft), set);
        runs[handle].Flags |= isLeft ? RunFlags.IndexedLeft : RunFlags.IndexedRight;
    }

    /// <summary>The child nearest to its parent. The parent's neighbour in the text lies below it, on its edge towards the parent.</summary>
    private int Nearest(int handle, bool isLeft, out int steps)
    {
        var parent = isLeft ? runs[handle].First : runs[handle].Last;
        var child = isLeft ? order.Previous(handle) : order.Next(handle);
        for (steps = 0; runs[child].Parent != parent || runs[child].IsLeftChild != isLeft; steps++) child = runs.Find(runs[child].Parent);
        return child;
    }

    private int Outermost(int handle, bool isLeft)
    {
        if (runs[handle].Has(isLeft ? RunFlags.IndexedLeft : RunFlags.IndexedRight))
            return _indexes[(isLeft ? runs[handle].First : runs[handle].Last, isLeft)].Outermost;
        var child = Nearest(handle, isLeft, out _);
        while (runs[child].NextSibling >= 0) child = runs[child].NextSibling;
        return child;
    }

    /// <summary>The run with which the subtree of <paramref name="handle"/> begins in the text.</summary>
    private int FirstBelow(int handle)
    {
        while (runs[handle].Has(RunFlags.HasLeft)) handle = Outermost(handle, isLeft: true);
        return handle;
    }

    /// <summary>The run with which the subtree of <paramref name="handle"/> ends in the text.</summary>
    private int LastBelow(int handle)
    {
        while (runs[handle].Has(RunFlags.HasRight)) handle = Outermost(handle, isLeft: false);
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
