namespace Edge.Sync.Crdts;

/// <summary>A tree whose nodes everybody creates, moves and deletes, with siblings in an order that everybody changes; never a cycle, never a node in two places.</summary>
/// <remarks>
/// <para>All operations have one order on every replica (<see cref="CausalKey"/>), and the tree is what they amount to in that order; one that would
/// put a node under itself has no effect. An operation that comes late undoes those behind it, and they are done again (Kleppmann, Mulligan, Gomes,
/// Beresford: "A highly-available move operation for replicated trees", 2022; with a key that extends causality whatever the clocks say).</para>
/// <para>Who wins: of two moves of one node the one behind in that order: the one that had seen the other; else the later. Alice moves A into B and
/// Bob, offline, B into A: the earlier move stands, the later has no effect. Alice deletes a folder while Bob moves a file into it: the file is deleted
/// with it, and moving it out brings it back. A delete and a move of one node at once: the later of the two.</para>
/// <para>A node's value is given when it is created and stays; what changes about a node belongs into a map beside the tree, under the node's dot.
/// Siblings put at one place by two who had not seen each other both stay; two runs of them may mingle.</para>
/// <para>Joining does not replay: the first read after a join does. A state that was just read from bytes is ready to be read by several threads.</para>
/// </remarks>
internal sealed partial class TreeState : DotState
{
    /// <summary>A move under a parent deeper than this has no effect: it bounds what a hostile tree can cost.</summary>
    public const int DepthMax = 1000;

    /// <summary>Under it are the trees that everybody sees.</summary>
    public static readonly Dot Root;

    /// <summary>Under it is what was deleted. No peer's bytes can name it.</summary>
    internal static readonly Dot Trash = new(default, ulong.MaxValue);

    private readonly List<TreeMove> _log = [];
    private readonly TreeNodes _nodes = new();
    private readonly Dictionary<Dot, ValueBytes> _values = [];

    /// <summary>How many moves of the log are in <see cref="_nodes"/>.</summary>
    private int _applied;

    private TreeBase _base = TreeBase.Empty;

    public override CrdtKind Kind => CrdtKind.Tree;

    public override bool IsEmpty => _log.Count == 0 && _base.IsEmpty;

    /// <summary>How many operations are kept so that later ones can be placed before them.</summary>
    public int LogCount => _log.Count;

    /// <summary>The children of a node, or of <see cref="Root"/>, in order.</summary>
    public List<Dot> Children(Dot parent)
    {
        Settle();
        var children = new List<Dot>();
        foreach (var child in _nodes.ChildrenOf(parent))
            if (_values.ContainsKey(child)) children.Add(child);
        return children;
    }

    /// <summary>Whether a node is there: created, not deleted, nor below one that is.</summary>
    public bool Contains(Dot node)
    {
        Settle();
        return _values.ContainsKey(node) && _nodes.IsUnderRoot(node);
    }

    /// <summary>The parent of a node; <see cref="Root"/> for one at the top. Null for one that is in no place.</summary>
    public Dot? Parent(Dot node)
    {
        Settle();
        return _nodes.Find(node) is { } place && place.Parent != Trash ? place.Parent : null;
    }

    public bool TryGetValue(Dot node, out ValueBytes value) => _values.TryGetValue(node, out value);

    /// <summary>Creates a node that is named by <paramref name="dot"/>, before the child at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentException">There is no such parent.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public TreeDelta Create(Dot dot, Dot parent, int index, ValueBytes value)
    {
        CheckThere(parent, nameof(parent));
        return TreeDelta.Create(dot, NextDepth(), parent, PositionAt(dot, dot, parent, index), value);
    }

    /// <summary>Moves a node, with all below it, before the child at <paramref name="index"/>, the node itself not counted.</summary>
    /// <exception cref="ArgumentException">There is no such node or parent, or the parent is the node or below it, or too deep.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public TreeDelta Move(Dot dot, Dot node, Dot parent, int index)
    {
        Settle();
        if (!_values.ContainsKey(node)) throw new ArgumentException($"There is no node {node}.", nameof(node));
        CheckThere(parent, nameof(parent));
        if (!_nodes.Allows(node, parent)) throw new ArgumentException($"Node {parent} is {node} or below it, or more than {DepthMax} deep.", nameof(parent));
        return TreeDelta.Move(dot, NextDepth(), node, parent, PositionAt(dot, node, parent, index));
    }

    /// <summary>Takes a node, with all below it, out of the tree; a move brings it back.</summary>
    /// <exception cref="ArgumentException">There is no such node.</exception>
    public TreeDelta Delete(Dot dot, Dot node)
    {
        if (node == Root) throw new ArgumentException("The root stays where it is.", nameof(node));
        CheckThere(node, nameof(node));
        return TreeDelta.Delete(dot, NextDepth(), node);
    }

    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var tree = (TreeDelta)delta;
        var move = new TreeMove(new(tree.Depth, stamp, delta.First), tree.Node, new(tree.Parent, tree.Position), tree.Value);
        var index = _log.Count == 0 || _log[^1].CompareTo(move) < 0 ? ~_log.Count : _log.BinarySearch(move);
        if (index < 0) Insert(~index, move);
    }

    public override void Join(DotState other, CausalContext ours, CausalContext theirs)
    {
        var state = (TreeState)other;
        if (state._base.Depth > _base.Depth) Adopt(state._base);
        var index = 0;
        foreach (var move in state._log)
        {
            while (index < _log.Count && _log[index].CompareTo(move) < 0) index++;
            if (index == _log.Count || _log[index].CompareTo(move) != 0) Insert(index, move.Clone());
        }
    }

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept)
    {
        var unseen = new TreeState();
        if (!_base.IsWithin(peer)) unseen.Adopt(_base);
        foreach (var move in _log)
            if (!peer.Contains(move.Key.Dot)) unseen.Insert(unseen._log.Count, move.Clone());
        return unseen;
    }

    /// <summary>Keeps the tree that the stable moves amount to, and forgets the moves. They are the first of the log: what follows them is deeper.</summary>
    public override void Compact(VersionVector stable)
    {
        var count = 0;
        while (count < _log.Count && stable.Contains(_log[count].Key.Dot)) count++;
        if (count == 0) return;
        UndoTo(count);
        RedoTo(count);
        _base = _base.Plus(_log.GetRange(0, count), _nodes, _values);
        _log.RemoveRange(0, count);
        _applied = 0;
    }

    public override void Check()
    {
        Settle();
        _nodes.Check();
        for (var i = 1; i < _log.Count; i++)
            if (_log[i - 1].CompareTo(_log[i]) >= 0) throw new InvalidOperationException("The log of moves is not in order.");
    }

    private void Insert(int index, TreeMove move)
    {
        if (index < _applied) UndoTo(index);
        _log.Insert(index, move);
        if (move.Value is { } value) _values[move.Node] = value;
    }

    private void Settle() => RedoTo(_log.Count);

    private void UndoTo(int count)
    {
        for (; _applied > count; _applied--)
        {
            var move = _log[_applied - 1];
            if (!move.IsEffective) continue;
            if (move.Previous is { } previous) _nodes.Place(move.Node, previous);
            else _nodes.Take(move.Node);
        }
    }

    private void RedoTo(int count)
    {
        for (; _applied < count; _applied++)
        {
            var move = _log[_applied];
            move.IsEffective = _nodes.Allows(move.Node, move.Place.Parent);
            if (!move.IsEffective) continue;
            move.Previous = _nodes.Find(move.Node);
            _nodes.Place(move.Node, move.Place);
        }
    }

    /// <summary>Takes the folded tree of a peer who has folded further, below what is in the log here.</summary>
    private void Adopt(TreeBase other)
    {
        UndoTo(0);
        foreach (var entry in _base.Entries)
            _nodes.Take(entry.Node);
        _base = other;
        foreach (var (node, place, value) in other.Entries)
        {
            if (place is { } at) _nodes.Place(node, at);
            if (value is { } bytes) _values[node] = bytes;
        }
    }

    private ulong NextDepth() => CausalKey.Next(_log.Count > 0 ? _log[^1].Key.Depth : _base.Depth);

    private byte[] PositionAt(Dot dot, Dot node, Dot parent, int index)
    {
        var siblings = Children(parent);
        siblings.Remove(node);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, siblings.Count);
        return TreePosition.Between(
            index > 0 ? _nodes.Find(siblings[index - 1])?.Position : null,
            index < siblings.Count ? _nodes.Find(siblings[index])?.Position : null, dot);
    }

    private void CheckThere(Dot node, string parameter)
    {
        if (node != Root && !Contains(node)) throw new ArgumentException($"There is no node {node}.", parameter);
    }
}
