using System.Numerics;
using System.Runtime.CompilerServices;

namespace Edge.Sync.Crdts.Sequences;

/// <summary>The runs in the order of the text, and the way between a run and its place in the visible text.</summary>
/// <remarks>
/// A B-tree in flat arrays: node n has its entries at [n × <see cref="Fanout"/>, …), which are run handles in a leaf (level 0) and nodes
/// above, each with the visible width below it. A cursor stays where the last edit was; the widths above its leaf are brought up to date
/// only when it leaves, so that typing touches one leaf.
/// Invariant: all widths are right but those of the ancestors of the cursor's leaf, which lack <c>_pending</c>.
/// </remarks>
internal sealed partial class RunOrder
{
    private const int Fanout = 32;

    private struct Node
    {
        public int Count;
        public int Parent;
        public int Level;
        public int Next;
        public int Previous;
    }

    private readonly RunTable _runs;
    private Node[] _nodes = new Node[1];
    private int[] _entries = new int[Fanout];
    private int[] _widths = new int[Fanout];
    private int _nodeCount = 1;
    private int _freeNode = -1;
    private int _root;

    private int _leaf;
    private int _slot;
    private int _start;
    private int _leafStart;
    private int _leafWidth;
    private int _pending;

    /// <summary>An order that holds the root run alone.</summary>
    public RunOrder(RunTable runs)
    {
        _runs = runs;
        _nodes[0] = new Node { Count = 1, Parent = -1, Next = -1, Previous = -1 };
        _entries[0] = RunTable.Root;
        runs[RunTable.Root].Leaf = 0;
    }

    /// <summary>The length of the visible text.</summary>
    public int Width { get; private set; }

    /// <summary>The run that holds the visible character <paramref name="index"/>, and the character's place in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int index, out int offset)
    {
        var at = _leaf * Fanout + _slot;
        offset = index - _start;
        return (uint)offset < (uint)_widths[at] ? _entries[at] : FindAway(index, out offset);
    }

    /// <summary>The place in the visible text at which a run begins.</summary>
    public int StartOf(int handle)
    {
        MoveTo(handle);
        return _start;
    }

    /// <summary>The run after <paramref name="handle"/> in the text; -1 at the end.</summary>
    public int Next(int handle)
    {
        var leaf = _runs[handle].Leaf;
        var slot = (leaf == _leaf && _entries[leaf * Fanout + _slot] == handle ? _slot : SlotOf(leaf, handle)) + 1;
        if (slot < _nodes[leaf].Count) return _entries[leaf * Fanout + slot];
        leaf = _nodes[leaf].Next;
        return leaf < 0 ? -1 : _entries[leaf * Fanout];
    }

    /// <summary>The run before <paramref name="handle"/> in the text; -1 for the root.</summary>
    public int Previous(int handle)
    {
        var leaf = _runs[handle].Leaf;
        var slot = SlotOf(leaf, handle);
        if (slot > 0) return _entries[leaf * Fanout + slot - 1];
        leaf = _nodes[leaf].Previous;
        return leaf < 0 ? -1 : _entries[leaf * Fanout + _nodes[leaf].Count - 1];
    }

    /// <summary>The first run with visible text after <paramref name="handle"/>; -1 where all the rest is deleted.</summary>
    public int NextVisible(int handle)
    {
        MoveTo(handle);
        var index = _start + _runs[handle].Width;
        return index < Width ? Find(index, out _) : -1;
    }

    /// <summary>Whether <paramref name="handle"/> stands before <paramref name="other"/>.</summary>
    public bool IsBefore(int handle, int other)
    {
        int a = handle, b = other;
        var nodeA = _runs[a].Leaf;
        var nodeB = _runs[b].Leaf;
        while (nodeA != nodeB) (a, b, nodeA, nodeB) = (nodeA, nodeB, _nodes[nodeA].Parent, _nodes[nodeB].Parent);
        return SlotOf(nodeA, a) < SlotOf(nodeB, b);
    }

    public void InsertAfter(int handle, int added)
    {
        MoveTo(handle);
        Insert(_slot + 1, added);
    }

    public void InsertBefore(int handle, int added)
    {
        MoveTo(handle);
        Insert(_slot, added);
    }

    /// <summary>Changes the width that is counted for a run.</summary>
    public void AddWidth(int handle, int change)
    {
        MoveTo(handle);
        _widths[_leaf * Fanout + _slot] += change;
        _leafWidth += change;
        _pending += change;
        Width += change;
    }

    /// <summary>Recomputes all widths and links, and throws where they differ from what is kept.</summary>
    public void Check()
    {
        Flush();
        var width = CheckNode(_root);
        if (width != Width) throw new InvalidOperationException($"The runs have {width} visible characters, not {Width}.");
    }

    private int CheckNode(int node)
    {
        var sum = 0;
        for (var slot = 0; slot < _nodes[node].Count; slot++)
        {
            var entry = _entries[node * Fanout + slot];
            var isLeaf = _nodes[node].Level == 0;
            if ((isLeaf ? _runs[entry].Leaf : _nodes[entry].Parent) != node) throw new InvalidOperationException($"Entry {entry} does not know that it belongs to node {node}.");
            var width = isLeaf ? _runs[entry].Width : CheckNode(entry);
            if (width != _widths[node * Fanout + slot]) throw new InvalidOperationException($"Entry {entry} of node {node} has {width} visible characters, not {_widths[node * Fanout + slot]}.");
            sum += width;
        }
        return sum;
    }

    private int FindAway(int index, out int offset)
    {
        if ((uint)(index - _leafStart) >= (uint)_leafWidth) Descend(index);
        else if (index < _start) (_slot, _start) = (0, _leafStart);
        var at = _leaf * Fanout;
        while (index - _start >= _widths[at + _slot]) _start += _widths[at + _slot++];
        offset = index - _start;
        return _entries[at + _slot];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MoveTo(int handle)
    {
        if (_entries[_leaf * Fanout + _slot] != handle || _runs[handle].Leaf != _leaf) MoveAway(handle);
    }

    private void MoveAway(int handle)
    {
        var leaf = _runs[handle].Leaf;
        if (leaf == _leaf)
        {
            var slot = SlotOf(leaf, handle);
            _start = slot > _slot ? _start + Sum(leaf, _slot, slot) : _leafStart + Sum(leaf, 0, slot);
            _slot = slot;
            return;
        }
        Flush();
        _leaf = leaf;
        _slot = SlotOf(leaf, handle);
        _leafStart = 0;
        for (int child = leaf, node = _nodes[leaf].Parent; node >= 0; (child, node) = (node, _nodes[node].Parent))
            _leafStart += Sum(node, 0, SlotOf(node, child));
        _start = _leafStart + Sum(leaf, 0, _slot);
        _leafWidth = Sum(leaf, 0, _nodes[leaf].Count);
    }

    private void Descend(int index)
    {
        Flush();
        var node = _root;
        var start = 0;
        while (_nodes[node].Level > 0)
        {
            var at = node * Fanout;
            while (index - start >= _widths[at]) start += _widths[at++];
            node = _entries[at];
        }
        (_leaf, _slot, _start, _leafStart) = (node, 0, start, start);
        _leafWidth = Sum(node, 0, _nodes[node].Count);
    }

    private void Flush()
    {
        if (_pending == 0) return;
        AddAbove(_leaf, _pending);
        _pending = 0;
    }

    private void AddAbove(int node, int change)
    {
        for (var parent = _nodes[node].Parent; parent >= 0; (node, parent) = (parent, _nodes[parent].Parent))
            _widths[parent * Fanout + SlotOf(parent, node)] += change;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(int node, int entry) => _entries.AsSpan(node * Fanout, _nodes[node].Count).IndexOf(entry);

    private int Sum(int node, int from, int to)
    {
        var widths = _widths.AsSpan(node * Fanout + from, to - from);
        var sum = 0;
        if (widths.Length >= Vector<int>.Count)
        {
            var sums = Vector<int>.Zero;
            for (; widths.Length >= Vector<int>.Count; widths = widths[Vector<int>.Count..]) sums += new Vector<int>(widths);
            sum = Vector.Sum(sums);
        }
        foreach (var width in widths) sum += width;
        return sum;
    }
}
