namespace Edge.Sync.Crdts.Sequences;

/// <summary>How the tree grows and shrinks.</summary>
internal sealed partial class RunOrder
{
    /// <summary>Takes out a run that has no width. The run before it, which is always there, becomes the cursor.</summary>
    public void Remove(int handle)
    {
        var previous = Previous(handle);
        MoveTo(handle);
        Flush();
        RemoveEntry(_leaf, _slot);
        // The cursor may now stand on nothing: leave its leaf, so that the move computes everything anew.
        _leaf = -1;
        MoveAway(previous);
    }

    /// <summary>Takes runs in the order of the text as the whole content: the root run must be the first.</summary>
    public void Build(ReadOnlySpan<int> handles)
    {
        const int fill = Fanout * 3 / 4;
        (_nodeCount, _freeNode, Width) = (0, -1, 0);
        Reserve(handles.Length / fill * 9 / 8 + 4);
        var level = handles.ToArray();
        var widths = new int[level.Length];
        for (var i = 0; i < level.Length; i++) Width += widths[i] = _runs[level[i]].Width;
        for (var height = 0; ; height++)
        {
            var above = new int[(level.Length + fill - 1) / fill];
            var widthsAbove = new int[above.Length];
            for (var i = 0; i < above.Length; i++)
            {
                var node = NewNode(height);
                var count = Math.Min(fill, level.Length - i * fill);
                level.AsSpan(i * fill, count).CopyTo(_entries.AsSpan(node * Fanout));
                widths.AsSpan(i * fill, count).CopyTo(_widths.AsSpan(node * Fanout));
                _nodes[node].Count = count;
                Adopt(node, 0, count);
                if (i > 0) (_nodes[node].Previous, _nodes[above[i - 1]].Next) = (above[i - 1], node);
                above[i] = node;
                widthsAbove[i] = Sum(node, 0, count);
            }
            (level, widths) = (above, widthsAbove);
            if (level.Length == 1) break;
        }
        _root = level[0];
        (_leaf, _pending) = (-1, 0);
        MoveAway(RunTable.Root);
    }

    /// <summary>Inserts into the cursor's leaf; the new run becomes the cursor.</summary>
    private void Insert(int slot, int handle)
    {
        var width = _runs[handle].Width;
        if (_nodes[_leaf].Count == Fanout)
        {
            Flush();
            var right = Split(_leaf);
            var half = _nodes[_leaf].Count;
            _leafWidth = Sum(_leaf, 0, half);
            if (slot > half)
            {
                _leafStart += _leafWidth;
                (_leaf, slot) = (right, slot - half);
                _leafWidth = Sum(right, 0, _nodes[right].Count);
            }
        }
        InsertEntry(_leaf, slot, handle, width);
        _slot = slot;
        _start = _leafStart + Sum(_leaf, 0, slot);
        _leafWidth += width;
        _pending += width;
        Width += width;
    }

    private void InsertEntry(int node, int slot, int entry, int width)
    {
        var at = node * Fanout + slot;
        var count = _nodes[node].Count++ - slot;
        Array.Copy(_entries, at, _entries, at + 1, count);
        Array.Copy(_widths, at, _widths, at + 1, count);
        _entries[at] = entry;
        _widths[at] = width;
        Adopt(node, slot, 1);
    }

    private void RemoveEntry(int node, int slot)
    {
        var at = node * Fanout + slot;
        var count = --_nodes[node].Count - slot;
        Array.Copy(_entries, at + 1, _entries, at, count);
        Array.Copy(_widths, at + 1, _widths, at, count);
        if (_nodes[node].Count > 0) return;
        var (parent, next, previous) = (_nodes[node].Parent, _nodes[node].Next, _nodes[node].Previous);
        if (next >= 0) _nodes[next].Previous = previous;
        if (previous >= 0) _nodes[previous].Next = next;
        RemoveEntry(parent, SlotOf(parent, node));
        _nodes[node].Next = _freeNode;
        _freeNode = node;
    }

    /// <summary>Moves the upper half of a full node into a new one behind it, which is returned. All widths above must be up to date.</summary>
    private int Split(int node)
    {
        const int half = Fanout / 2;
        if (_nodes[node].Parent < 0)
        {
            var root = NewNode(_nodes[node].Level + 1);
            (_entries[root * Fanout], _widths[root * Fanout], _nodes[root].Count) = (node, Sum(node, 0, Fanout), 1);
            _nodes[node].Parent = _root = root;
        }
        else if (_nodes[_nodes[node].Parent].Count == Fanout)
        {
            Split(_nodes[node].Parent);
        }
        var right = NewNode(_nodes[node].Level);
        Array.Copy(_entries, node * Fanout + half, _entries, right * Fanout, Fanout - half);
        Array.Copy(_widths, node * Fanout + half, _widths, right * Fanout, Fanout - half);
        (_nodes[node].Count, _nodes[right].Count) = (half, Fanout - half);
        Adopt(right, 0, Fanout - half);

        (_nodes[right].Next, _nodes[right].Previous) = (_nodes[node].Next, node);
        if (_nodes[node].Next >= 0) _nodes[_nodes[node].Next].Previous = right;
        _nodes[node].Next = right;

        var moved = Sum(right, 0, Fanout - half);
        var parent = _nodes[node].Parent;
        var slot = SlotOf(parent, node);
        _widths[parent * Fanout + slot] -= moved;
        InsertEntry(parent, slot + 1, right, moved);
        return right;
    }

    /// <summary>Tells the entries of a node that they belong to it.</summary>
    private void Adopt(int node, int from, int count)
    {
        var isLeaf = _nodes[node].Level == 0;
        foreach (var entry in _entries.AsSpan(node * Fanout + from, count))
        {
            if (isLeaf) _runs[entry].Leaf = node;
            else _nodes[entry].Parent = node;
        }
    }

    private void Reserve(int nodes)
    {
        if (nodes <= _nodes.Length) return;
        Array.Resize(ref _nodes, nodes);
        Array.Resize(ref _entries, nodes * Fanout);
        Array.Resize(ref _widths, nodes * Fanout);
    }

    private int NewNode(int level)
    {
        var node = _freeNode;
        if (node >= 0)
        {
            _freeNode = _nodes[node].Next;
        }
        else
        {
            node = _nodeCount++;
            if (node == _nodes.Length) Reserve(node * 2);
        }
        _nodes[node] = new Node { Parent = -1, Level = level, Next = -1, Previous = -1 };
        return node;
    }
}
