namespace Edge.Sync.Crdts;

/// <summary>Where a node is: under whom, and where among the siblings.</summary>
internal readonly record struct TreePlace(Dot Parent, byte[] Position);

/// <summary>An operation in the tree's log, with what is needed to undo it.</summary>
internal sealed class TreeMove(CausalKey key, Dot node, TreePlace place, ValueBytes? value) : IComparable<TreeMove>
{
    public CausalKey Key => key;

    public Dot Node => node;

    public TreePlace Place => place;

    /// <summary>The value of a node that is created; null for a move.</summary>
    public ValueBytes? Value => value;

    /// <summary>Whether it had an effect when it was applied: one that would make a cycle has none.</summary>
    public bool IsEffective { get; set; }

    /// <summary>Where the node was before; null where it was nowhere. Set while the move is effective.</summary>
    public TreePlace? Previous { get; set; }

    public int CompareTo(TreeMove? other) => other is null ? 1 : key.CompareTo(other.Key);

    /// <summary>The same operation, not applied.</summary>
    public TreeMove Clone() => new(key, node, place, value);
}
