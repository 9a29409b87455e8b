using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>Folders, outlines, bills of material: nodes in an order of their own, which everybody adds, moves and deletes. Never a cycle, never a node in two places.</summary>
/// <typeparam name="T">string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum.</typeparam>
/// <remarks>
/// <para>All moves have one order on every replica: behind all that their authors had seen, concurrent ones by time. Of two moves of one node the one
/// behind wins. Alice moves A into B while Bob, offline, moves B into A: the earlier stands, the later has no effect. Alice deletes a folder while Bob moves a file
/// into it: the file is in the deleted folder, and moving it out brings it back.</para>
/// <para>A node's value is given once. What changes about a node belongs into a map beside the tree, under the text of its id. A tree is at most 1,000 deep.
/// Enumerates depth first. Nodes of a document made with <c>new</c> get other ids when it is added.</para>
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is tree.")]
public sealed class ReplicatedTree<T> : IReadOnlyCollection<TreeNode<T>>, INotifyCollectionChanged, ILiveContainer
{
    private readonly Field _field;
    private NotifyCollectionChangedEventHandler? _changed;

    internal ReplicatedTree(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a commit that has changed the tree.</summary>
    event NotifyCollectionChangedEventHandler? INotifyCollectionChanged.CollectionChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Reset);

    /// <summary>How many nodes there are; counted anew at each call.</summary>
    public int Count => State is { } state ? TreeWalk.DepthFirst(state).Count() : 0;

    private TreeState? State => _field.Find<TreeState>(CrdtKind.Tree);

    /// <summary>The value of a node.</summary>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    public T this[NodeId node] => State is { } state && state.Contains(node.Dot) ? ValueOf(state, node.Dot) : throw NotThere(node);

    /// <summary>Whether a node is there: added, not deleted, nor below one that is. The root is not.</summary>
    public bool Contains(NodeId node) => State?.Contains(node.Dot) ?? false;

    /// <summary>The children of a node in order; the topmost nodes for <see cref="NodeId.Root"/>. None where there is no such node.</summary>
    public IReadOnlyList<NodeId> Children(NodeId parent = default) =>
        State is { } state && (parent == NodeId.Root || state.Contains(parent.Dot)) ? state.Children(parent.Dot).ConvertAll(static dot => new NodeId(dot)) : [];

    /// <summary>The node above; <see cref="NodeId.Root"/> for one at the top.</summary>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    public NodeId Parent(NodeId node) => State is { } state && state.Contains(node.Dot) && state.Parent(node.Dot) is { } parent ? new(parent) : throw NotThere(node);

    /// <summary>Adds a node behind the last child of <paramref name="parent"/>, by default at the top.</summary>
    /// <exception cref="ArgumentException">There is no such parent.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public NodeId Add(T value, NodeId parent = default) => Insert(parent, Children(parent).Count, value);

    /// <summary>Adds a node before the child at <paramref name="index"/> of <paramref name="parent"/>.</summary>
    /// <exception cref="ArgumentException">There is no such parent.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public NodeId Insert(NodeId parent, int index, T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var sink = _field.Writable();
        var delta = _field.FindOrNew<TreeState>(CrdtKind.Tree).Create(sink.Next, parent.Dot, index, ValueCodec<T>.Encode(value));
        _field.Commit(sink, delta);
        return new(delta.Node);
    }

    /// <summary>Moves a node, with all below it, behind the last child of <paramref name="parent"/>. A node that was deleted comes back.</summary>
    /// <exception cref="ArgumentException">There is no such node or parent, or the parent is the node or below it, or too deep.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Move(NodeId node, NodeId parent) => Move(node, parent, Children(parent).Count(child => child != node));

    /// <summary>Moves a node, with all below it, before the child at <paramref name="index"/> of <paramref name="parent"/>, the node itself not counted.</summary>
    /// <exception cref="ArgumentException">There is no such node or parent, or the parent is the node or below it, or too deep.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Move(NodeId node, NodeId parent, int index)
    {
        var sink = _field.Writable();
        _field.Commit(sink, _field.FindOrNew<TreeState>(CrdtKind.Tree).Move(sink.Next, node.Dot, parent.Dot, index));
    }

    /// <summary>Takes a node, with all below it, out of the tree; a move brings it back. Returns false, and writes nothing, where it is not there.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Delete(NodeId node)
    {
        var sink = _field.Writable();
        if (State is not { } state || !state.Contains(node.Dot)) return false;
        _field.Commit(sink, state.Delete(sink.Next, node.Dot));
        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<TreeNode<T>> GetEnumerator()
    {
        if (State is not { } state) yield break;
        foreach (var (node, parent, depth) in TreeWalk.DepthFirst(state))
            yield return new(new(node), new(parent), depth, ValueOf(state, node));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static T ValueOf(TreeState state, Dot node) =>
        state.TryGetValue(node, out var bytes) && ValueCodec<T>.TryDecode(bytes, out var value) && value is not null ? value : DefaultValue<T>.Value;

    private static KeyNotFoundException NotThere(NodeId node) => new($"There is no node '{node}' in the tree.");
}
